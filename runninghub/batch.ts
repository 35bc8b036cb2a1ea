import pLimit from 'p-limit';
import type { Clock, Random } from './clock';
import type { Client } from './client';
import { RunningHubError } from './errors';
import type { Journal } from './journal';
import type { Logger } from './logger';
import { unknownOutcome } from './submit';
import { SubmitQueue } from './submitQueue';
import {
	hasFailed,
	isEnded,
	NO_USAGE,
	type EndedTask,
	type SucceededTask,
	type Task,
} from './task';
import { EmptySuccess } from './taskAnswer';
import { CHECKS_AT_ONCE, waitForTask, type WaitOutcome, type WaitSettings } from './wait';

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
	let failed = false;
	const queue = new SubmitQueue({ ...tools, patienceMs, onGivenUp: () => (failed = true) });
	const preparations = pLimit(PREPARATIONS_AT_ONCE);
	const checks = pLimit(CHECKS_AT_ONCE);
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
			if (!failed || goOnAfterFailure) await job.prepare();
		});
		return await queue.submit(async () => {
			if (failed && !goOnAfterFailure) throw new NotSent();
			return await submitOnce(job, tools);
		});
	};

	const ended = async (job: Job, task: EndedTask) => {
		// Before the queue is told, which then sends the next one.
		failed ||= hasFailed(task);
		queue.taskEnded();
		if (!hasFailed(task)) await job.deliver?.(task);
	};

	const run = async (job: Job): Promise<JobOutcome> => {
		const task = await checks(async () => await takeUp(job, tools))
			.then(async (earlier) => earlier ?? (await submit(job)))
			.finally(submitSettled);
		if (isEnded(task)) {
			await ended(job, task);
			return { state: 'ended', task };
		}
		unfinished.set(task.taskId, job);
		const waitTools = { ...tools, checks, handOver: allSubmitted.signal };
		if (job.wait === undefined) {
			// Not for its result: it keeps its place until it has ended, or until nobody needs the place.
			const place = { timeoutMs: patienceMs, pollIntervalMs: 0, isOurs: true };
			if (maxConcurrent > 0) await waitForTask(task.taskId, waitTools, place).catch(ignoreRefusal);
			return { state: 'pending', task };
		}

		const outcome = await waitForTask(task.taskId, handOver ? waitTools : { ...tools, checks }, {
			...job.wait,
			isOurs: true,
			status: task.status,
		});
		unfinished.delete(task.taskId);
		if (outcome.state === 'ended') await ended(job, outcome.task);
		else queue.taskEnded();
		return outcome;
	};

	const settled = jobs.map(async (job) => {
		const outcome = await slots(async () => await run(job)).catch((thrown: unknown): JobOutcome => {
			if (thrown instanceof NotSent) return { state: 'notSent' };
			if (thrown instanceof RunningHubError) return { state: 'error', error: thrown };
			throw thrown;
		});
		failed ||= outcome.state === 'error' || (outcome.state === 'ended' && hasFailed(outcome.task));
		return outcome;
	});
	return await Promise.all(settled).catch((reason: unknown) => {
		stopped(unfinished, tools);
		throw reason;
	});
}

/** A job that waits for its place, and whose task nobody asked to wait for, is not hurt by a check that fails. */
function ignoreRefusal(thrown: unknown): void {
	if (!(thrown instanceof RunningHubError)) throw thrown;
}

/** What becomes of the tasks that had not ended when the run was stopped. */
function stopped(unfinished: ReadonlyMap<string, Job>, tools: BatchTools): void {
	const goOn: string[] = [];
	for (const [taskId, job] of unfinished) {
		if (job.cancelWhenStopped) void cancelTask(taskId, tools);
		else goOn.push(taskId);
	}
	if (goOn.length === 0) return;
	tools.logger.warn(
		`Stopped while RunningHub tasks go on: ${goOn.join(', ')}. Fetch their results with Task > Wait for Result.`,
		{ taskIds: goOn },
	);
}

/** Nobody waits for it: the run has ended. */
async function cancelTask(taskId: string, { client, logger }: BatchTools): Promise<void> {
	await client.cancel(taskId).then(
		() => logger.info(`Asked RunningHub to cancel task ${taskId}`, { taskId }),
		() => logger.warn(`RunningHub did not cancel task ${taskId}; it goes on.`, { taskId }),
	);
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
	if (signal?.aborted && job.cancelWhenStopped) void cancelTask(taskId, tools);
	return task;
}

/**
 * The task that an earlier try of this run has already paid for. One that RunningHub says has failed is submitted anew; one
 * that somebody cancelled, or that succeeded without giving anything, is not.
 * @throws RunningHubError when the earlier try never learned whether there is a task
 */
async function takeUp(
	job: Job,
	{ client, journal, logger }: BatchTools,
): Promise<Task | undefined> {
	const entry = journal.find(job.key);
	if (entry === undefined) return undefined;
	if (entry.state === 'sent') {
		if (job.resubmitUnknown) return undefined;
		throw unknownOutcome('An earlier try of this run sent it.');
	}

	const { taskId } = entry;
	const task = await client.query(taskId).catch((error: unknown): Task => {
		// Not being able to look is no reason to pay again: the wait looks on.
		if (error instanceof RunningHubError) {
			return { taskId, status: 'UNKNOWN', results: [], usage: NO_USAGE };
		}
		throw error;
	});
	if (task.status === 'FAILED' && !(task.failure instanceof EmptySuccess)) {
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
