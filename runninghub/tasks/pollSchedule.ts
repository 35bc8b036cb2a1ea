import type { Random } from '../base/clock';
import type { UsualDuration } from './durationStats';

/** Milliseconds until the next check of a task, by its age in milliseconds; asked once for each check. */
export type PollSchedule = (ageMs: number) => number;

/** Ages in milliseconds: the quickest images are done by the first, slower ones by the second. */
const EARLY_CHECKS_MS = [3_900, 6_800];
const MIN_GAP_MS = 1_000;
/** Then short gaps until this age: most images and short videos end here. */
const SHORT_GAP_MS = 1_700;
const SHORT_GAPS_UNTIL_MS = 13_500;
/** From there the gap is this part of the age, up to the longest one. */
const GAP_OF_AGE = 0.7;
const MAX_GAP_MS = 9_460;
/** Gaps vary by this part in both directions, so that the checks of many tasks do not come all at once. */
const SPREAD = 0.02;

/** Where the usual duration is known: a task that is refused after its submit is seen by this age. */
const EARLY_CHECK_MS = 13_600;
/** Less than 10 s more than the longest gap above, both with their spread: so much later an unusually early end is seen. */
const GAP_BEFORE_WINDOW_MS = 19_200;
/** That holds from this part of the median on; hardly any task ends before. */
const EARLY_END_OF_MEDIAN = 0.42;
const GAP_WITHOUT_EXPECTATION_MS = 45_000;
/** The checks between the bounds of the usual duration: the first gap is longer than the last, since it is for all the tasks that still run. */
const CHECKS_IN_WINDOW = 10;
const FIRST_GAP_OF_LAST = 2.2;
const MIN_GAP_IN_WINDOW_MS = 725;
/** A check that was due so shortly after another one is left out. */
const TOO_NEAR_MS = 500;
/** However long a task takes, it costs at most this many calls more than with the gaps above; none where two minutes are usual. */
const MAX_EXTRA_CHECKS = 2;

/**
 * The checks of one task.
 * @param fixedMs the user's own interval; 0 = adaptive
 * @param usual what is known of tasks like it
 */
export function pollSchedule(
	fixedMs: number,
	random: Random,
	usual: UsualDuration | undefined,
): PollSchedule {
	const planned = usual === undefined ? [] : plannedChecks(usual);
	const gapAt = (ageMs: number): number => {
		if (fixedMs > 0) return fixedMs;
		for (let next = planned.shift(); next !== undefined; next = planned.shift()) {
			if (next - ageMs >= TOO_NEAR_MS) return next - ageMs;
		}
		return adaptiveGap(ageMs);
	};
	return (ageMs) => Math.round(gapAt(ageMs) * (1 + SPREAD * (2 * random() - 1)));
}

function adaptiveGap(ageMs: number): number {
	const early = EARLY_CHECKS_MS.find((checkMs) => checkMs - ageMs > MIN_GAP_MS * (1 + SPREAD));
	if (early !== undefined) return early - ageMs;
	if (ageMs < SHORT_GAPS_UNTIL_MS) return SHORT_GAP_MS;
	return Math.min(ageMs * GAP_OF_AGE, MAX_GAP_MS);
}

/** The ages at which a task is checked until its kind has usually ended; behind that the schedule is the same as without knowledge. */
function plannedChecks({ medianMs, fromMs, toMs }: UsualDuration): number[] {
	const inWindow = checksInWindow(fromMs, toMs);
	const planned = [...checksBefore(inWindow[0] ?? toMs, medianMs), ...inWindow];
	const adaptive = adaptiveChecks(planned.length);
	return planned.map((checkMs, index) =>
		Math.max(checkMs, adaptive[index - MAX_EXTRA_CHECKS] ?? MIN_GAP_MS),
	);
}

/** The ages of so many first checks of a task of which nothing is known. */
function adaptiveChecks(amount: number): number[] {
	let ageMs = 0;
	return Array.from({ length: amount }, () => (ageMs += adaptiveGap(ageMs)));
}

/** @param untilMs the first check of the window */
function checksBefore(untilMs: number, medianMs: number): number[] {
	if (untilMs - EARLY_CHECK_MS < MIN_GAP_MS) return [];
	const expectedMs = Math.min(medianMs * EARLY_END_OF_MEDIAN + GAP_BEFORE_WINDOW_MS, untilMs);
	return [
		EARLY_CHECK_MS,
		...evenly(EARLY_CHECK_MS, expectedMs, GAP_WITHOUT_EXPECTATION_MS),
		...evenly(expectedMs, untilMs, GAP_BEFORE_WINDOW_MS),
	].filter((checkMs) => checkMs < untilMs);
}

function checksInWindow(fromMs: number, toMs: number): number[] {
	const max = Math.floor((toMs - fromMs) / MIN_GAP_IN_WINDOW_MS);
	const amount = Math.min(Math.max(max, 1), CHECKS_IN_WINDOW);
	const parts = Array.from(
		{ length: amount },
		(_, index) => FIRST_GAP_OF_LAST - ((FIRST_GAP_OF_LAST - 1) * index) / Math.max(amount - 1, 1),
	);
	const whole = parts.reduce((sum, part) => sum + part, 0);
	let ageMs = fromMs;
	return parts.flatMap((part) => {
		const begin = ageMs;
		ageMs += ((toMs - fromMs) * part) / whole;
		return evenly(begin, ageMs, MAX_GAP_MS);
	});
}

/** Ages from `fromMs`, without it, to `toMs`, in equal gaps that are not longer than this. */
function evenly(fromMs: number, toMs: number, longestGapMs: number): number[] {
	const amount = Math.ceil((toMs - fromMs) / longestGapMs);
	return Array.from(
		{ length: amount },
		(_, index) => fromMs + ((toMs - fromMs) * (index + 1)) / amount,
	);
}
