import type { Random } from './clock';

/** The quickest images are done by the first of these ages; the next check is for the slower ones. */
const EARLY_CHECKS_MS = [3_900, 6_800];
const SHORTEST_GAP_MS = 1_000;
/** Then short gaps until this age: most images and short videos end here. */
const SHORT_GAP_MS = 1_700;
const SHORT_GAPS_UNTIL_MS = 13_500;
/** From there the gap is this part of the age, up to the longest one. */
const GAP_OF_AGE = 0.7;
const LONGEST_GAP_MS = 9_460;
/** Gaps vary by this part in both directions, so that the checks of many tasks do not come all at once. */
const SPREAD = 0.02;

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
	const early = EARLY_CHECKS_MS.find((checkMs) => checkMs - ageMs > SHORTEST_GAP_MS * (1 + SPREAD));
	if (early !== undefined) return early - ageMs;
	if (ageMs < SHORT_GAPS_UNTIL_MS) return SHORT_GAP_MS;
	return Math.min(ageMs * GAP_OF_AGE, LONGEST_GAP_MS);
}
