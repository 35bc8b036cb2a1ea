import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Model } from '../../../catalogue/model';
import { modelSchema } from '../../../catalogue/schema';

const catalogueSchema = z.array(modelSchema).superRefine((models, context) => {
	const seen = new Set<string>();
	for (const { endpoint, name, task } of models) {
		for (const one of [endpoint, `${task}: ${name}`]) {
			if (seen.has(one)) context.addIssue({ code: 'custom', message: `${one} is there twice` });
			seen.add(one);
		}
	}
});

/** @returns the models of a catalogue file; none where there is no file yet */
export function readCatalogue(path: string): Model[] {
	return existsSync(path) ? catalogueSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : [];
}

/**
 * Writes a catalogue: one model a line, sorted by endpoint, so that a change of one model is a change of one line.
 * @throws ZodError when it would not be a catalogue; then nothing is written
 */
export function writeCatalogue(path: string, models: readonly Model[]): void {
	const sorted = [...models].sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1));
	const lines = catalogueSchema.parse(sorted).map((model) => `\t${JSON.stringify(model)}`);
	writeFileSync(path, `[\n${lines.join(',\n')}\n]\n`);
}
