import { writeFile } from 'node:fs/promises';
import { stopServices } from '../services';
import { errorText, step, UserError } from '../steps';
import type { Bench, BenchContext } from './bench';
import { download } from './download';
import type { Series } from './figure';
import { asleep, polling } from './longTask';
import { load, machine, machineNote } from './machine';
import { moreItems } from './moreItems';
import { type N8nInstance, startInstance } from './n8nInstance';
import { besideOpenAi } from './openAi';
import { drawPlots } from './plots';
import { type QueueInstance, startQueueInstance } from './queueInstance';
import { sizeBenches } from './sizes';
import { asJson, missed, type Outcome, tableOf } from './table';
import { taskBenches, warmUp } from './tasks';
import { thousand } from './thousand';
import { upload } from './upload';
import { waitingBenches } from './waiting';

export const BENCHES: Bench[] = [
	...taskBenches,
	asleep,
	besideOpenAi,
	polling,
	download,
	upload,
	...sizeBenches,
	moreItems,
	...waitingBenches,
	thousand,
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
	const outcomes: Measured[] = [];
	try {
		const context = contextOf(quick);
		const measure = async (bench: Bench) => await outcomeOf(bench, context);
		const benches = chosen(only, quick);
		for (const group of quick ? lightTogether(benches) : benches.map((bench) => [bench])) {
			outcomes.push(...(await Promise.all(group.map(measure))));
		}
	} finally {
		await stopServices();
	}

	const loads = { before, after: load() };
	console.log(`\n${tableOf(outcomes)}\n\n${machineNote(loads)}`);
	if (json !== undefined) {
		const content = { quick, machine: machine(), load: loads, benches: asJson(outcomes) };
		await writeFile(json, `${JSON.stringify(content, null, '\t')}\n`);
	}
	if (plots) {
		const files = await drawPlots(outcomes.flatMap(({ series }) => series));
		console.log(`Drawn: ${files.join(', ') || 'nothing'}`);
	}
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
	let instance: Promise<N8nInstance> | undefined;
	const start = async () => {
		const started = await startInstance();
		await warmUp(started);
		return started;
	};
	let queueInstance: Promise<QueueInstance> | undefined;
	return {
		quick,
		queueInstance: async () =>
			await (queueInstance ??= step('Starting n8n in queue mode', startQueueInstance)),
		instance: async () => await (instance ??= step('Starting n8n', start)),
		log: (text) => console.log(`  … ${text}`),
	};
}

/** What comes after a light bench and is light as well is measured with it. */
function lightTogether(benches: readonly Bench[]): Bench[][] {
	const groups: Bench[][] = [];
	for (const bench of benches) {
		const last = groups.at(-1);
		if (bench.light === true && last?.[0]?.light === true) last.push(bench);
		else groups.push([bench]);
	}
	return groups;
}

interface Measured extends Outcome {
	series: Series[];
}

/** A bench that fails takes nothing from the others. */
async function outcomeOf(bench: Bench, context: BenchContext): Promise<Measured> {
	const startedAt = Date.now();
	console.log(`\n▶ ${bench.name}: ${bench.title}`);
	const outcome = (rest: Pick<Measured, 'figures' | 'series' | 'error'>): Measured => ({
		bench: bench.name,
		title: bench.title,
		seconds: Math.round((Date.now() - startedAt) / 1000),
		...rest,
	});
	try {
		const { figures, series = [] } = await bench.run(context);
		return outcome({ figures, series });
	} catch (error) {
		console.log(`  failed: ${errorText(error)}`);
		return outcome({ figures: [], series: [], error: errorText(error) });
	}
}
