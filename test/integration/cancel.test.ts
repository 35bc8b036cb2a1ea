import type { INodeExecutionData } from 'n8n-workflow';
import type { Fault, TaskScript } from '../simulator';
import { CANCELLABLE, RESOURCES, waitOf, type TaskForm } from './everyTask';
import { retryRun } from './harness';
import { inLab, itemsOf, KEY, NEVER, until, type Lab } from './support';

jest.setTimeout(40_000);

const UPLOAD = { path: '/openapi/v2/media/upload/' };
const CANCEL = { path: '/task/openapi/cancel' };
const SUBMIT_PATHS =
	/^\/(?:openapi\/v2\/(?:vidu|rhart)|task\/openapi\/(?:create|ai-app|quick-ai-app))/;
const CANCEL_ON_STOP: TaskForm = { options: { cancelOnStop: true, waitStrategy: 'poll' } };

/** Starts a run, stops it as soon as `when` is so, and gives it back with how long the stop took. */
const stopped = async (
	{ start }: Lab,
	parameters: Parameters<Lab['start']>[0],
	when: () => boolean,
	items: INodeExecutionData[] = itemsOf({}),
) => {
	const { started, finished, cancel } = start(parameters, { items });
	await started;
	await until(when, 20_000);
	// What that led to in the node itself.
	await new Promise((resolve) => setTimeout(resolve, 100));
	const before = Date.now();
	cancel();
	const run = await finished;
	return { run, ms: Date.now() - before };
};

const log = (run: { log: string[] }) => run.log.join('\n');
const asked = ({ simulator }: Lab, path: string | RegExp): boolean =>
	simulator.requests.some((request) =>
		typeof path === 'string' ? request.path.startsWith(path) : path.test(request.path),
	);

describe('Stop ends within a second, whatever the run is at', () => {
	const SLOW = { kind: 'slow', delayMs: 20_000 } as const;
	const SLOW_FILE: TaskScript = {
		end: {
			kind: 'success',
			files: [{ type: 'mp4', bytes: 3_000_000, bytesPerSecond: 100_000 }],
		},
	};

	const PHASES: Array<
		[
			string,
			{
				fault?: Fault;
				script?: TaskScript;
				form?: TaskForm;
				withFile?: boolean;
				until: (lab: Lab) => boolean;
			},
		]
	> = [
		[
			'an upload',
			{
				fault: { ...SLOW, match: UPLOAD },
				withFile: true,
				until: (lab) => asked(lab, UPLOAD.path),
			},
		],
		[
			'a submit whose answer is on its way',
			{
				fault: { ...SLOW, match: { path: SUBMIT_PATHS } },
				until: ({ simulator }) => simulator.tasks.length === 1,
			},
		],
		[
			'a submit to a host that cannot be reached',
			{
				fault: { kind: 'http', status: 429, times: 'always', match: { path: SUBMIT_PATHS } },
				until: ({ simulator }) => simulator.submits().length === 1,
			},
		],
		['the wait', { until: ({ simulator }) => simulator.tasks.length === 1 }],
		[
			'a check whose answer is on its way',
			{
				fault: { ...SLOW, match: { path: '/openapi/v2/query' } },
				until: (lab) => asked(lab, '/openapi/v2/query'),
			},
		],
		[
			'a download',
			{
				script: SLOW_FILE,
				form: { downloadResults: true },
				until: (lab) => asked(lab, '/out/'),
			},
		],
	];

	test.concurrent.each(PHASES)('%s', async (_, { fault, script, form, withFile, until: when }) => {
		await Promise.all(
			RESOURCES.map(async (resource) => {
				await inLab(
					async (lab) => {
						if (fault !== undefined) lab.simulator.addFault(fault);
						const parameters = waitOf(resource, form, { withFile });
						const { run, ms } = await stopped(lab, parameters, () => when(lab));
						expect([resource, run.run.status]).toEqual([resource, 'canceled']);
						expect([resource, ms < 1_000]).toEqual([resource, true]);
						// Nothing is asked or sent any more.
						const { length } = lab.simulator.requests;
						await new Promise((resolve) => setTimeout(resolve, 500));
						expect([resource, lab.simulator.requests.length]).toEqual([resource, length]);
					},
					{ defaultTaskScript: script ?? NEVER },
				);
			}),
		);
	});

	test.concurrent('a wait for room in a full account', async () => {
		await inLab(
			async (lab) => {
				lab.simulator.addAccount(KEY, { concurrencyLimit: 1 });
				const { run, ms } = await stopped(
					lab,
					waitOf('comfyWorkflow'),
					() => lab.simulator.submits().length >= 3,
					itemsOf({}, {}, {}),
				);
				expect(ms).toBeLessThan(1_000);
				expect(log(run)).toContain(String(lab.simulator.tasks[0]?.taskId));
			},
			{ defaultTaskScript: NEVER },
		);
	});
});

