import pLimit from 'p-limit';
import type { Client } from './client';
import type { Clock, Random } from './clock';
import { RunningHubError, type ErrorKind } from './errors';
import type { Logger } from './logger';
import { Pace, type PaceTools } from './pace';
import { gapUntilNextCheck } from './pollSchedule';
import { isEnded, NO_USAGE, type EndedTask, type PendingStatus, type PendingTask } from './task';

export interface WaitTools {
	client: Pick<Client, 'query'>;
	clock: Clock;
	random: Random;
	logger: Logger;
	/** The checks of the run: see {@link createChecks}. */
	checks: Checks;
	signal?: AbortSignal;
	/** From its abort on somebody else waits: after a last check the task is handed over as it is. */
	handOver?: AbortSignal;
}

export interface WaitSettings {
	/** Milliseconds from the start of the wait after which it is given up; the task goes on. */
	timeoutMs: number;
	/** Milliseconds between checks; 0 = adaptive. */
	pollIntervalMs: number;
	/** The task was made by this run, so "unknown id" can only be a passing fault. */
	isOurs: boolean;
	/** What the answer to its submit said. */
	status?: PendingStatus;
}

export type WaitOutcome =
	| { state: 'ended'; task: EndedTask }
	| { state: 'timedOut' | 'handedOver'; task: PendingTask };

/** Does one call, as soon as it may. */
export type Checks = <T>(call: () => Promise<T>) => Promise<T>;

/** How many checks of one run are under way at once. */
const CHECKS_AT_ONCE = 8;

/** A check may fail this often in a row before the wait is given up; with the pauses that is about 15 minutes. */
const FAILED_CHECKS_IN_A_ROW = 30;
/** Faults that no patience mends are given up sooner. */
const LASTING_FAULTS_IN_A_ROW = 3;
const LASTING: ReadonlySet<ErrorKind> = new Set(['auth', 'site', 'membership']);
const LONGEST_PAUSE_MS = 30_000;
/** No model is known to be quicker: a task that is younger needs no last check before it is handed over. */
const YOUNGEST_TO_HAVE_ENDED_MS = 1_500;

/** The checks of one run: some at once, and no faster than RunningHub bears. */
export function createChecks(tools: PaceTools, pace = new Pace(tools)): Checks {
	const atOnce = pLimit(CHECKS_AT_ONCE);
	return async (call) =>
		await atOnce(async () => {
			await pace.ready();
			tools.signal?.throwIfAborted();
			return await call().then(
				(value) => {
					pace.note(value);
					return value;
				},
				(error: unknown) => {
					pace.note(error);
					throw error;
				},
			);
		});
}

/**
 * Waits until a task has ended. A failed check is tried again and never ends a task that may still be running.
 * @throws RunningHubError with the task id when too many checks in a row failed, or when the id is unknown;
 * whatever the clock throws when the signal is aborted
 */
export async function waitForTask(
	taskId: string,
	tools: WaitTools,
	{ timeoutMs, pollIntervalMs, isOurs, status = 'UNKNOWN' }: WaitSettings,
): Promise<WaitOutcome> {
	const { client, clock, random, logger, checks, signal, handOver } = tools;
	const stop = signal && handOver ? AbortSignal.any([signal, handOver]) : (signal ?? handOver);
	const startedAt = clock.now();
	let last: PendingTask = { taskId, status, results: [], usage: NO_USAGE };
	let failedChecks = 0;
	// Of a task that is not from this run nothing is known: it may have ended long ago.
	let checkAtOnce = !isOurs;
	logger.debug(`Waiting for RunningHub task ${taskId}`, { taskId });

	for (;;) {
		const age = clock.now() - startedAt;
		const gap = checkAtOnce ? 0 : gapUntilNextCheck(age, pollIntervalMs, random);
		checkAtOnce = false;
		const pause = Math.max(gap, pauseAfterFailures(failedChecks));
		// The last check comes at the deadline, so that a task which ends just before it is not missed.
		await clock
			.sleep(Math.min(pause, Math.max(timeoutMs - age, 0)), stop)
			.catch((reason: unknown) => {
				if (!handOver?.aborted || signal?.aborted) throw reason;
			});
		const tooYoung = isOurs && clock.now() - startedAt < YOUNGEST_TO_HAVE_ENDED_MS;
		if (handOver?.aborted && tooYoung) return { state: 'handedOver', task: last };

		let checkedAt = clock.now();
		const checked = await checks(async () => {
			checkedAt = clock.now();
			return await client.query(taskId);
		}).catch((error: unknown) => {
			if (error instanceof RunningHubError) return error;
			throw error;
		});
		if (!(checked instanceof RunningHubError)) {
			failedChecks = 0;
			if (isEnded(checked)) return { state: 'ended', task: checked };
			if (checked.status !== last.status) {
				logger.debug(`RunningHub task ${taskId} is ${checked.status}`, { taskId });
			}
			last = checked;
		} else {
			failedChecks += 1;
			if (shouldGiveUp(checked, failedChecks, isOurs)) throw givenUp(checked, taskId, failedChecks);
			logger.debug(`Check of RunningHub task ${taskId} failed: ${checked.message}`, { taskId });
		}
		if (checkedAt - startedAt >= timeoutMs) return { state: 'timedOut', task: last };
		if (handOver?.aborted) return { state: 'handedOver', task: last };
	}
}

function shouldGiveUp(error: RunningHubError, failedChecks: number, isOurs: boolean): boolean {
	if (error.kind === 'notFound' && !isOurs) return true;
	return (
		failedChecks >= (LASTING.has(error.kind) ? LASTING_FAULTS_IN_A_ROW : FAILED_CHECKS_IN_A_ROW)
	);
}

function givenUp(error: RunningHubError, taskId: string, failedChecks: number): RunningHubError {
	if (failedChecks === 1) return error.with({ taskId });
	return error.with({
		taskId,
		message: `The state of task ${taskId} could not be read ${failedChecks} times in a row: ${error.message}`,
		description: `The task may well be running or done; fetch it later with Task > Wait for Result. ${error.description}`,
	});
}

function pauseAfterFailures(failedChecks: number): number {
	return failedChecks === 0 ? 0 : Math.min(1_000 * 2 ** failedChecks, LONGEST_PAUSE_MS);
}
