import { errorOf, itemsOf } from '../../scripts/lib/n8nApi';
import { until } from '../../scripts/lib/until';
import { type Life, SIMULATOR_KEY } from '../simulator';
import { START_TIMEOUT } from './harness';
import { type Host, startHost } from './support/host';
import { type Recorder, startRecorder } from './support/recorder';
import { FETCH_RESULT, Stage, type StageSettings } from './support/stage';

/** n8n is stopped, or killed, while a node asks for its tasks again and again. */

const TIMEOUT = 3 * 60_000;
const SCENES = ['One', 'Two', 'Three'];
const POLL = { waitStrategy: 'poll', options: { pollInterval: 1 } };
/** n8n gives its executions 10 s when it is shut down (see `startN8n`). */
const ENDS_IN_TIME: Life = { runningMs: 4_000, end: { kind: 'success' } };
const ENDS_TOO_LATE: Life = { runningMs: 25_000, end: { kind: 'success' } };

describe('n8n while it waits for tasks by asking', () => {
	let host: Host;
	let recorder: Recorder;
	const stages: Stage[] = [];

	beforeAll(async () => {
		recorder = await startRecorder();
		host = await startHost();
	}, START_TIMEOUT);

	afterAll(async () => {
		for (const { simulator } of stages) await simulator.stop();
		await host?.end();
		await recorder?.stop();
	}, 60_000);

	const setStage = async (life: Life, settings: StageSettings): Promise<Stage> => {
		const stage = await Stage.set(host, recorder, settings);
		stage.simulator.setDefaultLife(life);
		stages.push(stage);
		return stage;
	};

	/** Starts an execution, and ends when all its tasks are paid for and n8n has asked for each. */
	const startAndAsk = async (stage: Stage): Promise<string> => {
		const id = await stage.start(SCENES);
		await until('n8n to ask for the tasks', 30, () => {
			const asked = stage.simulator.requests.filter(({ path }) => path === '/openapi/v2/query');
			return asked.length >= SCENES.length && stage.simulator.tasks.length === SCENES.length;
		});
		return id;
	};

	/** The ids of the tasks that n8n's log says it has begun, for somebody who looks for them after a crash. */
	const idsInLog = async (): Promise<string[]> => {
		const log = await host.log();
		return [...log.matchAll(/RunningHub accepted task (\d{19})/g)].map(([, id = '']) => id);
	};

	/** What somebody does with the ids of the log: a workflow that fetches their results. */
	const fetchResults = async ({ simulator }: Stage, taskIds: string[]) => {
		const net = await Stage.set(host, recorder, {
			parameters: { ...FETCH_RESULT, taskId: '={{ $json.scene }}' },
			credentialData: { site: 'custom', baseUrl: simulator.baseUrl, apiKey: SIMULATOR_KEY },
		});
		stages.push(net);
		return itemsOf(await net.finished(await net.start(taskIds)), 'RunningHub');
	};

	const statusesOf = (items: Array<{ json: Record<string, unknown> }>) =>
		items.map(({ json }) => [json.taskId, json.status]);

	/** Its execution is lost, and what n8n's log names of it is enough to get what was paid for. */
	const expectFetchable = async (stage: Stage, id: string) => {
		await host.api.executionInStatus(id, 'crashed');
		const ids = stage.simulator.tasks.map(({ taskId }) => taskId);
		expect(await idsInLog()).toEqual(expect.arrayContaining(ids));
		const fetched = await fetchResults(stage, ids);
		expect(statusesOf(fetched)).toEqual(ids.map((taskId) => [taskId, 'SUCCESS']));
		expect(stage.simulator.submits()).toHaveLength(SCENES.length);
	};

	it(
		'is shut down: what ends within n8n’s time for that is saved, and the log names the other tasks',
		async () => {
			const quick = await setStage(ENDS_IN_TIME, { parameters: POLL });
			const slow = await setStage(ENDS_TOO_LATE, { parameters: POLL });
			const slowId = await startAndAsk(slow);
			const quickId = await startAndAsk(quick);
			await host.shutDown();
			await host.startAgain();

			const execution = await host.api.execution(quickId);
			expect(execution.status).toBe('success');
			expect(statusesOf(itemsOf(execution, 'RunningHub'))).toEqual(
				quick.simulator.tasks.map(({ taskId }) => [taskId, 'SUCCESS']),
			);
			expect(quick.simulator.submits()).toHaveLength(SCENES.length);
			await expectFetchable(slow, slowId);
		},
		TIMEOUT,
	);

	it(
		'is killed: the log names the tasks; with Submit in a node of its own and saved progress a retry goes on from them',
		async () => {
			const inOneNode = await setStage(ENDS_TOO_LATE, { parameters: POLL });
			const inTwoNodes = await setStage(ENDS_TOO_LATE, {
				parameters: { operation: 'submit' },
				next: { ...FETCH_RESULT, waitStrategy: 'poll' },
				workflowSettings: { saveExecutionProgress: true },
			});
			const [one, two] = [await startAndAsk(inOneNode), await startAndAsk(inTwoNodes)];
			await host.kill();
			await host.startAgain();

			await host.api.executionInStatus(two, 'crashed');
			const retry = await host.api.retryExecution(two, 'asItWas');
			const execution = await inTwoNodes.finished(retry);
			expect([execution.status, errorOf(execution)?.message]).toEqual(['success', undefined]);
			expect(inTwoNodes.told().map(({ items }) => items.map(({ scene }) => scene))).toEqual([
				SCENES,
			]);
			expect(inTwoNodes.simulator.submits()).toHaveLength(SCENES.length);
			await expectFetchable(inOneNode, one);
		},
		TIMEOUT,
	);
});
