import { writeFile } from 'node:fs/promises';
import { errorText, step, UserError } from '../steps.mjs';
import type { Bench, BenchContext } from './bench';
import type { Series } from './figure';
import { type Lab, startLab, stopLab } from './lab';
import { growthBenches } from './growth';
import { longTaskBenches } from './longTask';
import { download } from './download';
import { upload } from './upload';
import { load, machine, machineNote } from './machine';
import { asJson, missed, type Outcome, tableOf } from './table';
import { drawPlots } from './plots';
import { sizeBenches } from './sizes';
import { taskBenches, warmUp } from './tasks';
import { waiting } from './waiting';

export { stopLab } from './lab';

export const BENCHES: Bench[] = [
	...taskBenches,
	...longTaskBenches,
	download,
	upload,
	...sizeBenches,
	...growthBenches,
	// The last one: it ends every n8n.
	waiting,
];

export interface Choice {
	quick: boolean;
	only: string[];
	/** File for the numbers. */
	json: string | undefined;
	plots: boolean;
}

/** Measures, prints, writes. Gives the exit code: 1 when a target was missed. */
export async function runBenches({ quick, only, json, plots }: Choice): Promise<number> {
	const before = load();
	const outcomes: Outcome[] = [];
	const series: Series[] = [];
	try {
		const context = contextOf(quick);
		for (const bench of chosen(only, quick)) {
			outcomes.push(await outcomeOf(bench, context, series));
		}
	} finally {
		await stopLab();
	}

	const loads = { before, after: load() };
	console.log(`\n${tableOf(outcomes)}\n\n${machineNote(loads)}`);
	if (json !== undefined) {
		const content = { quick, machine: machine(), load: loads, benches: asJson(outcomes) };
		await writeFile(json, `${JSON.stringify(content, null, '\t')}\n`);
	}
	if (plots) console.log(`Drawn: ${(await drawPlots(series)).join(', ') || 'nothing'}`);
	const misses = missed(outcomes);
	console.log(misses.length === 0 ? 'All targets are met.' : `Missed: ${misses.join('; ')}.`);
	return misses.length === 0 ? 0 : 1;
}

function chosen(only: string[], quick: boolean): Bench[] {
	const unknown = only.find((name) => !BENCHES.some((bench) => bench.name === name));
	if (unknown !== undefined) {
		const names = BENCHES.map(({ name }) => name).join(', ');
		throw new UserError(`There is no bench "${unknown}"; there are ${names}.`);
	}
	return BENCHES.filter(({ name, inQuick }) =>
		only.length > 0 ? only.includes(name) : inQuick || !quick,
	);
}

function contextOf(quick: boolean): BenchContext {
	let lab: Promise<Lab> | undefined;
	const start = async () => {
		const started = await startLab();
		await warmUp(started);
		return started;
	};
	return {
		quick,
		lab: async () => await (lab ??= step('Starting n8n', start)),
		say: (text) => console.log(`  … ${text}`),
	};
}

/** A bench that fails takes nothing from the others. */
async function outcomeOf(bench: Bench, context: BenchContext, series: Series[]): Promise<Outcome> {
	const startedAt = Date.now();
	const base = { bench: bench.name, title: bench.title };
	console.log(`\n▶ ${bench.name}: ${bench.title}`);
	const seconds = () => Math.round((Date.now() - startedAt) / 1000);
	try {
		const result = await bench.run(context);
		series.push(...(result.series ?? []));
		return { ...base, figures: result.figures, seconds: seconds() };
	} catch (error) {
		console.log(`  failed: ${errorText(error)}`);
		return { ...base, figures: [], seconds: seconds(), error: errorText(error) };
	}
}
