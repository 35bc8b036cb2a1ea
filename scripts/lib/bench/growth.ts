import { join } from 'node:path';
import { projectFolder } from '../project.mjs';
import type { Bench } from './bench';
import { type Figure, figureFrom, OWN, type Series } from './figure';
import { probe } from './probe';
import { compared, type Contender, type TrialResult } from './tasks';
import { byHand, byHandInBatches, withNode } from './workflows';

/** What more work costs. Waiting executions and files of all sizes are measured where their targets are. */

const ITEMS = [1, 10, 100, 1000];
const TASK_MS = 10_000;
const BY_HAND = 'by hand, Wait 5 s';
const ONE_BY_ONE = 'by hand, one by one';
/** Beyond that it takes a quarter of an hour and more. */
const MOST_ONE_BY_ONE = 10;

const moreItems: Bench = {
	name: 'more-items',
	title: '1 to 1,000 items, tasks of 10 s, the account takes them all',
	inQuick: false,
	async run(context) {
		const byItems = new Map<number, Map<string, TrialResult[]>>();
		for (const items of ITEMS) {
			const trial = { items, taskMs: () => TASK_MS, slots: items };
			const contenders: Contender[] = [
				{ name: OWN, flow: withNode, trial, times: 1 },
				{ name: BY_HAND, flow: (place) => byHand(place, 5), trial, times: 1 },
			];
			if (items <= MOST_ONE_BY_ONE) {
				const oneByOne: Contender['flow'] = (place) => byHandInBatches(place, 5, 1);
				contenders.push({ name: ONE_BY_ONE, flow: oneByOne, trial, times: 1 });
			}
			byItems.set(items, await compared(context, contenders));
		}
		return {
			figures: [...byItems].flatMap(([items, results]): Figure[] => [
				{
					what: `${items} items: makespan / one task`,
					...figureFrom(results, 'x', ({ makespanMs }) => makespanMs / TASK_MS),
				},
				{
					what: `${items} items: API calls a task`,
					...figureFrom(results, 'calls', ({ callsPerTask }) => callsPerTask),
				},
			]),
			series: [OWN, BY_HAND, ONE_BY_ONE].map(
				(name): Series => ({
					plot: 'makespan',
					name,
					own: name === OWN,
					points: [...byItems].flatMap(
						([items, results]): Array<[number, number]> =>
							(results.get(name) ?? []).map(({ makespanMs }) => [items, makespanMs / 1000]),
					),
				}),
			),
		};
	},
};

/** Milliseconds of every time. */
interface CatalogueTimes {
	models: number;
	ready: number[];
	search: number[];
	list: number[];
	find: number[];
}

const moreModels: Bench = {
	name: 'more-models',
	title: 'a catalogue of 300 and of 3,000 models',
	inQuick: false,
	async run() {
		const catalogue = (file: string) => join(projectFolder, 'catalogue', file);
		const figures: Figure[] = [];
		for (const copies of [1, 10]) {
			const args = [catalogue('catalogue.ts'), catalogue('models.json'), String(copies)];
			const times = await probe<CatalogueTimes>('catalogue.cjs', args);
			const figure = (what: string, runs: number[]): Figure => ({
				what: `${times.models} models: ${what}`,
				unit: 'ms',
				runs,
			});
			figures.push(
				figure('made ready from the content of the file', times.ready),
				figure('one search', times.search),
				figure('the whole list', times.list),
				figure('one model found', times.find),
			);
		}
		return { figures };
	},
};

export const growthBenches = [moreItems, moreModels];
