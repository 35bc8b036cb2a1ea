import { unknownOutcome } from '../api/submitOutcome';
import { isEnded, NO_USAGE, type EndedTask, type PendingTask } from '../api/task';
import { EmptySuccess } from '../api/taskResponse';
import { Detached } from './detachment';
import {
	isCancelled,
	isNew,
	type BatchDeps,
	type ExistingTask,
	type Job,
	type JobOutcome,
	type NewTask,
} from './job';
import type { AcceptedTask } from './journal';
import { checkTask, type CheckLimiter } from './taskCheck';

type ResumeDeps = Pick<BatchDeps, 'client' | 'clock' | 'logger' | 'journal'> & {
	checks: CheckLimiter;
};

/**
 * What a batch is to the one before it with the same journal. `continued`: that one was detached, and this one goes on
 * with it: what failed stays failed. `tried`: that one ended, and the run is tried again: what failed is submitted anew.
 */
export type Earlier = 'continued' | 'tried';

/** Where a job is when its batch begins. */
export type JobStart =
	| { state: 'new'; job: NewTask }
	| { state: 'accepted'; task: PendingTask; since: number; failedChecks: number }
	| { state: 'settled'; outcome: JobOutcome };

/**
 * Resumes a job from the journal. A task that RunningHub says has failed is submitted anew where the run is tried again;
 * one that somebody cancelled, or that succeeded without giving anything, is not, unless it was the run's own stop that
 * cancelled it.
 * @throws RunningHubError when it was never learned whether there is a task, or it cannot be checked any more
 */
export async function resumeJob(
	job: Job,
	deps: ResumeDeps,
	earlier: Earlier | undefined,
): Promise<JobStart> {
	const continues = earlier === 'continued';
	if (!isNew(job)) return await resumeExisting(job, deps, continues);
	const entry = deps.journal.find(job.key);
	switch (entry?.state) {
		case undefined:
		case 'deferred':
			return { state: 'new', job };
		case 'sent':
			if (!continues && job.resubmitUnknown) return { state: 'new', job };
			throw (
				(continues ? entry.error : undefined) ??
				unknownOutcome('An earlier try of this run sent it.')
			);
		case 'refused':
			if (continues) throw entry.error;
			return { state: 'new', job };
		case 'accepted':
			if (continues) return await check(job, deps, entry);
			return await retry(job, deps, { ...entry, failedChecks: 0 });
		case 'ended': {
			if (continues) return ended(entry.task);
			const { taskId, notice } = entry.task;
			return await retry(job, deps, { taskId, at: entry.at, failedChecks: 0, notice });
		}
	}
}

async function resumeExisting(
	job: ExistingTask,
	deps: ResumeDeps,
	continues: boolean,
): Promise<JobStart> {
	const { key, source, taskId } = job;
	const entry = continues ? deps.journal.find(key) : undefined;
	if (entry?.state === 'ended') return ended(entry.task);
	if (entry?.state === 'accepted') return await check(job, deps, entry);
	const accepted = { taskId, at: deps.clock.now(), failedChecks: 0 };
	deps.journal.write(key, { state: 'accepted', source, ...accepted });
	return await check(job, deps, accepted);
}

/** Takes up the task of an earlier try, unless it is to be made once more. */
async function retry(job: NewTask, deps: ResumeDeps, known: AcceptedTask): Promise<JobStart> {
	const start = await check(job, deps, known);
	if (start.state === 'settled' && shouldResubmit(job, start.outcome)) {
		deps.journal.forget(job.key);
		return { state: 'new', job };
	}
	const { itemIndex, source } = job;
	const { taskId } = known;
	deps.logger.info(`Taking up RunningHub task ${taskId} of an earlier try for item ${itemIndex}`, {
		taskId,
		itemIndex,
		source,
	});
	return start;
}

/** May the task be made once more, when the run is tried again? */
function shouldResubmit(job: Job, outcome: JobOutcome): boolean {
	if (outcome.state !== 'ended') return false;
	const { task } = outcome;
	if (task.status === 'CANCELLED') return isCancelled(job);
	return task.status === 'FAILED' && !(task.failure instanceof EmptySuccess);
}

/** Checks a task once, as soon as the rate limit allows it. */
async function check(
	job: Job,
	deps: ResumeDeps,
	{ taskId, at: since, failedChecks, notice }: AcceptedTask,
): Promise<JobStart> {
	const isLate = () => job.wait !== undefined && deps.clock.now() - since >= job.wait.timeoutMs;
	// Without a check at its deadline a task that has long succeeded would count as late.
	const maxDelayMs = isLate() ? 0 : undefined;
	const known = { isOurs: isNew(job), failedChecks, notice };
	const checked = await checkTask(taskId, deps, known, maxDelayMs).catch((error: unknown) => {
		// The run was detached before the rate limit let the call through.
		if (error instanceof Detached) return { failedChecks };
		throw error;
	});
	const unseen: PendingTask = { taskId, status: 'UNKNOWN', results: [], usage: NO_USAGE, notice };
	const task = 'task' in checked ? checked.task : unseen;
	if (isEnded(task)) return ended(task);
	if (!isLate()) return { state: 'accepted', task, since, failedChecks: checked.failedChecks };
	const lastFailure = 'failure' in checked ? checked.failure : undefined;
	return { state: 'settled', outcome: { state: 'timedOut', task, lastFailure } };
}

function ended(task: EndedTask): JobStart {
	return { state: 'settled', outcome: { state: 'ended', task } };
}
