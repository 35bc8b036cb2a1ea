import { RunningHubError } from '../runninghub/errors';
import { extensionInUrl, extensionOf } from '../runninghub/mimeTypes';
import { parseMedia, shorten, type MediaSource } from '../runninghub/media';
import { labelOf } from './labels';
import { mediaKindOf, takesSeveral, type Model, type Param } from './model';

export type WireScalar = string | number | boolean;

/** A request that has passed every check which can be made before paying. */
export interface ModelInput {
	values: Record<string, WireScalar>;
	/** What the media parameters were given; each becomes a URL before the submit. */
	media: Array<{ param: Param; sources: MediaSource[] }>;
}

/** Input that the model would refuse: one sentence for each field that is wrong. */
export class InvalidInput extends RunningHubError {
	constructor([first, ...more]: [string, ...string[]]) {
		super({
			kind: 'validation',
			message: first,
			description: [...more, 'Nothing was sent and nothing was paid for.'].join(' '),
		});
		this.name = 'InvalidInput';
	}
}

type Read = { value: WireScalar | undefined } | { problem: string };

/**
 * Turns what the form (or an expression, or an agent) gave into what goes over the wire: each value in the type that
 * the catalogue says, unset ones left out, keys that the model does not have ignored.
 * @param given by wire key; text, number, boolean, array or nothing
 * @throws InvalidInput with a sentence for every field that the model would refuse
 */
export function readInput(model: Model, given: Readonly<Record<string, unknown>>): ModelInput {
	const input: ModelInput = { values: Object.create(null), media: [] };
	const problems: string[] = [];
	for (const param of model.params) {
		const raw = Object.hasOwn(given, param.key) ? given[param.key] : undefined;
		if (mediaKindOf(param) === undefined) {
			const read = readScalar(param, raw, model.name);
			if ('problem' in read) problems.push(read.problem);
			else if (read.value !== undefined) input.values[param.key] = read.value;
		} else {
			const sources = parseMedia(raw);
			const found = mediaProblems(param, sources, model.name);
			problems.push(...found);
			if (sources.length > 0 && found.length === 0) input.media.push({ param, sources });
		}
	}
	problems.push(...missingAnyOf(model, input));
	const [first, ...more] = problems;
	if (first !== undefined) throw new InvalidInput([first, ...more]);
	return input;
}

function missingAnyOf(
	{ name, requiresAnyOf = [] }: Model,
	{ values, media }: ModelInput,
): string[] {
	const isGiven = (key: string) => key in values || media.some(({ param }) => param.key === key);
	if (requiresAnyOf.length === 0 || requiresAnyOf.some(isGiven)) return [];
	const labels = requiresAnyOf.map(labelOf).join(' and ');
	return [`${labels} are empty; ${name} needs at least one of them.`];
}

function readScalar(param: Param, raw: unknown, modelName: string): Read {
	const label = labelOf(param.key);
	if (isUnset(raw)) {
		if (!param.required) return { value: undefined };
		const allowed = param.options ? ` Allowed: ${listOf(param.options)}.` : '';
		return { problem: `${label} is empty, but ${modelName} needs it.${allowed}` };
	}
	switch (param.type) {
		case 'enum':
			return readEnum(param, raw, label, modelName);
		case 'boolean':
			return readBoolean(raw, label);
		case 'integer':
		case 'number':
			return readNumber(param, raw, label, modelName);
		default:
			return readText(param, raw, label, modelName);
	}
}

function readEnum({ options = [] }: Param, raw: unknown, label: string, modelName: string): Read {
	const text = typeof raw === 'object' ? JSON.stringify(raw) : String(raw).trim();
	const value =
		options.find((option) => option === text) ??
		options.find((option) => option.toLowerCase() === text.toLowerCase());
	return value === undefined
		? { problem: `${label} is ${quote(text)}; ${modelName} takes ${listOf(options)}.` }
		: { value };
}

/** Whole numbers in a row as a range: `1 to 10`. */
function listOf(options: readonly string[]): string {
	const isRow = options.every((option, index) => Number(option) === Number(options[0]) + index);
	return isRow && options.length > 2 ? `${options[0]} to ${options.at(-1)}` : options.join(', ');
}

function readBoolean(raw: unknown, label: string): Read {
	const text = String(raw).trim().toLowerCase();
	if (text === 'true' || text === '1') return { value: true };
	if (text === 'false' || text === '0') return { value: false };
	return { problem: `${label} is ${quote(asText(raw))}; it is on (true) or off (false).` };
}

