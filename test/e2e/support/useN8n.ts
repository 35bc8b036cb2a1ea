import { stopServices } from '../../../scripts/lib/services';
import type { TaskScript } from '../../simulator';
import { type Host, START_TIMEOUT, startHost } from './host';
import { type Recorder, startRecorder } from './recorder';
import { TestWorkflow, type TestWorkflowSettings } from './testWorkflow';

/** An n8n that all tests of a file share. */
export interface SharedN8n {
	readonly host: Host;
	readonly recorder: Recorder;
	/** All that were published so far. */
	readonly workflows: readonly TestWorkflow[];
	/**
	 * Publishes a workflow with a RunningHub of its own.
	 * @param script of its tasks; `ENDS_ASLEEP` if not given
	 */
	publish(settings?: TestWorkflowSettings, script?: TaskScript): Promise<TestWorkflow>;
}

/**
 * Starts n8n before the first test of the file, and after the last one stops it with everything that the tests have started on it.
 * @param start one process of the newest n8n that is known to work if not given
 */
export function useN8n(start: () => Promise<Host> = startHost): SharedN8n {
	let host: Host | undefined;
	let recorder: Recorder | undefined;
	const workflows: TestWorkflow[] = [];

	beforeAll(async () => {
		recorder = await startRecorder();
		host = await start();
	}, START_TIMEOUT);

	afterAll(async () => {
		for (const { simulator } of workflows) await simulator.stop();
		await host?.end();
		// Where the start has failed half-way.
		await stopServices();
		await recorder?.stop();
	}, 60_000);

	// One by one: n8n 1 cannot store several things at the same time, and n8n 2 takes long for it.
	let publishing: Promise<unknown> = Promise.resolve();
	const shared: SharedN8n = {
		get host() {
			return started(host);
		},
		get recorder() {
			return started(recorder);
		},
		workflows,
		publish: async (settings, script) => {
			const publish = async () =>
				await TestWorkflow.publish(shared.host, shared.recorder, settings);
			const published = publishing.then(publish, publish);
			publishing = published;
			const workflow = await published;
			workflows.push(workflow);
			if (script !== undefined) workflow.simulator.setDefaultTaskScript(script);
			return workflow;
		},
	};
	return shared;
}

function started<T>(one: T | undefined): T {
	if (one === undefined) throw new Error('n8n is started before the first test, not earlier.');
	return one;
}
