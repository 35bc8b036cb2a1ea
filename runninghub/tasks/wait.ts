import pLimit from 'p-limit';
import type { Client } from '../api/client';
import { isEnded, type EndedTask, type PendingTask, type Task } from '../api/task';
import type { Clock, Random } from '../base/clock';
import { expectRunningHubError, RunningHubError, type ErrorKind } from '../base/errors';
import type { Logger } from '../base/logger';
import { Detached, unlessDetached, type Interruption } from './detachment';
import type { DurationStats } from './durationStats';
import { pollSchedule } from './pollSchedule';
import type { RateLimit } from './rateLimit';

export interface WaitDeps {
	client: Pick<Client, 'query'>;
	clock: Clock;
	random: Random;
	logger: Logger;
	durations: DurationStats;
	/** The checks of the run: see {@link createCheckLimiter}. */
	checks: CheckLimiter;
	/** Once detached, the task is given back as it was last seen. */
	interruption: Interruption;
}

export interface WaitSettings {
	/** Milliseconds from `since` after which the wait is given up; the task goes on. */
	timeoutMs: number;
	/** Milliseconds between checks; 0 = adaptive. */
	pollIntervalMs: number;
}

/** A task at the start of a wait. */
export interface KnownTask {
	/** When it was submitted or, of a task from elsewhere, when the wait began; by the clock. */
	since: number;
	/** As it was last seen, just now; with status `UNKNOWN` if it was not. */
	task: PendingTask;
	/** What makes it; null where that is not known, or `since` does not tell when it was submitted. */
	source: string | null;
	/** It was made by this run, so "unknown id" can only be a passing fault. */
	isOurs: boolean;
	/** Checks in a row that have failed so far. */
	failedChecks: number;
}

export type WaitOutcome =
	| { state: 'ended'; task: EndedTask }
	/** `lastFailure`: RunningHub could not be asked at the end, so that what is known of the task is older. */
	| { state: 'timedOut'; task: PendingTask; lastFailure?: RunningHubError }
	| { state: 'detached'; task: PendingTask; failedChecks: number };

/** Does one call, as soon as it may, and after `maxDelayMs` milliseconds at the latest. */
export type CheckLimiter = <T>(call: () => Promise<T>, maxDelayMs?: number) => Promise<T>;

/** How many checks of one run are under way at once. */
const CHECK_CONCURRENCY = 8;

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
const MAX_PAUSE_MS = 30_000;

/**
 * The checks of one run: a few at once, within the rate limit of the account.
 * @throws Detached where a check would have to wait after the run was detached
 */
export function createCheckLimiter(rate: RateLimit, interruption: Interruption): CheckLimiter {
	const limit = pLimit(CHECK_CONCURRENCY);
	return async (call, maxDelayMs) =>
		await limit(async () => {
			await unlessDetached(async (either) => await rate.ready(either, maxDelayMs), interruption);
			interruption.signal?.throwIfAborted();
			return await call().then(
				(value) => {
					rate.note(value);
					return value;
				},
				(error: unknown) => {
					rate.note(error);
					throw error;
				},
			);
		});
}

/** What one check of a task told: its state, or why that is not known. */
export type TaskCheck =
	| { task: Task; failedChecks: 0 }
	| { failure: RunningHubError; failedChecks: number };

/**
 * One check of a task. That it fails does not mean that the task does.
 * @param known `failedChecks`: how many in a row have failed before; `notice`: what RunningHub said of the task when it
 * accepted it, which its later answers do not repeat
 * @param maxDelayMs milliseconds after which it is made, however busy the account is
 * @throws RunningHubError with the task id when too many checks in a row failed, or when the id is unknown
 */
export async function checkTask(
	taskId: string,
	{ client, checks, logger }: Pick<WaitDeps, 'client' | 'checks' | 'logger'>,
	known: Pick<KnownTask, 'isOurs' | 'failedChecks'> & Pick<Task, 'notice'>,
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

/**
 * Waits until a task has ended. A failed check is tried again and never ends a task that may still be running.
 * @throws as {@link checkTask}, and whatever the clock throws when the signal is aborted
 */
export async function waitForTask(
	taskId: string,
	deps: WaitDeps,
	{ timeoutMs, pollIntervalMs }: WaitSettings,
	{ since, source, isOurs, ...known }: KnownTask,
): Promise<WaitOutcome> {
	const { clock, random, logger, durations, interruption } = deps;
	let { task, failedChecks } = known;
	let unfinishedMs = task.status === 'UNKNOWN' ? 0 : clock.now() - since;
	const usual = source === null ? undefined : durations.usual(source);
	const gapAt = pollSchedule(pollIntervalMs, random, usual);
	logger.debug(`Waiting for RunningHub task ${taskId}`, { taskId });

	const nextCheck = async () => {
		const age = clock.now() - since;
		const pause = Math.max(gapAt(age), pauseAfterFailures(failedChecks));
		// The last check comes at the deadline, so that a task which ends just before it is not missed.
		const ms = Math.min(pause, Math.max(timeoutMs - age, 0));
		await unlessDetached(async (either) => await clock.sleep(ms, either), interruption);
	};

	try {
		for (;;) {
			await nextCheck();
			const leftMs = since + timeoutMs - clock.now();
			const isLast = leftMs <= 0;
			const seen = { isOurs, failedChecks, notice: task.notice };
			const check = await checkTask(taskId, deps, seen, Math.max(leftMs, 0));
			failedChecks = check.failedChecks;
			if ('task' in check) {
				const ageMs = clock.now() - since;
				if (isEnded(check.task)) {
					// A failure tells nothing of how long tasks take, nor does a check at the interval that the user chose.
					if (source !== null && pollIntervalMs === 0 && check.task.status === 'SUCCESS') {
						durations.observe(source, { unfinishedMs, endedMs: ageMs });
					}
					return { state: 'ended', task: check.task };
				}
				unfinishedMs = ageMs;
				if (check.task.status !== task.status) {
					logger.debug(`RunningHub task ${taskId} is ${check.task.status}`, { taskId });
				}
				task = check.task;
			}
			if (isLast) {
				return 'failure' in check
					? { state: 'timedOut', task, lastFailure: check.failure }
					: { state: 'timedOut', task };
			}
		}
	} catch (error) {
		if (!(error instanceof Detached)) throw error;
		return { state: 'detached', task, failedChecks };
	}
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

function pauseAfterFailures(failedChecks: number): number {
	return failedChecks === 0 ? 0 : Math.min(1_000 * 2 ** failedChecks, MAX_PAUSE_MS);
}
