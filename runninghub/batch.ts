import pLimit from 'p-limit';
import type { Clock, Random } from './clock';
import type { Client } from './client';
import { RunningHubError } from './errors';
import type { Journal } from './journal';
import type { Logger } from './logger';
import { Pace } from './pace';
import { Room } from './room';
import { leaveTasks, unlessStopped } from './stop';
import { unknownOutcome } from './submit';
import { SubmitQueue } from './submitQueue';
import { hasFailed, isEnded, NO_USAGE, type SucceededTask, type Task } from './task';
import { EmptySuccess } from './taskAnswer';
import {
	createChecks,
	waitForTask,
	type Checks,
	type WaitOutcome,
	type WaitSettings,
} from './wait';

/** One paid task to be made. */
export interface Job {
	/** The input item that it is for. */
	itemIndex: number;
	/** Its place in the journal: the same for the same item and input when the run is tried again. */
	key: string;
	/** What makes it, for the log: a model's endpoint, a workflow's id. */
	source: string;
	/** Everything that costs nothing and comes first, uploads above all; done once. */
	prepare(): Promise<void>;
	/** One submit: see {@link SubmitQueue.submit}. */
	submit(): Promise<Task>;
	/** How to wait for its task; undefined = do not wait. */
	wait: Omit<WaitSettings, 'isOurs'> | undefined;
	/** Called at once when the task has succeeded, while others are still waited for. */
	deliver?(task: SucceededTask): Promise<void>;
	/** Is its task to be cancelled when the run is stopped? */
	cancelWhenStopped?: boolean;
	/** Is it sent once more where an earlier try of the run never learned whether there is a task? It may be paid twice then. */
	resubmitUnknown?: boolean;
}

export type JobOutcome =
	| WaitOutcome
	/** Accepted, and not waited for. */
	| { state: 'pending'; task: Task }
	| { state: 'error'; error: RunningHubError }
	/** Another job had failed before this one was sent; nothing was paid for it. */
	| { state: 'notSent' };

export interface BatchTools {
	client: Pick<Client, 'query' | 'cancel'>;
	clock: Clock;
	random: Random;
	logger: Logger;
	journal: Journal;
	signal?: AbortSignal;
	/** Shared by the runs of this process that use the same account. */
	room?: Room;
}

export interface BatchSettings {
	/** After a failure, are the jobs that were not sent yet still sent? */
	goOnAfterFailure: boolean;
	/** Are the tasks that have not ended handed over as soon as all are submitted? */
	handOver?: boolean;
	/** How many tasks of this run there may be at a time; 0 = as many as the account takes. */
	maxConcurrent?: number;
}

/** Where the user chose no wait, a full account is waited out this long. */
const SUBMIT_PATIENCE_MS = 5 * 60_000;
const PREPARATIONS_AT_ONCE = 4;
/** No more jobs than this are ready to be sent: what is uploaded for a job is kept by RunningHub for a day only. */
const READY_AT_MOST = 50;
/** A place that nothing is heard of for so long is given to the next job. */
const LONGEST_PLACE_MS = 24 * 60 * 60_000;

/**
 * Sends all jobs and, if asked, waits for their tasks in one loop. Every job gets its outcome, in the order of the jobs:
 * one that fails takes nothing from the others.
 * @throws only when the signal is aborted; the ids of the tasks that go on are in the log
 */
