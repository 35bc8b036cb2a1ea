import { setTimeout as sleep } from 'node:timers/promises';
import {
	call,
	lasting,
	publishOther,
	publishVideo,
	type QueueWorld,
	startQueueWorld,
	statesOf,
	stopQueueWorld,
	until,
} from '../../../test/e2e/queue/world';
import { SIMULATOR_KEY } from '../../../test/simulator';
import { debianPrograms } from '../debianPackages.mjs';
import { errorText, step, UserError } from '../steps.mjs';
import { POSTGRES } from '../postgres.mjs';
import { REDIS } from '../redis.mjs';
import type { Bench } from './bench';
import { atMost, type Figure, figureFrom, mean, OWN } from './figure';
import { callsPerTask, seenAt } from './looks';
import { bytesAtRest, GC_ON_SIGNAL, MB } from './memory';
import { byHand, byHandUntilCalled, type Flow, workflowOf } from './workflows';

/** Many executions that wait at the same time, in queue mode: one worker that runs 5 at a time. */

const EXECUTIONS = 200;
/** As long as a video takes. */
const TASK_MS = 120_000;
/** Long enough that a few executions are all suspended before the first task ends. */
const SHORT_TASK_MS = 30_000;
const FEW = [1, 10, 50];
const LONGEST_S = 600;
/** n8n's own ups and downs are of this size. */
const AS_AT_REST_MB = 64;

interface Burst {
	makespanMs: number;
	lagsMs: number[];
	callsPerTask: number;
	/** Of the worker while all wait, over the same worker at rest. */
	growthMB: number;
	restMB: number;
	taskMs: number;
}

export const waiting: Bench = {
	name: 'waiting',
	title: `up to ${EXECUTIONS} suspended executions, queue mode, one worker of concurrency 5`,
	inQuick: false,
	async run({ say }) {
		const world = await step('Starting n8n in queue mode', startWorld);
		try {
			const { id } = await publishVideo(world, 'sleep');
			await publishOther(world);
			say('as many executions that do nothing');
			const nothingMs = await doNothing(world);
			const hands: ByHand[] = [
				{
					what: 'Wait On Webhook Call',
					executions: EXECUTIONS,
					taskMs: TASK_MS,
					flow: byHandUntilCalled(world),
				},
				{ what: 'Wait 70 s', executions: EXECUTIONS, taskMs: TASK_MS, flow: byHand(world, 70) },
				// Such a wait is kept in the worker, which is then busy with it.
				{ what: 'Wait 5 s', executions: 25, taskMs: 10_000, flow: byHand(world, 5) },
			];
			const baselines = new Map<string, Burst>();
			// First of all: n8n itself grows with the first burst of a worker's life.
			for (const hand of hands) {
				const what = `by hand, ${hand.what}: ${hand.executions} executions, task of ${hand.taskMs / 1000} s`;
				say(what);
				baselines.set(what, await handled(world, hand));
			}
			const bursts = new Map<number, Burst>();
			for (const executions of [...FEW, EXECUTIONS]) {
				say(`${executions} suspended`);
				const taskMs = executions === EXECUTIONS ? TASK_MS : SHORT_TASK_MS;
				bursts.set(executions, await suspended(world, id, executions, taskMs));
			}
			return { figures: figuresOf(bursts, baselines, nothingMs) };
		} finally {
			await stopQueueWorld();
		}
	},
};

async function startWorld(): Promise<QueueWorld> {
	const world = await startQueueWorld(servers(), GC_ON_SIGNAL);
	// What is measured is one worker.
	const [, ...others] = world.n8n.workers;
	for (const other of others) await other.kill();
	return world;
}

function servers() {
	try {
		const [redis = '', initdb = ''] = debianPrograms([REDIS, POSTGRES]);
		return { redis, initdb };
	} catch (error) {
		throw new UserError(`queue mode needs Redis and PostgreSQL: ${errorText(error)}`);
	}
}

/** n8n's own cost for so many executions, and a worker that has worked. */
async function doNothing(world: QueueWorld): Promise<number> {
	const startedAt = performance.now();
	await Promise.all(
		Array.from({ length: EXECUTIONS }, async () => await call(world, 'something-else', {})),
	);
	return performance.now() - startedAt;
}

/** With this package's node; the flow behind it tells the sink. */
async function suspended(
	world: QueueWorld,
	workflowId: string,
	executions: number,
	taskMs: number,
): Promise<Burst> {
	const { sink, simulator } = world;
	sink.arrivals.length = 0;
	return await burst(world, 'sleep', executions, taskMs, {
		allWait: async () => (await statesOf(world, workflowId)).waiting === executions,
		seen: () => {
			const of = new Map(sink.arrivals.map(({ items, at }) => [items[0]?.taskId ?? '', at]));
			return new Map(simulator.tasks.map(({ taskId }) => [taskId, of.get(taskId)]));
		},
	});
}