/** What a run stops at, and how many of its tasks there are then. */
const running = ({ simulator }: Lab, amount: number) => simulator.tasks.length === amount;
const statuses = ({ simulator }: Lab) => simulator.tasks.map(({ status }) => status);

describe('Cancel Tasks on Stop', () => {
	test.concurrent.each(CANCELLABLE)('cancels all that run: %s', async (resource) => {
		await inLab(
			async (lab) => {
				const items = itemsOf({}, {}, {});
				const { run, ms } = await stopped(
					lab,
					waitOf(resource, CANCEL_ON_STOP),
					() => running(lab, 3),
					items,
				);
				expect(ms).toBeLessThan(1_000);
				await until(() => statuses(lab).every((status) => status === 'CANCELLED'));
				await until(() => log(run).split('Asked RunningHub to cancel').length === 4);
				for (const { taskId } of lab.simulator.tasks) {
					expect(log(run)).toContain(`Asked RunningHub to cancel task ${taskId}`);
				}
				expect(log(run)).not.toContain('go on');
			},
			{ defaultTaskScript: NEVER },
		);
	});

	test.concurrent.each(RESOURCES)(
		'without it they go on, and the log says so: %s',
		async (resource) => {
			await inLab(
				async (lab) => {
					const { run } = await stopped(
						lab,
						waitOf(resource),
						() => running(lab, 2),
						itemsOf({}, {}),
					);
					// A submit whose answer was on its way at the stop is named when it comes.
					const leftBehind = () => run.log.filter((line) => line.includes('Stopped while')).join();
					await until(() =>
						lab.simulator.tasks.every(({ taskId }) => leftBehind().includes(taskId)),
					);
					await new Promise((resolve) => setTimeout(resolve, 300));
					expect(asked(lab, CANCEL.path)).toBe(false);
					expect(statuses(lab)).not.toContain('CANCELLED');
				},
				{ defaultTaskScript: NEVER },
			);
		},
	);

	test.concurrent.each(CANCELLABLE)(
		'reaches also a task whose answer was on its way: %s',
		async (resource) => {
			await inLab(
				async (lab) => {
					lab.simulator.addFault({ kind: 'slow', delayMs: 1_500, match: { path: SUBMIT_PATHS } });
					const parameters = waitOf(resource, CANCEL_ON_STOP);
					const { run, ms } = await stopped(lab, parameters, () => running(lab, 1));
					expect(ms).toBeLessThan(1_000);
					await until(() => statuses(lab)[0] === 'CANCELLED');
					expect(log(run)).toContain(`accepted task ${lab.simulator.tasks[0]?.taskId}`);
				},
				{ defaultTaskScript: NEVER },
			);
		},
	);

	test.concurrent(
		'without it such a task is still named in the log, as one that goes on',
		async () => {
			await inLab(
				async (lab) => {
					lab.simulator.addFault({ kind: 'slow', delayMs: 1_500, match: { path: SUBMIT_PATHS } });
					const { run } = await stopped(lab, waitOf('vidu'), () => running(lab, 1));
					const id = String(lab.simulator.tasks[0]?.taskId);
					await until(() => run.log.some((line) => line.includes('Stopped') && line.includes(id)));
				},
				{ defaultTaskScript: NEVER },
			);
		},
	);

	test.concurrent('tries again where the first call is lost', async () => {
		await inLab(
			async (lab) => {
				lab.simulator.addFault({ kind: 'dropBefore', match: CANCEL });
				await stopped(lab, waitOf('aiApp', CANCEL_ON_STOP), () => running(lab, 1));
				await until(() => statuses(lab)[0] === 'CANCELLED');
			},
			{ defaultTaskScript: NEVER },
		);
	});

	test.concurrent('says which task could not be cancelled', async () => {
		await inLab(
			async (lab) => {
				lab.simulator.addFault({ kind: 'e1', code: 802, match: CANCEL, times: 'always' });
				const { run } = await stopped(lab, waitOf('comfyWorkflow', CANCEL_ON_STOP), () =>
					running(lab, 1),
				);
				const id = String(lab.simulator.tasks[0]?.taskId);
				await until(() => log(run).includes(`did not cancel task ${id}; it goes on`));
			},
			{ defaultTaskScript: NEVER },
		);
	});

	test.concurrent('a retry of the stopped execution makes its tasks anew', async () => {
		await inLab(
			async (lab) => {
				const { run } = await stopped(
					lab,
					waitOf('comfyWorkflow', CANCEL_ON_STOP),
					() => running(lab, 2),
					itemsOf({}, {}),
				);
				await until(() => statuses(lab).every((status) => status === 'CANCELLED'));
				lab.simulator.setDefaultTaskScript({ end: { kind: 'success' } });
				const again = await retryRun(run);
				expect(again.items.map(({ json }) => json.status)).toEqual(['SUCCESS', 'SUCCESS']);
				expect(lab.simulator.tasks).toHaveLength(4);
			},
			{ defaultTaskScript: NEVER },
		);
	});
});
