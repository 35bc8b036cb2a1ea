import { type Figure, formatted, median, spreadOf, type Unit } from './figure';

/** What one bench brought, or why it brought nothing. */
export interface Outcome {
	bench: string;
	title: string;
	figures: Figure[];
	/** Of the whole bench. */
	seconds: number;
	error?: string;
}

const HEAD = ['', 'runs', 'median', 'spread', 'target', ''];

/** For people: a line for each figure, and one for each of its baselines. */
export function tableOf(outcomes: readonly Outcome[]): string {
	const lines: string[][] = [HEAD];
	for (const { bench, title, seconds, figures, error } of outcomes) {
		lines.push([`${bench}: ${title} (measured in ${seconds} s)`]);
		for (const figure of figures) lines.push(...linesOf(figure));
		if (error !== undefined) lines.push([`  failed: ${error}`]);
	}
	const widths = HEAD.map((_, column) =>
		Math.max(...lines.filter(isTabular).map((line) => (line[column] ?? '').length)),
	);
	return lines
		.map((line) => (isTabular(line) ? padded(line, widths) : `\n${line.join('')}`))
		.join('\n');
}

/** Titles and notes go over all columns. */
const isTabular = (line: string[]) => line.length > 1;

const padded = (line: string[], widths: number[]): string =>
	line
		.map((cell, column) =>
			column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
		)
		.join('  ')
		.trimEnd();

function linesOf({ what, unit, runs, baselines = [], target, note }: Figure): string[][] {
	const row = (name: string, values: number[]) => [
		name,
		String(values.length),
		formatted(median(values), unit),
		spreadOf(values, unit),
	];
	const verdict = target === undefined ? '' : isMet({ runs, target }) ? 'ok' : 'MISSED';
	return [
		[...row(`  ${what}`, runs), target?.text ?? '', verdict],
		...baselines.map((baseline) => [...row(`    ${baseline.what}`, baseline.runs), '', '']),
		...(note === undefined ? [] : [[`    (${note})`, '', '', '', '', '']]),
	];
}

function isMet({ runs, target }: Pick<Figure, 'runs' | 'target'>): boolean {
	return target === undefined || target.isMet(median(runs));
}

export const missed = (outcomes: readonly Outcome[]): string[] =>
	outcomes.flatMap(({ bench, figures, error }) => [
		...(error === undefined ? [] : [`${bench} failed`]),
		...figures.filter((figure) => !isMet(figure)).map(({ what }) => what),
	]);

/** For machines: the same, with every run. */
export function asJson(outcomes: readonly Outcome[]) {
	return outcomes.map(({ bench, title, seconds, error = null, figures }) => ({
		bench,
		title,
		seconds,
		error,
		figures: figures.map(({ what, unit, runs, baselines = [], target, note }) => ({
			what,
			...numbers(runs, unit),
			baselines: baselines.map((baseline) => ({
				what: baseline.what,
				...numbers(baseline.runs, unit),
			})),
			target: target?.text ?? null,
			ok: target === undefined ? null : isMet({ runs, target }),
			note: note ?? null,
		})),
	}));
}

const numbers = (runs: number[], unit: Unit) => ({
	unit,
	median: median(runs),
	min: Math.min(...runs),
	max: Math.max(...runs),
	runs,
});
