import pLimit from 'p-limit';
import type { Client } from '../api/client';
import type { Task } from '../api/task';
import { expectRunningHubError, RunningHubError, type ErrorKind } from '../base/errors';
import type { Logger } from '../base/logger';
import { Detached, unlessDetached, type Interruption } from './detachment';
import type { RateLimit } from './rateLimit';

/** Does one call, as soon as it may, and after `maxDelayMs` milliseconds at the latest. */
export type CheckLimiter = <T>(call: () => Promise<T>, maxDelayMs?: number) => Promise<T>;

/** How many checks of one run are under way at once. */
const CHECK_CONCURRENCY = 8;

/**
 * So many checks in a row that timed out are an outage. Nobody waits for a run that is detached: it makes no more of them,
 * which would take a worker half a minute each.
 */
const MAX_TIMED_OUT_IN_A_ROW = CHECK_CONCURRENCY;
const TIMED_OUT = /^(ECONNABORTED|ETIMEDOUT)$/;

/** A check may fail this often in a row before the wait is given up; with the pauses that is about 15 minutes. */
const MAX_FAILED_CHECKS = 30;
/** The same for faults that do not pass by themselves, such as a refused key. */
const MAX_LASTING_FAULTS = 3;
const LASTING_KINDS: ReadonlySet<ErrorKind> = new Set(['auth', 'site', 'membership']);

/** Statuses that a proxy or firewall in between may give as well, for a while. */
const PERHAPS_NOT_RUNNINGHUB = /^HTTP 40[345]$/;

function isLasting({ kind, code = '' }: RunningHubError): boolean {
	return LASTING_KINDS.has(kind) && !PERHAPS_NOT_RUNNINGHUB.test(code);
}
/**
 * The checks of one run: a few at once, within the rate limit of the account.
 * @throws Detached where a check would have to wait after the run was detached
 */
export function createCheckLimiter(rate: RateLimit, interruption: Interruption): CheckLimiter {
	const limit = pLimit(CHECK_CONCURRENCY);
	let timedOutInARow = 0;
	return async (call, maxDelayMs) =>
		await limit(async () => {
			await unlessDetached(async (either) => await rate.ready(either, maxDelayMs), interruption);
			interruption.signal?.throwIfAborted();
			// One at a deadline is made in any case.
			const isAway = timedOutInARow >= MAX_TIMED_OUT_IN_A_ROW && maxDelayMs === undefined;
			if (isAway && interruption.detach?.aborted) throw new Detached();
			return await call().then(
				(value) => {
					timedOutInARow = 0;
					rate.note(value);
					return value;
				},
				(error: unknown) => {
					timedOutInARow = hasTimedOut(error) ? timedOutInARow + 1 : 0;
					rate.note(error);
					throw error;
				},
			);
		});
}

function hasTimedOut(error: unknown): boolean {
	return error instanceof RunningHubError && TIMED_OUT.test(error.code ?? '');
}

export interface CheckDeps {
	client: Pick<Client, 'query'>;
	/** The checks of the run: see {@link createCheckLimiter}. */
	checks: CheckLimiter;
	logger: Logger;
}

/** What is known of a task before a check. */
export interface CheckedTask {
	/** It was made by this run, so "unknown id" can only be a passing fault. */
	isOurs: boolean;
	/** Checks in a row that have failed so far. */
	failedChecks: number;
	/** What RunningHub said of the task when it accepted it, which its later answers do not repeat. */
	notice?: Task['notice'];
}

/** What one check of a task told: its state, or why that is not known. */
export type TaskCheck =
	| { task: Task; failedChecks: 0 }
	| { failure: RunningHubError; failedChecks: number };

/**
 * One check of a task. That it fails does not mean that the task does.
 * @param maxDelayMs milliseconds after which it is made, however busy the account is
 * @throws RunningHubError with the task id when too many checks in a row failed, or when the id is unknown
 */
export async function checkTask(
	taskId: string,
	{ client, checks, logger }: CheckDeps,
	known: CheckedTask,
	maxDelayMs?: number,
): Promise<TaskCheck> {
	const query = async () => await client.query(taskId);
	const checked = await checks(query, maxDelayMs).catch(expectRunningHubError);
	if (!(checked instanceof RunningHubError)) {
		return { task: { notice: known.notice, ...checked }, failedChecks: 0 };
	}
	const failed = known.failedChecks + 1;
	if (shouldGiveUp(checked, failed, known.isOurs)) throw tooManyFailures(checked, taskId, failed);
	logger.debug(`Check of RunningHub task ${taskId} failed: ${checked.message}`, { taskId });
	return { failure: checked, failedChecks: failed };
}

function shouldGiveUp(error: RunningHubError, failedChecks: number, isOurs: boolean): boolean {
	if (error.kind === 'notFound' && !isOurs) return true;
	return failedChecks >= (isLasting(error) ? MAX_LASTING_FAULTS : MAX_FAILED_CHECKS);
}

function tooManyFailures(
	error: RunningHubError,
	taskId: string,
	failedChecks: number,
): RunningHubError {
	if (failedChecks === 1) return error.with({ taskId });
	return error.with({
		taskId,
		message: `The status of task ${taskId} could not be read ${failedChecks} times in a row: ${error.message}`,
		description: `The task may still be running or already done; get its result later with Task > Wait for Result. ${error.description}`,
	});
}
