import { z } from 'zod';
import type { Param } from './model';
import { paramSchema } from './schema';

/** In the order in which they are written to the catalogue. */
const PARAM_FACTS = [
	'key',
	'type',
	'required',
	'default',
	'options',
	'min',
	'max',
	'step',
	'maxLength',
	'maxItems',
	'accept',
	'maxSizeMB',
	'mediaHint',
];

/**
 * A parameter with the facts that the catalogue keeps, each in its place.
 * @throws ZodError
 */
export function paramOf(given: Readonly<Record<string, unknown>>): Param {
	return paramSchema.parse(keptFacts(given));
}

/** The same, not checked yet. */
export function keptFacts(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const kept = PARAM_FACTS.filter((fact) => given[fact] !== undefined && given[fact] !== null).map(
		(fact) => [fact, given[fact]] as const,
	);
	return Object.fromEntries(kept.flatMap(([fact, value]) => listDefault(given, fact, value)));
}

/** The default of a list is a list; that of a list of free texts is a sample, which must not be sent. */
function listDefault(
	{ type }: Readonly<Record<string, unknown>>,
	fact: string,
	value: unknown,
): Array<[string, unknown]> {
	if (fact !== 'default') return [[fact, value]];
	if (type === 'array-of-string') return [];
	return [[fact, type === 'array-of-enum' ? z.array(z.string()).parse([value].flat()) : value]];
}
