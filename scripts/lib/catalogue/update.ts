import { readFile } from 'node:fs/promises';
import axios from 'axios';
import type { Model } from '../../../catalogue/model';
import { summary } from './diff';
import { facts } from './facts';
import { updateFacts } from './factsFile';
import { readCatalogue, writeCatalogue } from './file';
import { prices } from './prices';
import { registry } from './registry';

const SOURCES = [facts, registry, prices];

/**
 * Brings a catalogue file up to date by some sources, one after the other. The same sources make the same file.
 * @param path of the catalogue; it is made where there is none
 * @param places files, or http and https addresses; what they hold is seen from their content
 * @param factsPath a file of facts that is brought up to the same models
 * @returns what changed, in words
 * @throws when a place cannot be read, has no known format, or would make no catalogue; then the file stays as it was
 */
export async function updateCatalogue(
	path: string,
	places: readonly string[],
	factsPath?: string,
): Promise<string> {
	const before = readCatalogue(path);
	let models: Model[] = before;
	const read: string[] = [];
	for (const place of places) {
		const json = await jsonAt(place);
		const source = SOURCES.find((candidate) => candidate.matches(json));
		if (source === undefined) {
			const known = SOURCES.map(({ name }) => name).join(', ');
			throw new Error(`${place} has none of the known formats: ${known}.`);
		}
		read.push(`${place}: ${source.name}`);
		models = source.apply(json, models, (line) => read.push(line));
	}
	writeCatalogue(path, models);
	if (factsPath !== undefined) updateFacts(factsPath, models, (line) => read.push(line));
	return [...read, summary(before, models)].join('\n');
}

async function jsonAt(place: string): Promise<unknown> {
	const text = /^https?:\/\//i.test(place)
		? (await axios.get<string>(place, { responseType: 'text', transformResponse: [] })).data
		: await readFile(place, 'utf8');
	return JSON.parse(text);
}