function readNumber(
	{ type, min, max }: Param,
	raw: unknown,
	label: string,
	modelName: string,
): Read {
	const value = typeof raw === 'string' ? Number(raw.trim()) : raw;
	const fits =
		typeof value === 'number' &&
		Number.isFinite(value) &&
		(type === 'number' || Number.isInteger(value)) &&
		value >= (min ?? -Infinity) &&
		value <= (max ?? Infinity);
	if (fits) return { value };
	const kind = type === 'integer' ? 'a whole number' : 'a number';
	const range =
		min !== undefined && max !== undefined
			? ` from ${min} to ${max}`
			: min !== undefined
				? ` of at least ${min}`
				: max !== undefined
					? ` of at most ${max}`
					: '';
	return { problem: `${label} is ${quote(asText(raw))}; ${modelName} takes ${kind}${range}.` };
}

function readText({ maxLength }: Param, raw: unknown, label: string, modelName: string): Read {
	if (typeof raw === 'object') {
		return { problem: `${label} is ${quote(asText(raw))}; it must be text.` };
	}
	const value = String(raw);
	if (maxLength !== undefined && value.length > maxLength) {
		return {
			problem: `${label} is ${count(value.length)} characters long; ${modelName} takes at most ${count(maxLength)}.`,
		};
	}
	return { value };
}

function mediaProblems(param: Param, sources: MediaSource[], modelName: string): string[] {
	const label = labelOf(param.key);
	const kind = mediaKindOf(param) ?? 'file';
	if (sources.length === 0) {
		return param.required
			? [`${label} is empty, but ${modelName} needs it: give the URL of ${article(kind)}.`]
			: [];
	}
	const most = takesSeveral(param) ? (param.maxItems ?? Infinity) : 1;
	if (sources.length > most) {
		return [`${label} has ${sources.length} entries; ${modelName} takes at most ${most}.`];
	}
	return sources.flatMap((source) => sourceProblem(param, source, label, modelName) ?? []);
}

const LOCAL_PATH = /^(?:\/|~|\.{1,2}\/|[a-z]:[\\/]|file:)/i;

function sourceProblem(
	param: Param,
	source: MediaSource,
	label: string,
	modelName: string,
): string | undefined {
	const kind = mediaKindOf(param) ?? 'file';
	const howTo = `give an address that starts with https:// or http://, or a data: URI of ${article(kind)}`;
	switch (source.type) {
		case 'invalid':
			return LOCAL_PATH.test(source.text)
				? `${label} is ${quote(source.text)}, a file that RunningHub cannot reach; ${howTo}.`
				: `${label} is ${quote(source.text)}, which is no URL; ${howTo}.`;
		case 'binary':
			return `${label} is ${quote(source.field)}, which is no URL; files from n8n cannot be used yet, so ${howTo}.`;
		case 'url':
			return wrongExtension(param, extensionInUrl(source.url), label, modelName);
		case 'data': {
			if (!source.mimeType.startsWith(`${kind}/`)) {
				return `${label} is a data: URI of type ${quote(source.mimeType)}; ${modelName} takes ${article(kind)} (${accepted(param)}).`;
			}
			const sizeMB = source.bytes.length / 1_048_576;
			if (param.maxSizeMB !== undefined && sizeMB > param.maxSizeMB) {
				return `${label} is ${sizeMB.toFixed(1)} MB; ${modelName} takes at most ${param.maxSizeMB} MB.`;
			}
			return wrongExtension(param, extensionOf(source.mimeType), label, modelName);
		}
	}
}

const MEDIA_EXTENSION =
	/^(?:avi|bmp|flac|gif|jpe?g|m4a|mkv|mov|mp3|mp4|ogg|png|svg|tiff?|wav|webm|webp)$/;

/** An address without a telling ending is let through: its server may well send the right type. */
function wrongExtension(
	param: Param,
	extension: string | undefined,
	label: string,
	modelName: string,
): string | undefined {
	if (extension === undefined || param.accept === undefined || !MEDIA_EXTENSION.test(extension))
		return;
	const plain = (name: string) => (name === 'jpeg' ? 'jpg' : name);
	if (param.accept.some((allowed) => plain(allowed) === plain(extension))) return;
	return `${label} is a .${extension} file; ${modelName} takes ${accepted(param)}.`;
}

function accepted({ accept = [] }: Param): string {
	return accept.join(', ');
}

function article(kind: string): string {
	return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

/** Null, undefined and empty text are what n8n gives for a field that nobody filled. */
function isUnset(raw: unknown): boolean {
	return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}

function asText(raw: unknown): string {
	return typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? String(raw));
}

function quote(text: string): string {
	return `"${shorten(text)}"`;
}

function count(value: number): string {
	return value.toLocaleString('en-US');
}
