import pLimit from 'p-limit';
import type { Client } from './client';
import type { Clock, Random } from './clock';
import { RunningHubError } from './errors';
import type { Logger } from './logger';
import { SubmitQueue } from './submitQueue';
import { isEnded, type Task } from './task';
import { CHECKS_AT_ONCE, waitForTask, type WaitOutcome, type WaitSettings } from './wait';

/** One paid task to be made. */
export interface Job {
	/** The input item that it is for. */
	itemIndex: number;
	/** What makes it, for the log: a model's endpoint, a workflow's id. */
	source: string;
	/** Everything that costs nothing and comes first, uploads above all; done once. */
	prepare(): Promise<void>;
	/** One submit: see {@link SubmitQueue.submit}. */
	submit(): Promise<Task>;
	/** How to wait for its task; undefined = do not wait. */
	wait: Omit<WaitSettings, 'isOurs'> | undefined;
}

export type JobOutcome =
	| WaitOutcome
	/** Accepted, and not waited for. */
	| { state: 'pending'; task: Task }
	| { state: 'error'; error: RunningHubError }
	/** Another job had failed before this one was sent; nothing was paid for it. */
	| { state: 'notSent' };

export interface BatchTools {
	client: Pick<Client, 'query'>;
	clock: Clock;
	random: Random;
	logger: Logger;
	signal?: AbortSignal;
}

export interface BatchSettings {
	/** After a failure, are the jobs that were not sent yet still sent? */
	goOnAfterFailure: boolean;
}

/** Where the user chose no wait, a full account is waited out this long. */
const SUBMIT_PATIENCE_MS = 5 * 60_000;
const PREPARATIONS_AT_ONCE = 4;

/**
 * Sends all jobs and, if asked, waits for their tasks in one loop. Every job gets its outcome, in the order of the jobs:
 * one that fails takes nothing from the others.
 * @throws only when the signal is aborted; the ids of the tasks that go on are in the log
 */
export async function runBatch(
	jobs: readonly Job[],
	tools: BatchTools,
	{ goOnAfterFailure }: BatchSettings,
): Promise<JobOutcome[]> {
	const patienceMs = Math.max(...jobs.map(({ wait }) => wait?.timeoutMs ?? SUBMIT_PATIENCE_MS), 0);
	const queue = new SubmitQueue({ ...tools, patienceMs });
	const preparations = pLimit(PREPARATIONS_AT_ONCE);
	const checks = pLimit(CHECKS_AT_ONCE);
	const unfinished = new Set<string>();
	let failed = false;

	const run = async (job: Job): Promise<JobOutcome> => {
		await preparations(async () => {
			tools.signal?.throwIfAborted();
			if (!failed || goOnAfterFailure) await job.prepare();
		});
		const sent = await queue.submit(async () => {
			if (failed && !goOnAfterFailure) throw new NotSent();
			return await job.submit();
		});
		const { taskId } = sent;
		const { itemIndex, source } = job;
		tools.logger.info(`RunningHub accepted task ${taskId} for item ${itemIndex}`, {
			taskId,
			itemIndex,
			source,
		});
		if (isEnded(sent)) {
			queue.taskEnded();
			return { state: 'ended', task: sent };
		}
		if (job.wait === undefined) return { state: 'pending', task: sent };

		unfinished.add(taskId);
		const outcome = await waitForTask(taskId, { ...tools, checks }, { ...job.wait, isOurs: true });
		unfinished.delete(taskId);
		queue.taskEnded();
		return outcome;
	};

	const settled = jobs.map(async (job) => {
		const outcome = await run(job).catch((thrown: unknown): JobOutcome => {
			if (thrown instanceof NotSent) return { state: 'notSent' };
			if (thrown instanceof RunningHubError) return { state: 'error', error: thrown };
			throw thrown;
		});
		failed ||= outcome.state === 'error';
		return outcome;
	});
	return await Promise.all(settled).catch((reason: unknown) => {
		if (unfinished.size > 0) {
			tools.logger.warn(
				`Stopped while RunningHub tasks go on: ${[...unfinished].join(', ')}. Fetch their results with Task > Wait for Result.`,
				{ taskIds: [...unfinished] },
			);
		}
		throw reason;
	});
}

class NotSent extends Error {}
