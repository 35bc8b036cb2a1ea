import { tryStandardJson, type JsonValue } from '../base/json';
import { booleanIn, hasLostDigits, lostDigits, numberText } from '../base/scalar';
import { halfWidth, holdsNoText, noText, quote, rangeOf } from '../base/text';
import { parseMedia, type BinaryFiles } from '../files/media';
import type { UploadableSource, UrlSource } from '../files/uploads';
import type { NodeInput } from './nodeInfo';

/** A value that was checked: as it goes over the wire, or the file whose name will. */
export type NodeValue =
	| { type: 'plain'; value: JsonValue }
	/** `label`: that of its input. */
	| { type: 'file'; source: FileSource; label: string };

type FileSource = UploadableSource | UrlSource;

/**
 * Checks what an input was given. Scalars go as text, which every reading of the API takes (reference section 14,
 * quirk 4).
 * @param raw as a form, an expression, an agent or JSON gives it; never undefined or null
 * @param files names of files that the workflow or app has itself; undefined where RunningHub does not show it
 * @returns the value, or what is wrong with it, as a sentence
 */
export function readNodeValue(
	input: NodeInput,
	raw: unknown,
	binaries: BinaryFiles,
	files?: ReadonlySet<string>,
): NodeValue | { problem: string } {
	switch (input.kind) {
		case 'link':
			return {
				problem: `${input.label} comes from another node of the workflow and cannot be set; leave it out.`,
			};
		case 'media':
			return readFile(input, raw, binaries, files);
		case 'json':
			return readJsonInput(input, raw);
		case 'unknown':
			return typeof raw === 'object'
				? { type: 'plain', value: asJson(raw) }
				: readScalar(input, raw);
		default:
			return readScalar(input, raw);
	}
}

function readScalar(input: NodeInput, raw: unknown): NodeValue | { problem: string } {
	const { label } = input;
	if (hasLostDigits(raw)) return { problem: `${label} ${lostDigits(raw)}.` };
	if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') {
		return { problem: `${label} is ${quote(raw)}; it takes ${wantedOf(input)}.` };
	}
	const text = String(raw);
	if (holdsNoText(text)) return { problem: noText(label, text) };
	const value = scalarText(input, text);
	return value === undefined
		? { problem: `${label} is ${quote(raw)}; it takes ${wantedOf(input)}.` }
		: { type: 'plain', value };
}

/** @returns undefined for what the input does not take */
function scalarText({ kind, options, min, max }: NodeInput, given: string): string | undefined {
	const text = halfWidth(given);
	switch (kind) {
		case 'number':
		case 'integer': {
			const number = kind === 'integer' ? wholeNumberText(text) : numberText(text);
			const value = Number(number);
			return value >= (min ?? -Infinity) && value <= (max ?? Infinity) ? number : undefined;
		}
		case 'boolean':
			return booleanIn(text)?.toString();
		case 'choice':
			return (
				options?.find(({ value }) => value === given.trim()) ??
				options?.find(({ value }) => halfWidth(value) === text)
			)?.value;
		default:
			return given;
	}
}

function wholeNumberText(text: string): string | undefined {
	const number = numberText(text);
	if (number === undefined || /^-?\d+$/.test(number)) return number;
	return Number.isSafeInteger(Number(number)) ? String(Number(number)) : undefined;
}

/** What an input takes, to end a sentence with. */
function wantedOf({ kind, options = [], min, max }: NodeInput): string {
	switch (kind) {
		case 'number':
			return `a number${rangeOf(min, max)}`;
		case 'integer':
			return `a whole number${rangeOf(min, max)}`;
		case 'boolean':
			return 'true or false';
		case 'choice':
			return `one of ${options.map(({ value }) => value).join(', ')}`;
		default:
			return 'text';
	}
}

const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:\/\/|data:)/i;
/** As uploads name files, with or without a folder, and archives without an ending (reference section 9). */
const UPLOADED =
	/^(?:(?:openapi|api)\/[\w-]+|(?:[\w-]+\/)?[0-9a-f]{16,})(?:\.[a-z0-9]+)?(?: \[\w+\])?$/i;
const FILE_NAME = /^[^/\\:,;|]+\.[a-z0-9]{3,5}$/i;

/**
 * A file to be uploaded, or the name of one that RunningHub already has: nodes read files by name alone (reference
 * section 9.3).
 */
function readFile(
	{ label, saved }: NodeInput,
	raw: unknown,
	binaries: BinaryFiles,
	files?: ReadonlySet<string>,
): NodeValue | { problem: string } {
	const takes =
		'it takes the URL of a file, a data: URI, the name of a binary field, or the name of a file that RunningHub already has';
	const sources = parseMedia(raw, binaries);
	const given = sources.filter(isUploadable);
	const [source, another] = given;
	if (source !== undefined && sources.length === 1) return { type: 'file', source, label };
	if (another !== undefined)
		return { problem: `${label} has ${given.length} files; it takes one.` };
	const name = typeof raw === 'string' ? raw.trim() : '';
	const isOwn = name === saved || files?.has(name) === true;
	const maybeOwn = files === undefined && FILE_NAME.test(name);
	if (isOwn || maybeOwn || UPLOADED.test(name)) return { type: 'plain', value: name };
	const why = sources.flatMap((one) => (one.type === 'invalid' ? (one.why ?? []) : []))[0];
	if (why !== undefined) return { problem: `${label} is ${quote(raw)}, ${why}.` };
	if (name === '' || ADDRESS.test(name)) {
		return { problem: `${label} is ${quote(raw)}; ${takes}.` };
	}
	const has = binaries.size === 0 ? 'no files' : [...binaries.keys()].join(', ');
	return { problem: `${label} is ${quote(name)}, but this item has ${has}; ${takes}.` };
}

function isUploadable(source: { type: string }): source is FileSource {
	return source.type === 'url' || source.type === 'data' || source.type === 'binary';
}

function readJsonInput({ label }: NodeInput, raw: unknown): NodeValue | { problem: string } {
	const given = typeof raw === 'string' ? tryStandardJson(raw) : raw;
	return typeof given === 'object' && given !== null
		? { type: 'plain', value: asJson(given) }
		: { problem: `${label} is ${quote(raw)}; it takes a JSON list or object.` };
}

/** As it will arrive. */
function asJson(value: unknown): JsonValue {
	return JSON.parse(JSON.stringify(value) ?? 'null');
}
