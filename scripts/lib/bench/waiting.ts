import type { Bench } from './bench';
import { burst, type Burst, type Workload, sleepingBurst } from './burst';
import { detectedAt } from './detection';
import { atMost, type Figure, figureFrom, mean, OWN } from './figure';
import { runNoops, type QueueInstance } from './queueInstance';
import { byHand, byHandUntilCalled, type Flow, workflowOf } from './workflows';

/** Many executions that wait at the same time, in queue mode: one worker that runs 5 at a time. */

const EXECUTIONS = 200;
/** As long as a video takes. */
const TASK_MS = 120_000;
/** So many, and shorter ones, are enough to warm the worker up. */
const WARM_UP = { executions: 50, taskMs: 30_000 };
/** n8n's own ups and downs are of this size. */
const AS_AT_REST_MB = 64;

const alike = (executions: number, taskMs: number): Workload => ({
	executions,
	taskMs: () => taskMs,
});
const makespanIn = ({ makespanMs, longestTaskMs }: Burst) => makespanMs / longestTaskMs;
const lagIn = ({ lagsMs }: Burst) => mean(lagsMs) / 1000;

const waiting: Bench = {
	name: 'waiting',
	title: `${EXECUTIONS} executions asleep, with callbacks; queue mode, one worker of concurrency 5`,
	inQuick: false,
	async run({ log, queueInstance }) {
		const instance = await queueInstance();
		log('as many executions that do nothing');
		const noopsMs = await runNoops(instance.setup, EXECUTIONS);
		const { setup } = instance;
		const flows: HandBuilt[] = [
			{
				what: 'Wait On Webhook Call',
				workload: alike(EXECUTIONS, TASK_MS),
				flow: byHandUntilCalled(setup),
			},
			{ what: 'Wait 70 s', workload: alike(EXECUTIONS, TASK_MS), flow: byHand(70)(setup) },
			// Such a wait is kept in the worker, which is then busy with it.
			{ what: 'Wait 5 s', workload: alike(25, 10_000), flow: byHand(5)(setup) },
		];
		const baselines = new Map<string, Burst[]>();
		// First of all: n8n itself grows with the first burst of a worker's life.
		for (const flow of flows) {
			const { executions, taskMs } = flow.workload;
			const what = `by hand, ${flow.what}: ${executions} executions, task of ${taskMs(0) / 1000} s`;
			log(what);
			baselines.set(what, [await handBuiltBurst(instance, flow)]);
		}
		log('one that is called, so that the worker relies on being called');
		await instance.proveCallbacks();
		log(`${WARM_UP.executions} asleep, to warm up`);
		await sleepingBurst(instance, alike(WARM_UP.executions, WARM_UP.taskMs));
		log(`${EXECUTIONS} asleep`);
		const own = await sleepingBurst(instance, alike(EXECUTIONS, TASK_MS));
		return { figures: figuresOf(own, baselines, noopsMs) };
	},
};

interface HandBuilt {
	what: string;
	workload: Workload;
	flow: Flow;
}

async function handBuiltBurst(
	instance: QueueInstance,
	{ what, workload, flow }: HandBuilt,
): Promise<Burst> {
	const { simulator, host } = instance.setup;
	const { api } = host;
	const path = `by-hand-${what.replaceAll(' ', '-').toLowerCase()}`;
	await api.publish(await api.importWorkflow(workflowOf(path, flow, 'atOnce')));
	return await burst(instance, path, workload, {
		allWait: () => simulator.tasks.length === workload.executions,
		seen: () => detectedAt(simulator),
	});
}

function figuresOf(own: Burst, baselines: Map<string, Burst[]>, noopsMs: number): Figure[] {
	const all = new Map<string, Burst[]>([[OWN, [own]], ...baselines]);
	const name = `${EXECUTIONS} executions asleep, task of ${TASK_MS / 1000} s`;
	return [
		{
			what: `${name}: makespan / one task`,
			...figureFrom(all, 'x', makespanIn),
			target: atMost(1.3, 'x'),
			note: `n8n needs ${(noopsMs / 1000).toFixed(1)} s for ${EXECUTIONS} executions that do nothing`,
		},
		{
			what: `${name}: worker’s heap over that at rest`,
			...figureFrom(all, 'MB', ({ growthMB }) => growthMB),
			target: {
				text: `as at rest (within ${AS_AT_REST_MB} MB)`,
				isMet: (mb) => mb <= AS_AT_REST_MB,
			},
			note: `${Math.round(own.restMB)} MB at rest`,
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
	];
}

/** Nobody calls, as where RunningHub cannot reach this n8n: the node asks by itself. */
const unheard = (workload: Workload): Workload => ({ ...workload, callback: { kind: 'lost' } });

const waitingUnheard: Bench = {
	name: 'waiting-unheard',
	title: `${EXECUTIONS} executions asleep, without callbacks; queue mode, one worker of concurrency 5`,
	inQuick: false,
	async run({ queueInstance }) {
		const instance = await queueInstance();
		await instance.replaceWorker();
		const burst = await sleepingBurst(instance, unheard(alike(EXECUTIONS, TASK_MS)));
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
/** So that they do not wake at the same moment: what is asked is what one task takes. */
const EVERY_MS = 3_000;

const asleepUnheard: Bench = {
	name: 'asleep-unheard',
	title: `${LONG_TASKS} executions with a task of 150 to 210 s each, asleep, without callbacks`,
	inQuick: false,
	async run({ queueInstance }) {
		const instance = await queueInstance();
		await instance.replaceWorker();
		const step = (LONGEST_MS - SHORTEST_MS) / (LONG_TASKS - 1);
		const burst = await sleepingBurst(
			instance,
			unheard({
				executions: LONG_TASKS,
				everyMs: EVERY_MS,
				taskMs: (index) => SHORTEST_MS + index * step,
			}),
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
					what: `${name}: worker busy for each, all its checks together`,
					unit: 's',
					runs: [burst.busyMs / 1000],
					target: atMost(1, 's'),
				},
			],
		};
	},
};

export const waitingBenches = [asleepUnheard, waiting, waitingUnheard];
