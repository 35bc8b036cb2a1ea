import { isEnded, type EndedTask, type PendingTask } from '../api/task';
import type { Clock, Random } from '../base/clock';
import type { RunningHubError } from '../base/errors';
import { Detached, unlessDetached, type Interruption } from './detachment';
import type { DurationStats } from './durationStats';
import { pollSchedule } from './pollSchedule';
import { checkTask, type CheckDeps, type CheckedTask } from './taskCheck';

export interface WaitDeps extends CheckDeps {
	clock: Clock;
	random: Random;
	durations: DurationStats;
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
export interface KnownTask extends Omit<CheckedTask, 'notice'> {
	/** When it was submitted or, of a task from elsewhere, when the wait began; by the clock. */
	since: number;
	/** As it was last seen, just now; with status `UNKNOWN` if it was not. */
	task: PendingTask;
	/** What makes it; null where that is not known, or `since` does not tell when it was submitted. */
	source: string | null;
}

export type WaitOutcome =
	| { state: 'ended'; task: EndedTask }
	/** `lastFailure`: RunningHub could not be asked at the end, so that what is known of the task is older. */
	| { state: 'timedOut'; task: PendingTask; lastFailure?: RunningHubError }
	| { state: 'detached'; task: PendingTask; failedChecks: number };

const MAX_PAUSE_MS = 30_000;

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

function pauseAfterFailures(failedChecks: number): number {
	return failedChecks === 0 ? 0 : Math.min(1_000 * 2 ** failedChecks, MAX_PAUSE_MS);
}
