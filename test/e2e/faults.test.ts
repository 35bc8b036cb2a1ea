import { errorOf } from '../../scripts/lib/n8nApi';
import { type Fault, type TaskScript, SIMULATOR_KEY } from '../simulator';
import { seededRandom } from '../support/unitAnswers';
import { UNKNOWN_OUTCOME } from '../support/sentences';
import { useN8n } from './support/useN8n';

/** What can go wrong between n8n and RunningHub, and many items on a small account, on a real n8n. */

const SCHEDULES = 20;
jest.setTimeout(6 * 60_000);

const SUBMIT = { path: '/openapi/v2/vidu/' };
const QUERY = { path: '/openapi/v2/query' };
const UPLOAD = { path: '/openapi/v2/media/upload/' };
const PNG =
	'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

type Kind = Fault extends infer One ? (One extends Fault ? Omit<One, 'match'> : never) : never;

/** No task can exist after these. */
const NOTHING_DONE: Kind[] = [
	{ kind: 'http', status: 429 },
	{ kind: 'e3', errorCode: '1003' },
	{ kind: 'e3', errorCode: '1011' },
	{ kind: 'e3', errorCode: '1520' },
	{ kind: 'e1', code: 421 },
];
/** Nothing tells n8n whether there is a task; here there is none … */
const DOUBTFUL: Kind[] = [
	{ kind: 'http', status: 500 },
	{ kind: 'html' },
	{ kind: 'emptyBody' },
	{ kind: 'malformedJson' },
	{ kind: 'dropBefore' },
];
/** … and here there is one. */
const ANSWER_LOST: Kind[] = [
	{ kind: 'dropAfter' },
	{ kind: 'truncate' },
	{ kind: 'httpAfter', status: 502 },
];
const LATE: Kind[] = [{ kind: 'slow', delayMs: 2_000 }];

const ON_ERROR = ['continueRegularOutput', 'continueErrorOutput', 'stopWorkflow'] as const;

/** One of the schedules: which faults hit which request of which run. The same seed gives the same one. */
function scheduleOf(seed: number) {
	const random = seededRandom(seed);
	const below = (limit: number) => Math.floor(random() * limit);
	const some = <T>(from: readonly T[], most: number): T[] =>
		Array.from({ length: below(most + 1) }, () => from[below(from.length)]).filter(
			(one): one is T => one !== undefined,
		);
	const at = (match: { path: string }, kinds: Kind[], within: number): Fault[] =>
		kinds.map((kind): Fault => ({ ...kind, match, after: below(within) }));

	const scenes = Array.from({ length: 1 + below(5) }, (_, index) => `Scene ${seed}.${index}`);
	const lost = some(ANSWER_LOST, 2);
	const submit = at(SUBMIT, [...some(NOTHING_DONE, 3), ...some(DOUBTFUL, 1), ...lost], 4);
	const query = at(QUERY, some([...NOTHING_DONE, ...DOUBTFUL, ...ANSWER_LOST, ...LATE], 6), 12);
	const upload = at(UPLOAD, some([...DOUBTFUL, ...ANSWER_LOST], 2), 2);
	const ends: Array<TaskScript['end']> = [
		{ kind: 'success' },
		{ kind: 'success' },
		{ kind: 'success' },
		{ kind: 'nodeException' },
		{ kind: 'moderation' },
		{ kind: 'unknownStatus', status: 'PAUSED', polls: 2 },
	];
	const scripts = scenes.map(
		(): TaskScript => ({
			runningMs: below(6_000),
			end: ends[below(ends.length)] ?? { kind: 'success' },
		}),
	);
	return {
		scenes,
		scripts,
		faults: [...submit, ...query, ...upload],
		answersLost: lost.length,
		concurrencyLimit: 1 + below(4),
		withFile: random() < 0.4,
		onError: ON_ERROR[seed % ON_ERROR.length] ?? 'stopWorkflow',
	};
}