interface ByHand {
	what: string;
	executions: number;
	taskMs: number;
	flow: Flow;
}

async function handled(
	world: QueueWorld,
	{ what, executions, taskMs, flow }: ByHand,
): Promise<Burst> {
	const path = `by-hand-${what.replaceAll(' ', '-').toLowerCase()}`;
	const workflow = await world.api.importWorkflow(workflowOf(path, flow, 'atOnce'));
	await world.api.publish(workflow);
	return await burst(world, path, executions, taskMs, {
		allWait: () => world.simulator.tasks.length === executions,
		seen: () => seenAt(world.simulator),
	});
}

/** What tells how far the executions of a burst are. */
interface Progress {
	allWait(): boolean | Promise<boolean>;
	/** When the result of each task has come out, if it has. */
	seen(): Map<string, number | undefined>;
}

async function burst(
	world: QueueWorld,
	path: string,
	executions: number,
	taskMs: number,
	{ allWait, seen }: Progress,
): Promise<Burst> {
	const { simulator } = world;
	simulator.reset();
	simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: executions });
	simulator.setDefaultLife(lasting(taskMs));
	// Some callbacks of a burst are answered too late: they are repeated when it is over.
	simulator.switches.callbackRetryDelayMs = 15_000;

	const rest = await workerBytes(world);
	const prompts = Array.from({ length: executions }, (_, index) => `Fox ${index}`);
	await Promise.all(
		prompts.map(async (prompt) => await call(world, path, { prompt, items: [{ prompt }] })),
	);
	await until('all executions to wait', LONGEST_S, allWait);
	// V8 gives the pages of a burst's garbage back some seconds later.
	await sleep(taskMs / 8);
	const busy = await workerBytes(world);
	await until('all results', LONGEST_S, () => {
		return [...seen().values()].filter((at) => at !== undefined).length === executions;
	});
	await simulator.callbacksIdle();

	const out = seen();
	const { tasks } = simulator;
	const firstSubmit = Math.min(...tasks.map(({ createdAt }) => createdAt));
	return {
		makespanMs: Math.max(...tasks.map(({ taskId }) => out.get(taskId) ?? NaN)) - firstSubmit,
		lagsMs: tasks.map(({ taskId, endedAt }) => (out.get(taskId) ?? NaN) - (endedAt ?? NaN)),
		callsPerTask: callsPerTask(simulator),
		growthMB: (busy - rest) / MB,
		restMB: rest / MB,
		taskMs,
	};
}

/** Of the one worker that is left. */
async function workerBytes({ n8n }: QueueWorld): Promise<number> {
	const [worker] = n8n.workers;
	if (worker === undefined) throw new Error('There is no worker.');
	return await bytesAtRest(worker.pid);
}

function figuresOf(bursts: Map<number, Burst>, byHands: Map<string, Burst>, nothingMs: number) {
	const own = bursts.get(EXECUTIONS);
	const all = new Map([
		[OWN, own === undefined ? [] : [own]],
		...[...byHands].map(([what, one]): [string, Burst[]] => [what, [one]]),
	]);
	const name = `${EXECUTIONS} suspended executions, task of ${TASK_MS / 1000} s`;
	return [
		{
			what: `${name}: makespan / one task`,
			...figureFrom(all, 'x', ({ makespanMs, taskMs }) => makespanMs / taskMs),
			target: atMost(1.3, 'x'),
			note: `n8n needs ${(nothingMs / 1000).toFixed(1)} s for ${EXECUTIONS} executions that do nothing`,
		},
		{
			what: `${name}: worker’s memory over that at rest`,
			...figureFrom(all, 'MB', ({ growthMB }) => growthMB),
			target: {
				text: `as at rest (within ${AS_AT_REST_MB} MB)`,
				isMet: (mb: number) => mb <= AS_AT_REST_MB,
			},
			note: `${Math.round(own?.restMB ?? NaN)} MB at rest`,
		},
		{
			what: `${name}: mean lag from end to the flow behind`,
			...figureFrom(all, 's', ({ lagsMs }) => mean(lagsMs) / 1000),
		},
		{
			what: `${name}: API calls a task`,
			...figureFrom(all, 'calls', (one) => one.callsPerTask),
		},
		...[...bursts].map(
			([executions, { makespanMs, taskMs }]): Figure => ({
				what: `${executions} suspended: makespan beyond one task`,
				unit: 's',
				runs: [(makespanMs - taskMs) / 1000],
			}),
		),
	] satisfies Figure[];
}
