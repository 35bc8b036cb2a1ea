/** How long the last tasks of one source took, from the submit to their end, a queue at RunningHub included. */
export interface UsualDuration {
	medianMs: number;
	/** Most of them ended between these ages. */
	fromMs: number;
	toMs: number;
}

/** The end of one task, which lies between two checks of it. */
export interface ObservedEnd {
	/** The task's age when it was last seen before its end. */
	unfinishedMs: number;
	/** Its age when its end was seen. */
	endedMs: number;
}

/** With fewer tasks no duration is given. */
const MIN_TASKS = 5;
const MAX_TASKS = 30;
/** With more sources, the least recently used one is forgotten. */
const MAX_SOURCES = 200;
/** An end between checks further apart than this is not counted: a check failed, the account was busy, the computer slept. */
const MAX_UNCERTAINTY_MS = 60_000;
const MAX_DURATION_MS = 2 * 60 * 60_000;
/** Where tasks are spread evenly, three in four are within three quarters of the way from the median to the bounds. */
const BOUND_OF_THIRD_QUARTILE = 4 / 3;
/** The bounds are never closer to the median than this part of it. */
const MIN_SPREAD = 0.12;

/** The usual duration of tasks, by what makes them. Outliers change little: there are no means in it. */
export class DurationStats {
	/** Both in the order in which they came. */
	private readonly bySource = new Map<string, ObservedEnd[]>();

	observe(source: string, end: ObservedEnd): void {
		const { unfinishedMs, endedMs } = end;
		if (endedMs - unfinishedMs > MAX_UNCERTAINTY_MS || endedMs > MAX_DURATION_MS) return;
		const ends = [...(this.bySource.get(source) ?? []), end].slice(-MAX_TASKS);
		this.bySource.delete(source);
		this.bySource.set(source, ends);
		if (this.bySource.size <= MAX_SOURCES) return;
		for (const oldest of this.bySource.keys()) {
			this.bySource.delete(oldest);
			return;
		}
	}

	/** @returns undefined as long as too few tasks of the source were seen */
	usual(source: string): UsualDuration | undefined {
		const ends = this.bySource.get(source) ?? [];
		if (ends.length < MIN_TASKS) return undefined;
		// The middle, and not the moment when it was seen: else each estimate would be later than the one before.
		const middles = ends.map(({ unfinishedMs, endedMs }) => (unfinishedMs + endedMs) / 2);
		const medianMs = quantile(middles, 0.5);
		const thirdQuartile = quantile(
			middles.map((middle) => Math.abs(middle - medianMs)),
			0.75,
		);
		const uncertainty = quantile(
			ends.map(({ unfinishedMs, endedMs }) => (endedMs - unfinishedMs) / 2),
			0.5,
		);
		// Few tasks rarely show the whole spread.
		const spread = thirdQuartile * BOUND_OF_THIRD_QUARTILE * (1 + 1 / ends.length);
		const toBound = Math.max(spread + uncertainty / 2, medianMs * MIN_SPREAD);
		return { medianMs, fromMs: Math.max(medianMs - toBound, 0), toMs: medianMs + toBound };
	}
}

/** @param part 0.5 = the median; between two values, the part of the way from one to the other */
function quantile(values: readonly number[], part: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	const place = part * (sorted.length - 1);
	const below = sorted[Math.floor(place)] ?? 0;
	const above = sorted[Math.ceil(place)] ?? 0;
	return below + (above - below) * (place % 1);
}