const n8n = useN8n();

it.concurrent.each(Array.from({ length: SCHEDULES }, (_, seed) => seed))(
	'pays each item once and names each task that it paid for: schedule %i',
	async (seed) => {
		const schedule = scheduleOf(seed);
		const { scenes, onError } = schedule;
		const workflow = await n8n.publish({
			parameters: {
				waitStrategy: 'poll',
				timeout: 3,
				options: { pollInterval: 1 },
				...(schedule.withFile && { imageUrl: PNG }),
			},
			settings: { onError },
		});
		const { simulator } = workflow;
		simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: schedule.concurrencyLimit });
		simulator.nextTaskScripts(...schedule.scripts);
		for (const fault of schedule.faults) simulator.addFault(fault);

		let execution = await workflow.finished(await workflow.start(scenes), 240);
		const words = [wordsOf(execution)];
		if (execution.status === 'error') {
			const retry = await n8n.host.api.retryExecution(execution.id, 'asItWas');
			execution = await workflow.finished(retry, 240);
			words.push(wordsOf(execution));
		}
		await workflow.quiet();

		const items = [...workflow.told('results'), ...workflow.told('errors')].flatMap(
			(told) => told.items,
		);
		if (execution.status === 'success') {
			expect(items.map(({ scene }) => scene).sort()).toEqual([...scenes].sort());
		} else {
			expect(onError).toBe('stopWorkflow');
		}

		// The ledger: one paid task for each scene; a second one only where RunningHub itself has failed the first.
		for (const scene of scenes) {
			const paid = simulator.tasks.filter(({ body }) => body.prompt === scene);
			const useful = paid.filter(({ status }) => status !== 'FAILED');
			expect([scene, useful.length]).toEqual([scene, Math.min(useful.length, 1)]);
			if (onError !== 'stopWorkflow') expect(paid.length).toBeLessThanOrEqual(1);
		}

		const said = [JSON.stringify(items), ...words].join('\n');
		const unnamed = simulator.tasks.filter(({ taskId }) => !said.includes(taskId));
		expect(unnamed.length).toBeLessThanOrEqual(schedule.answersLost);
		if (unnamed.length > 0) expect(said).toContain(UNKNOWN_OUTCOME);
		for (const { scene, taskId, status, url } of items) {
			if (status !== 'SUCCESS') continue;
			expect(workflow.scenesByTask().get(String(taskId))).toBe(scene);
			expect(String(url)).toContain(String(taskId));
		}
	},
);

it.concurrent.each([
	['takes five at a time', 5, 5],
	['takes ten at first and two from half-way on', 10, 2],
])('makes 50 videos on an account that %s, and none fails', async (_, limit, laterLimit) => {
	const scenes = Array.from({ length: 50 }, (__, index) => `Scene ${index}`);
	const workflow = await n8n.publish({ parameters: { waitStrategy: 'poll' } });
	const { simulator } = workflow;
	simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: limit });
	simulator.setDefaultTaskScript({ runningMs: 2_000, end: { kind: 'success' } });
	const id = await workflow.start(scenes);
	while (simulator.tasks.length < scenes.length / 2)
		await new Promise((resolve) => setTimeout(resolve, 100));
	simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: laterLimit });

	const execution = await workflow.finished(id, 300);
	expect([execution.status, wordsOf(execution)]).toEqual(['success', '']);
	const items = workflow.told().flatMap((told) => told.items);
	expect(items.map(({ scene, status }) => [scene, status])).toEqual(
		scenes.map((scene) => [scene, 'SUCCESS']),
	);
	expect(simulator.tasks).toHaveLength(scenes.length);
});

/** All that a person can read of how an execution has failed. */
function wordsOf(execution: Parameters<typeof errorOf>[0]): string {
	const error = errorOf(execution);
	return error === undefined ? '' : `${error.message} ${error.description ?? ''}`;
}