export async function runBatch(
	jobs: readonly Job[],
	tools: BatchTools,
	{ goOnAfterFailure, handOver, maxConcurrent = 0 }: BatchSettings,
): Promise<JobOutcome[]> {
	const patienceMs = jobs.reduce(
		(longest, { wait }) => Math.max(longest, wait?.timeoutMs ?? SUBMIT_PATIENCE_MS),
		0,
	);
	const noMore = new AbortController();
	const failed = () => {
		if (!goOnAfterFailure) noMore.abort(new NotSent());
	};
	const pace = new Pace(tools);
	const queue = new SubmitQueue({
		...tools,
		signal: tools.signal ? AbortSignal.any([tools.signal, noMore.signal]) : noMore.signal,
		pace,
		room: tools.room ?? new Room(),
		patienceMs,
		onGivenUp: failed,
	});
	const ready = pLimit(READY_AT_MOST);
	const preparations = pLimit(PREPARATIONS_AT_ONCE);
	const checks = createChecks(tools, pace);
	const slots = pLimit(maxConcurrent > 0 ? maxConcurrent : Infinity);
	const allSubmitted = new AbortController();
	const unfinished = new Map<string, Job>();
	let unsubmitted = jobs.length;

	const submitSettled = () => {
		unsubmitted -= 1;
		if (unsubmitted === 0) allSubmitted.abort();
	};

	const submit = async (job: Job): Promise<Task> => {
		await preparations(async () => {
			tools.signal?.throwIfAborted();
			noMore.signal.throwIfAborted();
			await job.prepare();
		});
		return await queue.submit(async () => await submitOnce(job, tools));
	};

	/** The queue is told of a failure before it may send the next one. */
	const wait = async (taskId: string, settings: WaitSettings, until?: AbortSignal) => {
		queue.taskBegan();
		try {
			const outcome = await waitForTask(taskId, { ...tools, checks, handOver: until }, settings);
			if (outcome.state === 'ended') {
				unfinished.delete(taskId);
				if (hasFailed(outcome.task)) failed();
			}
			return outcome;
		} finally {
			queue.taskEnded();
		}
	};

	const outcomeOf = async (job: Job, task: Task): Promise<JobOutcome> => {
		if (isEnded(task)) return { state: 'ended', task };
		unfinished.set(task.taskId, job);
		if (job.wait !== undefined) {
			const settings = { ...job.wait, isOurs: true, status: task.status };
			return await wait(task.taskId, settings, handOver ? allSubmitted.signal : undefined);
		}
		if (maxConcurrent > 0) {
			// Not for its result: it keeps its place until it has ended, or until nobody needs the place.
			const settings = { timeoutMs: LONGEST_PLACE_MS, pollIntervalMs: 0, isOurs: true };
			await wait(task.taskId, settings, allSubmitted.signal).catch(ignoreRefusal);
		}
		return { state: 'pending', task };
	};

	const run = async (job: Job): Promise<JobOutcome> => {
		const task = await takeUp(job, tools, checks)
			.then(async (earlier) => earlier ?? (await ready(async () => await submit(job))))
			.finally(submitSettled);
		const outcome = await outcomeOf(job, task);
		if (outcome.state === 'ended' && !hasFailed(outcome.task)) await job.deliver?.(outcome.task);
		return outcome;
	};

	const settled = jobs.map(async (job) => {
		const outcome = await slots(async () => await run(job)).catch((thrown: unknown): JobOutcome => {
			if (thrown instanceof NotSent) return { state: 'notSent' };
			if (thrown instanceof RunningHubError) return { state: 'error', error: thrown };
			throw thrown;
		});
		if (outcome.state === 'error') failed();
		if (outcome.state === 'ended' && hasFailed(outcome.task)) failed();
		return outcome;
	});
	// What cannot be broken off, such as a submit whose answer is on its way, goes on behind a run that is stopped.
	return await unlessStopped(Promise.all(settled), tools.signal)
		.catch((reason: unknown) => {
			leaveTasks(unfinished, tools);
			throw reason;
		})
		.finally(() => noMore.abort());
}

/** A job that waits for its place, and whose task nobody asked to wait for, is not hurt by a check that fails. */
function ignoreRefusal(thrown: unknown): void {
	if (!(thrown instanceof RunningHubError)) throw thrown;
}

class NotSent extends Error {}

/** Sends one submit, with the journal written before it leaves and again with its outcome. */
async function submitOnce(job: Job, tools: BatchTools): Promise<Task> {
	const { key, itemIndex, source } = job;
	const { journal, logger, signal } = tools;
	journal.sent(key);
	const task = await job.submit().catch((error: unknown) => {
		const refused = error instanceof RunningHubError && error.kind !== 'unknownOutcome';
		if (refused) journal.forget(key);
		throw error;
	});
	const { taskId } = task;
	journal.accepted(key, taskId);
	// At once: a process that is killed has written nothing but its log.
	logger.info(`RunningHub accepted task ${taskId} for item ${itemIndex}`, {
		taskId,
		itemIndex,
		source,
	});
	if (task.notice !== undefined) logger.warn(task.notice.message, { taskId, itemIndex, source });
	// Stopped while the submit was on its way: nobody will see this task.
	if (signal?.aborted) leaveTasks([[taskId, job]], tools);
	return task;
}

/**
 * The task that an earlier try of this run has already paid for. One that RunningHub says has failed is submitted anew; one
 * that somebody cancelled, or that succeeded without giving anything, is not, unless it was the run's own stop that
 * cancelled it.
 * @throws RunningHubError when the earlier try never learned whether there is a task
 */
async function takeUp(
	job: Job,
	{ client, journal, logger }: BatchTools,
	checks: Checks,
): Promise<Task | undefined> {
	const entry = journal.find(job.key);
	if (entry === undefined) return undefined;
	if (entry.state === 'sent') {
		if (job.resubmitUnknown) return undefined;
		throw unknownOutcome('An earlier try of this run sent it.');
	}

	const { taskId } = entry;
	const task = await checks(async () => await client.query(taskId)).catch(
		(error: unknown): Task => {
			// Not being able to look is no reason to pay again: the wait looks on.
			if (error instanceof RunningHubError) {
				return { taskId, status: 'UNKNOWN', results: [], usage: NO_USAGE };
			}
			throw error;
		},
	);
	const cancelledByStop = task.status === 'CANCELLED' && job.cancelWhenStopped === true;
	const failed = task.status === 'FAILED' && !(task.failure instanceof EmptySuccess);
	if (failed || cancelledByStop) {
		journal.forget(job.key);
		return undefined;
	}
	logger.info(`Taking up RunningHub task ${taskId} of an earlier try for item ${job.itemIndex}`, {
		taskId,
		itemIndex: job.itemIndex,
		source: job.source,
	});
	return task;
}
