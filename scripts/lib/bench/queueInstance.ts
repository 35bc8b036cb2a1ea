import { readFile } from 'node:fs/promises';
import { CONCURRENCY } from '../../../test/e2e/queue/host';
import {
	call,
	lasting,
	publishOther,
	publishVideo,
	type QueueSetup,
	startQueueSetup,
} from '../../../test/e2e/queue/setup';
import { SIMULATOR_KEY } from '../../../test/simulator';
import { GC_ON_SIGNAL } from '../memory';
import type { Worker } from '../queueMode';
import { until } from '../until';

/** n8n in queue mode with one worker that runs 5 executions at a time. */
export interface QueueInstance {
	setup: QueueSetup;
	/** Of the published workflow that makes one video and waits for it asleep; its webhook's path is {@link ASLEEP}. */
	workflowId: string;
	worker(): Worker;
	/** Kills the worker and starts another one: what it knew, that callbacks arrive above all, is gone. */
	replaceWorker(): Promise<void>;
	/** From now on a callback has woken an execution in the worker: it relies on them. */
	proveCallbacks(): Promise<void>;
	/** Milliseconds for which the worker's places were taken by executions that began after `since`, all together. */
	busyMs(since: number): Promise<number>;
}

export const ASLEEP = 'sleep';

export async function startQueueInstance(): Promise<QueueInstance> {
	const env = { ...GC_ON_SIGNAL, N8N_LOG_FORMAT: 'json' };
	const setup = await startQueueSetup(env, { workers: 1 });
	const { sink, simulator } = setup;
	const { n8n } = setup.host;
	let [worker] = n8n.workers;
	const current = () => {
		if (worker === undefined) throw new Error('There is no worker.');
		return worker;
	};
	const { id: workflowId } = await publishVideo(setup, ASLEEP);
	await publishOther(setup);
	await runNoops(setup, 50);
	return {
		setup,
		workflowId,
		worker: current,
		replaceWorker: async () => {
			await current().kill();
			worker = await n8n.startWorker();
			await runNoops(setup, 50);
		},
		proveCallbacks: async () => {
			simulator.reset();
			simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: CONCURRENCY });
			simulator.setDefaultTaskScript(lasting(3_000));
			sink.arrivals.length = 0;
			await call(setup, ASLEEP, { prompt: 'First fox' });
			await until('the first result', 120, () => sink.arrivals.length === 1);
		},
		busyMs: async (since) => busyIn(await readFile(current().logFile, 'utf8'), since),
	};
}

/**
 * n8n's own cost for so many executions, and a worker that has worked.
 * @returns milliseconds
 */
export async function runNoops(setup: QueueSetup, executions: number): Promise<number> {
	const startedAt = performance.now();
	await Promise.all(
		Array.from({ length: executions }, async () => await call(setup, 'something-else', {})),
	);
	return performance.now() - startedAt;
}

/** By what n8n's worker writes when it takes a job and when it is through with it. */
function busyIn(log: string, since: number): number {
	const startedAt = new Map<string, number>();
	let busyMs = 0;
	for (const line of log.split('\n')) {
		const [, time = ''] = /"timestamp":"([^"]+)"/.exec(line) ?? [];
		const [, what, job = ''] =
			/Worker (started|finished) execution \d+ \(job (\w+)\)/.exec(line) ?? [];
		const at = Date.parse(time);
		if (what === 'started' && at >= since) startedAt.set(job, at);
		if (what === 'finished') busyMs += at - (startedAt.get(job) ?? at);
	}
	return busyMs;
}
