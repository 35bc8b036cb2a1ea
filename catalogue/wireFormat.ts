import { InvalidInput } from '../runninghub/base/invalidInput';
import type { BinaryFiles, MediaSource } from '../runninghub/files/media';
import { checkConditions } from './conditions';
import { mediaKindOf, type Model, type Param } from './model';
import { readMedia, readMediaHint } from './readMedia';
import { readValue, type WireValue } from './readValue';

export { readExtraFields } from './extraFields';
export type { WireValue } from './readValue';

/** A request that has passed every check which can be made before paying. */
export interface ModelInput {
	values: Record<string, WireValue>;
	/** What the media parameters were given; each becomes a URL before the submit. */
	media: Array<{ param: Param; sources: MediaSource[] }>;
}

/**
 * Turns what the form (or an expression, or an agent) gave into what goes over the wire: each value in the type that
 * the catalogue says, unset ones left out, keys that the model does not have ignored.
 * @param given by wire key; text, number, boolean, array, JSON text or nothing
 * @param binaries the files of the item, by the name of their field
 * @throws InvalidInput with a sentence for everything that the model would refuse
 */
export function readInput(
	model: Model,
	given: Readonly<Record<string, unknown>>,
	binaries: BinaryFiles = new Map(),
): ModelInput {
	const input: ModelInput = { values: Object.create(null), media: [] };
	const problems = new Map<string, string[]>();
	for (const param of model.params) {
		const raw = Object.hasOwn(given, param.key) ? given[param.key] : undefined;
		const found = readParam(param, raw, binaries, model.name, input);
		if (found.length > 0) problems.set(param.key, found);
	}
	const refused = new Set(problems.keys());
	const unmet = checkConditions(model, { ...input, counts: countsOf(input), refused });
	const [first, ...more] = [...[...problems.values()].flat(), ...unmet];
	if (first !== undefined) throw new InvalidInput([first, ...more]);
	return input;
}

/** Adds what was given for one parameter to the request. @returns what is wrong with it */
function readParam(
	param: Param,
	raw: unknown,
	binaries: BinaryFiles,
	modelName: string,
	{ values, media }: ModelInput,
): string[] {
	const kind = mediaKindOf(param);
	const files =
		kind === undefined
			? readMediaHint(param, raw, binaries, modelName)
			: readMedia(param, kind, raw, binaries, modelName);
	if (files !== undefined) {
		const { sources, problems } = files;
		if (sources.length > 0 && problems.length === 0) media.push({ param, sources });
		return problems;
	}
	const read = readValue(param, raw, modelName);
	if ('problem' in read) return [read.problem];
	if (read.value !== undefined) values[param.key] = read.value;
	return [];
}

/** How many items each given parameter has; a single value is one item. */
function countsOf({ values, media }: ModelInput): ReadonlyMap<string, number> {
	const lengthOf = (value: WireValue) => (Array.isArray(value) ? value.length : 1);
	return new Map([
		...Object.entries(values).map(([key, value]) => [key, lengthOf(value)] as const),
		...media.map(({ param, sources }) => [param.key, sources.length] as const),
	]);
}
