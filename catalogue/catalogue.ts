import { familyName, searchWords, taskName } from './labels';
import type { Model } from './model';

/** All models that RunningHub offers by name. */
export interface Catalogue {
	/** Grouped by task, then by family. */
	models: readonly Model[];
	find(endpoint: string): Model | undefined;
	/**
	 * The models that fit all words of a text, the best first; all of them for an empty text.
	 * @param text words of the name, family, task, maker, endpoint or page name, in any order, or the start of them
	 */
	search(text: string): Model[];
}

let loading: Promise<Catalogue> | undefined;

/** Reads the catalogue, once for the process: it is large, and most workflows need none of it. */
export async function loadCatalogue(): Promise<Catalogue> {
	loading ??= import('./models.json').then(({ default: models }) => createCatalogue(models));
	return await loading;
}

/** A catalogue of these models. */
export function createCatalogue(given: readonly Model[]): Catalogue {
	const models = given
		.map((model) => ({ model, key: groupKey(model) }))
		.sort((a, b) => (a.key < b.key ? -1 : 1))
		.map(({ model }) => model);
	const byEndpoint = new Map(models.map((model) => [model.endpoint, model]));
	let entries: Entry[] | undefined;
	return {
		models,
		find: (endpoint) => byEndpoint.get(endpoint),
		search(text) {
			if (wordsOf(text).length === 0) return [...models];
			entries ??= models.map(entryOf);
			const query = chineseApart(wordsOf(text), entries);
			return entries
				.map((entry) => ({ entry, rank: rankOf(entry, query) }))
				.filter(({ rank }) => rank < Rank.none)
				.sort((a, b) => a.rank - b.rank)
				.map(({ entry }) => entry.model);
		},
	};
}

/** The tasks that people come for first; all others follow by name. */
const TASK_ORDER = [
	'image-to-video',
	'text-to-video',
	'reference-to-video',
	'start-end-to-video',
	'text-to-image',
	'image-to-image',
];

/** Text by which models sort into their groups. A name without a variant (`Dev · Edit`) comes before `Dev LoRA · Edit`. */
function groupKey({ task, family, status, name }: Model): string {
	const place = TASK_ORDER.indexOf(task);
	const isOld = status === 'deprecated' ? 1 : 0;
	return [place === -1 ? 9 : place, task, familyName(family), isOld, name.replace('·', '')].join(
		'\n',
	);
}

/** What a search compares: each name of the model as a row of words. */
interface Entry {
	model: Model;
	/** Its endpoint, name and aliases, each with a space before and after its words. */
	phrases: string[];
	words: string[];
	/** The same names without spaces: `nanobanana`. */
	runs: string[];
}

function entryOf(model: Model): Entry {
	const { endpoint, name, family, task, aliases } = model;
	const group = `${familyName(family)} ${taskName(task)}`;
	const names = [endpoint, name, group, ...aliases, ...searchWords(model)].map(wordsOf);
	return {
		model,
		phrases: names.map((words) => ` ${words.join(' ')} `),
		words: [...new Set(names.flat())],
		runs: names.map((words) => words.join('')),
	};
}

/** `Veo3.1-Fast` → `veo`, `3`, `1`, `fast`: people leave out spaces, dots and hyphens, or put in others. */
function wordsOf(text: string): string[] {
	return text.toLowerCase().match(/\d+|[a-z]+|[\u00c0-\uffff]+/g) ?? [];
}

const CHINESE = /^[\u00c0-\uffff]+$/;

/** `可灵文生视频` → `可灵`, `文生视频`: Chinese has no spaces. A word that no model has stays as it is, and matches none. */
function chineseApart(query: readonly string[], entries: readonly Entry[]): string[] {
	const isKnown = (word: string) => entries.some(({ words }) => words.includes(word));
	return query.flatMap((asked) => {
		if (!CHINESE.test(asked) || isKnown(asked)) return [asked];
		const known = [...new Set(entries.flatMap(({ words }) => words))]
			.filter((word) => CHINESE.test(word) && asked.includes(word))
			.sort((a, b) => b.length - a.length);
		if (known.length === 0) return [asked];
		return asked.split(new RegExp(`(${known.join('|')})`)).filter((part) => part !== '');
	});
}

/** How well a model fits, the best first. */
enum Rank {
	isName,
	startsOrEndsName,
	inName,
	allWords,
	allStarts,
	allParts,
	none,
}

/** Deprecated models come after all others that fit as well. */
function rankOf(entry: Entry, query: readonly string[]): number {
	const rank = fit(entry, query);
	return rank < Rank.none && entry.model.status === 'deprecated' ? rank + 0.5 : rank;
}

function fit({ phrases, words, runs }: Entry, query: readonly string[]): Rank {
	const phrase = ` ${query.join(' ')} `;
	if (phrases.includes(phrase)) return Rank.isName;
	if (phrases.some((name) => name.startsWith(phrase) || name.endsWith(phrase)))
		return Rank.startsOrEndsName;
	if (phrases.some((name) => name.includes(phrase))) return Rank.inName;
	const everyWord = (fits: (asked: string) => boolean) => query.every(fits);
	if (everyWord((asked) => words.includes(asked))) return Rank.allWords;
	if (everyWord((asked) => words.some((word) => word.startsWith(asked)))) return Rank.allStarts;
	return everyWord((asked) => asked.length > 2 && runs.some((run) => run.includes(asked)))
		? Rank.allParts
		: Rank.none;
}
