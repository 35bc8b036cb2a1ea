import { setTimeout as sleep } from 'node:timers/promises';
import { call, lasting, statesOf } from '../../../test/e2e/queue/setup';
import { type TaskScript, SIMULATOR_KEY } from '../../../test/simulator';
import { heapBytesAtRest, MB } from '../memory';
import { until } from '../until';
import { callsPerTask } from './detection';
import { ASLEEP, type QueueInstance } from './queueInstance';
import { promptItems } from './workflows';

/** Executions, each with a task of its own. */
export interface Workload {
	executions: number;
	/** Milliseconds between their starts; 0 if not given. */
	everyMs?: number;
	taskMs: (index: number) => number;
	/** What becomes of RunningHub's callbacks; they come if not given. */
	callback?: TaskScript['callback'];
}

export interface Burst {
	makespanMs: number;
	lagsMs: number[];
	callsPerTask: number;
	/** Of the worker while all wait, over the same worker at rest. */
	growthMB: number;
	restMB: number;
	/** For which an execution holds a place of the worker, on average. */
	busyMs: number;
	longestTaskMs: number;
}

/** What tells how far the executions of a burst are. */
export interface Progress {
	allWait(): boolean | Promise<boolean>;
	/** When the result of each task has come out, if it has. */
	seen(): Map<string, number | undefined>;
}

const MAX_WAIT_S = 900;

/** With this package's node; the flow behind it tells the sink. */
export async function sleepingBurst(instance: QueueInstance, workload: Workload): Promise<Burst> {
	const { sink, simulator } = instance.setup;
	sink.arrivals.length = 0;
	return await burst(instance, ASLEEP, workload, {
		allWait: async () =>
			(await statesOf(instance.setup, instance.workflowId)).waiting === workload.executions,
		seen: () => {
			const of = new Map(sink.arrivals.map(({ items, at }) => [items[0]?.taskId ?? '', at]));
			return new Map(simulator.tasks.map(({ taskId }) => [taskId, of.get(taskId)]));
		},
	});
}

/** @param path of the webhook that starts them */
export async function burst(
	instance: QueueInstance,
	path: string,
	{ executions, everyMs = 0, taskMs, callback }: Workload,
	{ allWait, seen }: Progress,
): Promise<Burst> {
	const { simulator } = instance.setup;
	const lengths = Array.from({ length: executions }, (_, index) => taskMs(index));
	simulator.reset();
	simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: executions });
	simulator.nextTaskScripts(...lengths.map((ms) => lasting(ms, { callback })));
	// Some callbacks of a burst are answered too late: they are repeated when it is over.
	simulator.switches.callbackRetryDelayMs = 15_000;

	const rest = await heapBytesAtRest(instance.worker().pid);
	const startedAt = Date.now();
	await Promise.all(
		promptItems(executions).map(async ({ prompt }, index) => {
			await sleep(index * everyMs);
			await call(instance.setup, path, { prompt, items: [{ prompt }] });
		}),
	);
	await until('all executions to wait', MAX_WAIT_S, allWait);
	// V8 gives the pages of a burst's garbage back some seconds later.
	await sleep(Math.min(...lengths) / 8);
	const waiting = await heapBytesAtRest(instance.worker().pid);
	await until('all results', MAX_WAIT_S, () => {
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
		growthMB: (waiting - rest) / MB,
		restMB: rest / MB,
		busyMs: (await instance.busyMs(startedAt)) / executions,
		longestTaskMs: Math.max(...lengths),
	};
}
