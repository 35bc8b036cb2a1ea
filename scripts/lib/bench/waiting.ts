import type { Bench } from './bench';
import { burst, type Burst, type Crowd, sleepingBurst } from './burst';
import { atMost, type Figure, figureFrom, mean, OWN } from './figure';
import { seenAt } from './looks';
import { doNothing, type QueueLab } from './queueLab';
import { byHand, byHandUntilCalled, type Flow, workflowOf } from './workflows';

/** Many executions that wait at the same time, in queue mode: one worker that runs 5 at a time. */

const EXECUTIONS = 200;
/** As long as a video takes. */
const TASK_MS = 120_000;
/** Long enough that a few executions are all asleep before the first task ends. */
const SHORT_TASK_MS = 30_000;
const FEW = [1, 10, 50];
/** n8n's own ups and downs are of this size. */
const AS_AT_REST_MB = 64;

const alike = (executions: number, taskMs: number): Crowd => ({
	executions,
	taskMs: () => taskMs,
});
const makespanIn = ({ makespanMs, longestTaskMs }: Burst) => makespanMs / longestTaskMs;
const lagIn = ({ lagsMs }: Burst) => mean(lagsMs) / 1000;

const waiting: Bench = {
	name: 'waiting',
	title: `up to ${EXECUTIONS} executions asleep, with callbacks; queue mode, one worker of concurrency 5`,
	inQuick: false,
	async run({ say, queueLab }) {
		const lab = await queueLab();
		say('as many executions that do nothing');
		const nothingMs = await doNothing(lab.world, EXECUTIONS);
		const { world } = lab;
		const hands: ByHand[] = [
			{
				what: 'Wait On Webhook Call',
				crowd: alike(EXECUTIONS, TASK_MS),
				flow: byHandUntilCalled(world),
			},
			{ what: 'Wait 70 s', crowd: alike(EXECUTIONS, TASK_MS), flow: byHand(world, 70) },
			// Such a wait is kept in the worker, which is then busy with it.
			{ what: 'Wait 5 s', crowd: alike(25, 10_000), flow: byHand(world, 5) },
		];
		const baselines = new Map<string, Burst>();
		// First of all: n8n itself grows with the first burst of a worker's life.
		for (const hand of hands) {
			const { executions, taskMs } = hand.crowd;
			const what = `by hand, ${hand.what}: ${executions} executions, task of ${taskMs(0) / 1000} s`;
			say(what);
			baselines.set(what, await handled(lab, hand));
		}
		say('one that is called, so that the worker relies on being called');
		await lab.proveCallbacks();
		const bursts = new Map<number, Burst>();
		for (const executions of [...FEW, EXECUTIONS]) {
			say(`${executions} asleep`);
			const taskMs = executions === EXECUTIONS ? TASK_MS : SHORT_TASK_MS;
			bursts.set(executions, await sleepingBurst(lab, alike(executions, taskMs)));
		}
		return { figures: figuresOf(bursts, baselines, nothingMs) };
	},
};

interface ByHand {
	what: string;
	crowd: Crowd;
	flow: Flow;
}

async function handled(lab: QueueLab, { what, crowd, flow }: ByHand): Promise<Burst> {
	const { api, simulator } = lab.world;
	const path = `by-hand-${what.replaceAll(' ', '-').toLowerCase()}`;
	await api.publish(await api.importWorkflow(workflowOf(path, flow, 'atOnce')));
	return await burst(lab, path, crowd, {
		allWait: () => simulator.tasks.length === crowd.executions,
		seen: () => seenAt(simulator),
	});
}

function figuresOf(bursts: Map<number, Burst>, byHands: Map<string, Burst>, nothingMs: number) {
	const own = bursts.get(EXECUTIONS);
	const all = new Map([
		[OWN, own === undefined ? [] : [own]],
		...[...byHands].map(([what, one]): [string, Burst[]] => [what, [one]]),
	]);
	const name = `${EXECUTIONS} executions asleep, task of ${TASK_MS / 1000} s`;
	return [
		{
			what: `${name}: makespan / one task`,
			...figureFrom(all, 'x', makespanIn),
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
			...figureFrom(all, 's', lagIn),
		},
		{
			what: `${name}: API calls a task`,
			...figureFrom(all, 'calls', (one) => one.callsPerTask),
		},
		{
			what: `${name}: worker busy for each`,
			...figureFrom(all, 's', ({ busyMs }) => busyMs / 1000),
		},
		...[...bursts].map(
			([executions, { makespanMs, longestTaskMs }]): Figure => ({
				what: `${executions} asleep: makespan beyond one task`,
				unit: 's',
				runs: [(makespanMs - longestTaskMs) / 1000],
			}),
		),
	] satisfies Figure[];
}

/** Nobody calls, as where RunningHub cannot reach this n8n: the node looks by itself. */
const unheard = (crowd: Crowd): Crowd => ({ ...crowd, callback: { kind: 'lost' } });

const waitingUnheard: Bench = {
	name: 'waiting-unheard',
	title: `${EXECUTIONS} executions asleep, without callbacks; queue mode, one worker of concurrency 5`,
	inQuick: false,
	async run({ queueLab }) {
		const lab = await queueLab();
		await lab.replaceWorker();
		const burst = await sleepingBurst(lab, unheard(alike(EXECUTIONS, TASK_MS)));
		const name = `${EXECUTIONS} executions asleep without callbacks, task of ${TASK_MS / 1000} s`;
		return {
			figures: [
				{
					what: `${name}: makespan / one task`,
					unit: 'x',
					runs: [makespanIn(burst)],
					target: atMost(1.8, 'x'),
				},
				{ what: `${name}: mean lag`, unit: 's', runs: [lagIn(burst)] },
				{ what: `${name}: API calls a task`, unit: 'calls', runs: [burst.callsPerTask] },
				{ what: `${name}: worker busy for each`, unit: 's', runs: [burst.busyMs / 1000] },
			],
		};
	},
};

const LONG_TASKS = 10;
const SHORTEST_MS = 150_000;
const LONGEST_MS = 210_000;

const asleepUnheard: Bench = {
	name: 'asleep-unheard',
	title: `${LONG_TASKS} executions with a task of 150 to 210 s each, asleep, without callbacks`,
	inQuick: false,
	async run({ queueLab }) {
		const lab = await queueLab();
		await lab.replaceWorker();
		const step = (LONGEST_MS - SHORTEST_MS) / (LONG_TASKS - 1);
		const burst = await sleepingBurst(
			lab,
			unheard({ executions: LONG_TASKS, taskMs: (index) => SHORTEST_MS + index * step }),
		);
		const name = 'Task of about 180 s, asleep without callbacks';
		return {
			figures: [
				{
					what: `${name}: API calls`,
					unit: 'calls',
					runs: [burst.callsPerTask],
					target: atMost(5, 'calls'),
				},
				{ what: `${name}: mean lag`, unit: 's', runs: [lagIn(burst)], target: atMost(35, 's') },
				{
					what: `${name}: worker busy for each, all its looks together`,
					unit: 's',
					runs: [burst.busyMs / 1000],
					target: atMost(1, 's'),
				},
			],
		};
	},
};

export const waitingBenches = [asleepUnheard, waiting, waitingUnheard];
