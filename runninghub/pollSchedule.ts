import type { Random } from './clock';

/** No model is known to end sooner, so an earlier check would be wasted. */
const FIRST_CHECK_MS = 4_000;
/** Until this age short gaps: most images and short videos end here. */
const SHORT_GAP_MS = 1_700;
const SHORT_GAPS_UNTIL_MS = 14_000;
/** From there the gap is this part of the age, up to the longest one. */
const GAP_OF_AGE = 0.25;
const LONGEST_GAP_MS = 10_000;
/** Gaps vary by this part in both directions, so that the checks of many tasks do not come all at once. */
const SPREAD = 0.08;

/**
 * Milliseconds until the next check of a task.
 * @param ageMs since the task was accepted, or since the wait for it began
 * @param fixedMs the user's own interval; 0 = adaptive
 */
export function gapUntilNextCheck(ageMs: number, fixedMs: number, random: Random): number {
	const gap = fixedMs > 0 ? fixedMs : adaptiveGap(ageMs);
	return Math.round(gap * (1 + SPREAD * (2 * random() - 1)));
}

function adaptiveGap(ageMs: number): number {
	if (ageMs < FIRST_CHECK_MS) return FIRST_CHECK_MS - ageMs;
	if (ageMs < SHORT_GAPS_UNTIL_MS) return SHORT_GAP_MS;
	return Math.min(ageMs * GAP_OF_AGE, LONGEST_GAP_MS);
}
