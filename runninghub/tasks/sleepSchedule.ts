/** n8n wakes an execution on time only if it sleeps at least this long; what is due sooner comes up to a minute late. */
export const MIN_SLEEP_MS = 65_000;
/** Part of a task's age to sleep, so that its result is found late by at most this part of its duration. */
const SLEEP_OF_AGE = 1 / 3;
const MAX_SLEEP_MS = 10 * 60_000;
/** Where RunningHub's callbacks arrive, checks are only needed for one that is lost. */
const MIN_SLEEP_WITH_CALLBACKS_MS = 5 * 60_000;

/** One task that an execution sleeps for. */
export interface SleepingTask {
	/** Milliseconds since it was submitted. */
	ageMs: number;
	/** Milliseconds from its submit to its deadline. */
	timeoutMs: number;
	/** Milliseconds between checks, where the user chose them; 0 = adaptive. */
	pollIntervalMs: number;
	/** Will RunningHub call at its end, and are its calls known to arrive? */
	callsBack: boolean;
}

/**
 * Milliseconds until the next check of the tasks that an execution sleeps for.
 * @param hasDeferred is there a submit that waits for a free slot of the account?
 */
export function sleepMs(
	tasks: readonly SleepingTask[],
	{ hasDeferred }: { hasDeferred: boolean },
): number {
	const gaps = tasks.map(({ ageMs, timeoutMs, pollIntervalMs, callsBack }) =>
		Math.min(
			pollIntervalMs > 0 ? pollIntervalMs : adaptiveGap(ageMs, callsBack),
			timeoutMs - ageMs,
		),
	);
	// A slot may come free at any time, and where a task does not call, nobody tells.
	const allCall = tasks.length > 0 && tasks.every(({ callsBack }) => callsBack);
	if (hasDeferred && !allCall) gaps.push(MIN_SLEEP_MS);
	return Math.max(MIN_SLEEP_MS, Math.min(...gaps));
}

function adaptiveGap(ageMs: number, callsBack: boolean): number {
	const least = callsBack ? MIN_SLEEP_WITH_CALLBACKS_MS : MIN_SLEEP_MS;
	return Math.min(Math.max(ageMs * SLEEP_OF_AGE, least), MAX_SLEEP_MS);
}
