import type { Bench } from './bench';
import { type Figure, figureFrom, OWN, type Series } from './figure';
import { compare, type ScenarioResult } from './tasks';
import { byHand, byHandInBatches, withNode } from './workflows';

/** What more items cost. */

const ITEMS = [1, 10, 100, 1000];
const TASK_MS = 10_000;
const BY_HAND = 'by hand, Wait 5 s';
const ONE_BY_ONE = 'by hand, one by one';
/** Beyond that it takes a quarter of an hour and more. */
const MAX_ONE_BY_ONE = 10;

export const moreItems: Bench = {
	name: 'more-items',
	title: '1 to 1,000 items, tasks of 10 s, the account takes them all',
	inQuick: false,
	async run(context) {
		const byItems = new Map<number, Map<string, ScenarioResult[]>>();
		for (const items of ITEMS) {
			const scenario = { items, taskMs: () => TASK_MS, slots: items, times: 1 };
			const candidates = {
				[OWN]: withNode,
				[BY_HAND]: byHand(5),
				...(items <= MAX_ONE_BY_ONE && { [ONE_BY_ONE]: byHandInBatches(5, 1) }),
			};
			byItems.set(items, await compare(context, scenario, candidates));
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
