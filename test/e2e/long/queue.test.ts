import { errorOf, type StoredWorkflow } from '../../../scripts/lib/n8nApi';
import { stopServices } from '../../../scripts/lib/services';
import { until } from '../../../scripts/lib/until';
import { START_TIMEOUT } from '../support/host';
import type { Arrival } from '../queue/sink';
import { CONCURRENCY, WORKERS } from '../queue/host';
import {
	call,
	lasting,
	publishOther,
	publishVideo,
	type QueueSetup,
	startQueueSetup,
	statesOf,
} from '../queue/setup';

describe('n8n in queue mode, with a main and a webhook process and two workers', () => {
	let setup: QueueSetup;
	let workflowId: string;
	let polling: StoredWorkflow;

	beforeAll(async () => {
		setup = await startQueueSetup();
		workflowId = (await publishVideo(setup, 'sleep')).id;
		polling = await publishVideo(setup, 'poll');
		await publishOther(setup);
	}, START_TIMEOUT);

	afterAll(stopServices, 60_000);

	/** Starts an execution for each prompt, and waits until all of them are asleep. */
	const startAndSleep = async (prompts: string[]) => {
		const { waiting: before = 0 } = await statesOf(setup, workflowId);
		await Promise.all(prompts.map(async (prompt) => await call(setup, 'sleep', { prompt })));
		await until('all executions to be asleep', 300, async () => {
			const { waiting = 0 } = await statesOf(setup, workflowId);
			return waiting === before + prompts.length;
		});
	};

	const arrivalsOf = (prompts: string[]) =>
		setup.sink.arrivals.filter(({ prompt }) => prompts.includes(prompt));

	/** Every prompt led to one paid task, and its result came out once. */
	const expectEachOnce = async (prompts: string[]) => {
		const { simulator } = setup;
		const tasks = simulator.tasks.filter(({ body }) => prompts.includes(String(body.prompt)));
		const paid = new Map(tasks.map(({ body, taskId }) => [body.prompt, taskId]));
		expect(tasks).toHaveLength(prompts.length);
		expect([...paid.keys()].sort()).toEqual([...prompts].sort());

		// All work is done, so what would run twice has done so.
		await simulator.callbacksIdle();
		await until('the executions to end', 60, async () => {
			const { waiting, running, new: queued } = await statesOf(setup, workflowId);
			return !waiting && !running && !queued;
		});
		const came = arrivalsOf(prompts).map(({ prompt, items }) => ({ prompt, items }));
		expect(came.map(({ prompt }) => prompt).sort()).toEqual([...prompts].sort());
		for (const { prompt, items } of came) {
			expect(items).toMatchObject([{ taskId: paid.get(prompt), status: 'SUCCESS' }]);
			expect(items[0]?.url).toMatch(simulator.filesUrl);
		}
	};

	const taskOf = (prompt: string) =>
		setup.simulator.tasks.find(({ body }) => body.prompt === prompt)?.taskId ?? 'none';

	const untilAsked = async (prompt: string) =>
		// A sleep without callbacks takes 65 s.
		await until('the first check', 120, () =>
			setup.simulator.requests.some(
				({ path, body }) => path.endsWith('/query') && body.includes(taskOf(prompt)),
			),
		);

	/** All of them, as a power cut would; then others in their place. */
	const replaceWorkers = async () => {
		await Promise.all(setup.host.n8n.workers.map(async (worker) => await worker.kill()));
		await Promise.all(
			Array.from({ length: WORKERS }, async () => await setup.host.n8n.startWorker()),
		);
	};

	it('brings all results although a worker is killed while executions wait', async () => {
		const prompts = Array.from({ length: 10 }, (_, index) => `durable fox ${index}`);
		setup.simulator.nextTaskScripts(
			...prompts.map(() => lasting(3_000, { callback: { kind: 'held' } })),
		);
		await startAndSleep(prompts);

		await setup.host.n8n.workers[0]?.kill();
		await until('the tasks to end', 10, () =>
			setup.simulator.tasks.every(({ status }) => status !== 'RUNNING'),
		);
		await setup.simulator.releaseCallbacks({ atOnce: true });
		await until('the results', 60, () => arrivalsOf(prompts).length >= prompts.length);
		await expectEachOnce(prompts);
		await setup.host.n8n.startWorker();
	}, 120_000);

	it('is woken by time, in other workers than those that put it to sleep, when nobody calls', async () => {
		// No callback has woken anything in these, so that they do not rely on being called.
		await replaceWorkers();
		const prompts = Array.from({ length: 20 }, (_, index) => `unheard fox ${index}`);
		setup.simulator.nextTaskScripts(
			...prompts.map(() => lasting(10_000, { callback: { kind: 'lost' } })),
		);
		await startAndSleep(prompts);
		await replaceWorkers();
		await until('the results', 120, () => arrivalsOf(prompts).length >= prompts.length);
		await expectEachOnce(prompts);
	}, 240_000);

	// n8n itself gives up an execution whose worker is gone, and throws away what it has kept of it: the journal as well.
	it('names the tasks in its log when workers are killed while they run woken executions; Retry pays for none, and brings none', async () => {
		// No callback has woken anything in these, so that they do not rely on being called.
		await replaceWorkers();
		const prompts = Array.from({ length: 6 }, (_, index) => `interrupted fox ${index}`);
		setup.simulator.nextTaskScripts(
			...prompts.map(() => lasting(10_000, { callback: { kind: 'lost' } })),
		);
		await startAndSleep(prompts);
		setup.simulator.addFault({
			kind: 'slow',
			delayMs: 60_000,
			match: { path: '/openapi/v2/query' },
			times: prompts.length,
		});
		await Promise.all(prompts.map(untilAsked));
		await replaceWorkers();
		await until('n8n to give the executions up', 240, async () => {
			const { running, waiting, new: queued } = await statesOf(setup, workflowId);
			return !running && !waiting && !queued;
		});
		const { api } = setup.host;
		const ended = (await api.executions(workflowId)).slice(0, prompts.length);
		for (const { id } of ended) {
			expect(errorOf(await api.execution(id))?.message).toMatch(
				/^This execution failed to be processed too many times/,
			);
			await api.finishedExecution(await api.retryExecution(id, 'asItWas'));
		}
		expect(arrivalsOf(prompts)).toEqual([]);
		const paid = setup.simulator.tasks.filter(({ body }) => prompts.includes(String(body.prompt)));
		expect(paid).toHaveLength(prompts.length);
		const log = await setup.host.log();
		for (const { taskId } of paid) expect(log).toMatch(new RegExp(`Awake, .*${taskId}`));
	}, 480_000);

	it('ends within a second when somebody stops it while a worker asks for its task', async () => {
		setup.simulator.nextTaskScripts({ end: { kind: 'never' } });
		const id = await setup.host.api.runWorkflow(polling, 'Start');
		await untilAsked('started by hand');
		const stoppedAt = Date.now();
		await setup.host.api.stopExecution(id);
		const line = `Stopped while RunningHub tasks go on: ${taskOf('started by hand')}`;
		await until('the worker to leave the task', 5, async () =>
			(await setup.host.log()).includes(line),
		);
		expect(Date.now() - stoppedAt).toBeLessThan(1_000);
		expect((await setup.host.api.execution(id)).status).toBe('canceled');
	}, 90_000);

	it('names the task in its log and does not pay again when a worker is killed while it asks for it', async () => {
		setup.simulator.nextTaskScripts({ end: { kind: 'never' } });
		await call(setup, 'poll', { prompt: 'orphaned fox' });
		await untilAsked('orphaned fox');
		await replaceWorkers();

		// A job whose worker is gone is noticed after its lock has run out, which takes a minute.
		await until('n8n to give the execution up', 240, async () => {
			const { running, new: queued } = await statesOf(setup, polling.id);
			return !running && !queued;
		});
		expect(await setup.host.log()).toContain(`RunningHub accepted task ${taskOf('orphaned fox')}`);
		const prompts = setup.simulator.tasks.map(({ body }) => body.prompt);
		expect(prompts.filter((prompt) => prompt === 'orphaned fox')).toHaveLength(1);
		expect(arrivalsOf(['orphaned fox'])).toEqual([]);
	}, 360_000);

	/** Short executions, until each worker has run one that a callback woke. */
	const untilCallbacksAreProven = async () => {
		const prompts = Array.from(
			{ length: 4 * WORKERS * CONCURRENCY },
			(_, index) => `heard fox ${index}`,
		);
		setup.simulator.nextTaskScripts(...prompts.map(() => lasting(5_000)));
		await startAndSleep(prompts);
		await until('the results', 120, () => arrivalsOf(prompts).length >= prompts.length);
	};

	it('has 200 executions asleep at a time, and takes other work meanwhile', async () => {
		const prompts = Array.from({ length: EXECUTIONS }, (_, index) => `fox ${index}`);
		const { simulator } = setup;
		simulator.setDefaultTaskScript(lasting(TASK_MS));
		// Some callbacks of such a burst are answered too late: they are repeated when it is over.
		simulator.switches.callbackRetryDelayMs = 15_000;
		// Workers of which none has been called yet look by themselves as well, and that is not what is measured here.
		await untilCallbacksAreProven();
		// At rest is a worker after as much other work, not one that has just been started.
		await Promise.all(prompts.map(async () => await call(setup, 'something-else', {})));
		const atRest = await memoryOf(setup);
		const startedAt = Date.now();
		await startAndSleep(prompts);
		const suspendedAt = Date.now();
		const waiting = await memoryOf(setup);

		const otherStart = Date.now();
		await call(setup, 'something-else', {});
		const otherMs = Date.now() - otherStart;
		expect(arrivalsOf(prompts)).toEqual([]);

		await until('the results', 300, () => arrivalsOf(prompts).length >= prompts.length);
		const tasks = simulator.tasks.filter(({ body }) => prompts.includes(String(body.prompt)));
		const submits = tasks.map(({ createdAt }) => createdAt);
		const ends = new Map(tasks.map(({ taskId, endedAt }) => [taskId, endedAt ?? 0]));
		const arrivals = arrivalsOf(prompts);
		const lags = arrivals.map((arrival) => arrival.at - (ends.get(taskIdOf(arrival)) ?? 0));
		const lastArrival = Math.max(...arrivals.map(({ at }) => at));
		const makespan = lastArrival - Math.min(...submits);
		const afterCallbacks = lastArrival - Math.min(...ends.values());
		const asks = simulator.requests.filter(
			({ path, at }) => path.endsWith('/query') && at >= startedAt,
		);
		console.log(
			[
				`${EXECUTIONS} executions with a task of ${seconds(TASK_MS)} each, ${WORKERS} workers at concurrency ${CONCURRENCY}:`,
				`submits      ${seconds(Math.max(...submits) - Math.min(...submits))} from first to last, the first ${seconds(Math.min(...submits) - startedAt)} after the start`,
				`all waiting  ${seconds(suspendedAt - Math.min(...submits))} after the first submit`,
				`other work   done in ${seconds(otherMs)} meanwhile`,
				`results      all ${seconds(makespan)} after the first submit (${(makespan / TASK_MS).toFixed(2)} × a task), ${seconds(afterCallbacks)} after the first callback`,
				`lag          ${seconds(average(lags))} on average from a task's end to the flow behind it, ${seconds(Math.max(...lags))} at most`,
				`asked        ${(asks.length / EXECUTIONS).toFixed(2)} times for each task`,
				`memory       ${inMb(atRest)} at rest, ${inMb(waiting)} while all wait`,
			].join('\n'),
		);

		await expectEachOnce(prompts);
		expect(otherMs).toBeLessThan(2_000);
		expect(asks.length).toBeLessThanOrEqual(3 * EXECUTIONS);
		waiting.forEach((size, index) => expect(size - (atRest[index] ?? 0)).toBeLessThan(100 * MB));
		expect(afterCallbacks).toBeLessThan(1.3 * TASK_MS);
	}, 400_000);
});

const EXECUTIONS = 200;
/** As long as a video takes: n8n itself needs about 25 seconds to start and to resume so many executions on 2 cores. */
const TASK_MS = 120_000;
const MB = 2 ** 20;

/** Of each worker that runs. */
async function memoryOf({ host: { n8n } }: QueueSetup): Promise<number[]> {
	const sizes = await Promise.all(
		n8n.workers.map(async (worker) => await worker.memory().catch(() => 0)),
	);
	return sizes.filter((size) => size > 0);
}

const taskIdOf = ({ items }: Arrival) => items[0]?.taskId ?? '';
const average = (numbers: number[]) =>
	numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const inMb = (sizes: number[]) => sizes.map((size) => `${Math.round(size / MB)} MB`).join(' + ');
