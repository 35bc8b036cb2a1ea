export type Unit = 'x' | '%' | 's' | 'ms' | 'MB' | 'MB/s' | 'kB' | 'calls' | 'items' | 'modules';

/** One line of the table: what this package does, beside what people do today. */
export interface Figure {
	what: string;
	unit: Unit;
	/** One value for each run. */
	runs: number[];
	/** In the same unit. */
	baselines?: Baseline[];
	/** None where the figure is there to be looked at. */
	target?: Target;
	/** What a reader must know to read the figure right. */
	note?: string;
}

export interface Baseline {
	what: string;
	runs: number[];
}

export interface Target {
	text: string;
	isMet(median: number): boolean;
}

/** A line of a plot. */
export interface Series {
	plot: PlotName;
	name: string;
	/** This package's line, as opposed to a baseline's. */
	own: boolean;
	points: Array<[x: number, y: number]>;
}

export type PlotName = 'makespan' | 'memory' | 'calls';

export const atMost = (limit: number, unit: Unit): Target => ({
	text: `≤ ${formatted(limit, unit)}`,
	isMet: (median) => median <= limit,
});

/** Who the figures are about; everybody else who is measured is a baseline. */
export const OWN = 'this node';

/**
 * The same number of everybody's results.
 * @param numberOf a result's; undefined where it has none
 */
export function figureFrom<Result>(
	results: ReadonlyMap<string, readonly Result[]>,
	unit: Unit,
	numberOf: (result: Result) => number | undefined,
): Pick<Figure, 'unit' | 'runs' | 'baselines'> {
	const all = [...results].map(
		([what, ones]): Baseline => ({
			what,
			runs: ones.map(numberOf).filter((number) => number !== undefined),
		}),
	);
	return {
		unit,
		runs: all.find(({ what }) => what === OWN)?.runs ?? [],
		baselines: all.filter(({ what, runs }) => what !== OWN && runs.length > 0),
	};
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

const DECIMALS: Record<Unit, number> = {
	x: 2,
	'%': 1,
	s: 2,
	ms: 2,
	MB: 0,
	'MB/s': 0,
	kB: 1,
	calls: 1,
	items: 0,
	modules: 0,
};

export function formatted(value: number, unit: Unit): string {
	if (Number.isNaN(value)) return 'none';
	return `${Number(value.toFixed(DECIMALS[unit]))} ${unit === 'x' ? '×' : unit}`;
}

/** Lowest and highest run; empty for a single one. */
export function spreadOf(runs: readonly number[], unit: Unit): string {
	if (runs.length < 2) return '';
	const [low, high] = [Math.min(...runs), Math.max(...runs)].map((value) =>
		String(Number(value.toFixed(DECIMALS[unit]))),
	);
	return `${low} – ${high}`;
}
