import {
	bareType,
	extensionInName,
	extensionInUrl,
	extensionOf,
	isMedia,
	mimeTypeOf,
	saysNothing,
	standardType,
} from '../runninghub/base/mimeTypes';
import { CHECK_PREVIOUS_NODE, quote, tooManyMB } from '../runninghub/base/text';
import { parseMedia, type BinaryFiles, type MediaSource } from '../runninghub/files/media';
import type { UploadableSource } from '../runninghub/files/uploads';
import { labelOf } from './labels';
import { takesSeveral, type MediaKind, type Param } from './model';
import { aFile, enumerated } from './sentences';

/** A parameter that takes files, and what the problems with it are told with. */
export interface MediaField {
	param: Param;
	kind: MediaKind;
	label: string;
	modelName: string;
}

/** What a media field was given, with a sentence for each entry that the model would refuse. */
export interface MediaRead {
	sources: MediaSource[];
	problems: string[];
}

/** Reads a parameter that takes files: URLs, data: URIs and the item's own files. */
export function readMedia(
	param: Param,
	kind: MediaKind,
	raw: unknown,
	binaries: BinaryFiles,
	modelName: string,
): MediaRead {
	const sources = parseMedia(raw, binaries);
	const field = { param, kind, label: labelOf(param.key), modelName };
	return { sources, problems: problemsOf(field, sources, binaries) };
}

/**
 * Reads a text that may name a file: an address or a file of the item is one, all else is the id of a file that
 * RunningHub already has.
 * @returns undefined for an id, which is sent as text
 */
export function readMediaHint(
	param: Param,
	raw: unknown,
	binaries: BinaryFiles,
	modelName: string,
): MediaRead | undefined {
	const kind = param.mediaHint;
	if (kind === undefined) return undefined;
	const read = readMedia(param, kind, raw, binaries, modelName);
	// What is wrong with a file can be said of what was meant to be one.
	const isFile = read.sources.some((source) =>
		source.type === 'invalid' ? source.why !== undefined : source.type !== 'missingBinary',
	);
	return isFile ? read : undefined;
}

function problemsOf(field: MediaField, sources: MediaSource[], binaries: BinaryFiles): string[] {
	const { param, kind, label, modelName } = field;
	if (sources.length === 0) {
		return param.required
			? [
					`${label} is empty, but ${modelName} needs it: give the URL of ${aFile(kind)}, or the name of a binary field.`,
				]
			: [];
	}
	const most = takesSeveral(param) ? (param.maxItems ?? Infinity) : 1;
	if (sources.length > most) {
		return [`${label} has ${sources.length} entries; ${modelName} takes at most ${most}.`];
	}
	return sources.flatMap((source) => sourceProblem(field, source, [...binaries.keys()]) ?? []);
}

function sourceProblem(
	field: MediaField,
	source: MediaSource,
	available: readonly string[],
): string | undefined {
	const { kind, label } = field;
	const howTo = `give an address that starts with https:// or http://, a data: URI of ${aFile(kind)}, or the name of a binary field`;
	const has = `this item has ${available.length === 0 ? 'no files' : enumerated(available, 'and')}`;
	switch (source.type) {
		case 'invalid': {
			const { text, why } = source;
			if (why !== undefined) return `${label} is ${quote(text)}, ${why}.`;
			const fields = available.length === 0 ? '' : ` (${has})`;
			return `${label} is ${quote(text)}, which is not a URL; ${howTo}${fields}.`;
		}
		case 'missingBinary':
			return `${label} is ${quote(source.field)}, but there is no binary field of that name: ${has}; ${howTo}.`;
		case 'url':
			return wrongExtension(field, extensionInUrl(source.url), label);
		case 'data':
		case 'binary':
			return fileProblem(field, source);
	}
}

/** What a sentence about a file begins with, and what it calls the file. */
export function namesOf(
	{ label }: MediaField,
	source: UploadableSource,
): { what: string; noun: string } {
	return source.type === 'binary'
		? { what: `${label} (${quote(source.field)})`, noun: 'file' }
		: { what: label, noun: 'data: URI' };
}

function fileProblem(field: MediaField, source: UploadableSource): string | undefined {
	const { param, kind, label, modelName } = field;
	const { mimeType, fileName, sizeBytes } = source.file;
	const { what, noun } = namesOf(field, source);
	const said = standardType(bareType(mimeType));
	const named = extensionInName(fileName);
	const byName = mimeTypeOf(named ?? null) ?? '';
	const isSaid = !saysNothing(said);
	// What only a name tells of pictures, clips and sounds is held against the first bytes later.
	const isOther = isSaid ? !said.startsWith(`${kind}/`) : byName !== '' && !isMedia(byName);
	if (isOther)
		return `${what} is a ${noun} of type ${quote(isSaid ? said : byName)}; ${takes(field)}.`;
	if (sizeBytes === 0) return `${what} is an empty ${noun}; ${CHECK_PREVIOUS_NODE}.`;
	const { maxSizeMB = Infinity } = param;
	if (sizeBytes !== undefined && sizeBytes > maxSizeMB * 1_048_576) {
		return `${label} is ${tooManyMB(sizeBytes, maxSizeMB)}; ${modelName} takes at most ${maxSizeMB} MB.`;
	}
	return (
		wrongExtension(field, isSaid ? extensionOf(said) : undefined, label) ??
		wrongExtension(field, named, label)
	);
}

/** An extension that tells nothing is let through: the file behind it may well be of the right type. */
export function wrongExtension(
	field: MediaField,
	extension: string | undefined,
	label: string,
): string | undefined {
	const { accept } = field.param;
	if (extension === undefined || accept === undefined) return undefined;
	const type = mimeTypeOf(extension) ?? '';
	if (!isMedia(type) && extension !== 'pdf') return undefined;
	if (accept.some((allowed) => allowed === extension || mimeTypeOf(allowed) === type)) {
		return undefined;
	}
	return `${label} is a .${extension} file; ${field.modelName} takes ${accept.join(', ')}.`;
}

/** `Vidu Q2 takes an image (jpg, png)` */
export function takes({ param, kind, modelName }: MediaField): string {
	const { accept = [] } = param;
	const types = accept.length === 0 ? '' : ` (${accept.join(', ')})`;
	return `${modelName} takes ${aFile(kind)}${types}`;
}
