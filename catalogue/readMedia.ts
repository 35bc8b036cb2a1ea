import { bareType, extensionInUrl, extensionOf } from '../runninghub/mimeTypes';
import {
	parseMedia,
	type BinaryFile,
	type BinaryFiles,
	type MediaSource,
} from '../runninghub/media';
import { labelOf } from './labels';
import { takesSeveral, type MediaKind, type Param } from './model';
import { aFile, enumerated } from './sentences';
import { quote } from '../runninghub/text';

/** A parameter that takes files, and what the problems with it are told with. */
interface Field {
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
	return {
		sources,
		problems: problemsOf({ param, kind, label: labelOf(param.key), modelName }, sources),
	};
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
	const isFile = read.sources.some(({ type }) => type !== 'invalid' && type !== 'missingBinary');
	return isFile ? read : undefined;
}

function problemsOf(field: Field, sources: MediaSource[]): string[] {
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
	return sources.flatMap((source) => sourceProblem(field, source) ?? []);
}

const LOCAL_PATH = /^(?:\/|~|\.{1,2}\/|[a-z]:[\\/]|file:)/i;

function sourceProblem(field: Field, source: MediaSource): string | undefined {
	const { kind, label } = field;
	const howTo = `give an address that starts with https:// or http://, a data: URI of ${aFile(kind)}, or the name of a binary field`;
	switch (source.type) {
		case 'invalid':
			return LOCAL_PATH.test(source.text)
				? `${label} is ${quote(source.text)}, a file that RunningHub cannot reach; ${howTo}.`
				: `${label} is ${quote(source.text)}, which is not a URL; ${howTo}.`;
		case 'missingBinary': {
			const { field: name, available } = source;
			const has =
				available.length === 0
					? 'this item has no files'
					: `this item has ${enumerated(available, 'and')}`;
			return `${label} is ${quote(name)}, but there is no binary field of that name: ${has}; ${howTo}.`;
		}
		case 'url':
			return wrongExtension(field, extensionInUrl(source.url), label);
		case 'data':
			return fileProblem(field, `${label} is a data: URI`, {
				...source.file,
				fileName: undefined,
			});
		case 'binary':
			return fileProblem(field, `${label} (${quote(source.field)}) is a file`, source.file);
	}
}

/** Types that say nothing of what is in the file. */
const UNKNOWN_TYPE = /^$|^application\/(?:octet-stream|binary|force-download)$/;

function fileProblem(
	field: Field,
	whatItIs: string,
	{
		mimeType,
		fileName,
		sizeBytes,
	}: Pick<BinaryFile, 'mimeType' | 'sizeBytes'> & { fileName?: string },
): string | undefined {
	const { param, kind, label, modelName } = field;
	const type = bareType(mimeType);
	const isUnknown = UNKNOWN_TYPE.test(type);
	if (!isUnknown && !type.startsWith(`${kind}/`)) {
		return `${whatItIs} of type ${quote(type)}; ${modelName} takes ${aFile(kind)}${accepted(param, ' (', ')')}.`;
	}
	const sizeMB = (sizeBytes ?? 0) / 1_048_576;
	if (param.maxSizeMB !== undefined && sizeMB > param.maxSizeMB) {
		return `${label} is ${sizeMB.toFixed(1)} MB; ${modelName} takes at most ${param.maxSizeMB} MB.`;
	}
	const named = /\.([a-z0-9]{1,5})$/i.exec(fileName ?? '')?.[1]?.toLowerCase();
	return wrongExtension(field, extensionOf(type), label) ?? wrongExtension(field, named, label);
}

const MEDIA_EXTENSION =
	/^(?:aac|avi|avif|bmp|flac|flv|gif|heic|heif|jpe?g|m4a|m4v|mkv|mov|mp3|mp4|mpe?g|ogg|opus|pdf|png|svg|tiff?|wav|webm|webp|wma|wmv)$/;

const SAME: Readonly<Record<string, string>> = { jpeg: 'jpg', tif: 'tiff' };

/** A name without a telling ending is let through: what is behind it may well be of the right type. */
function wrongExtension(
	{ param, modelName }: Field,
	extension: string | undefined,
	label: string,
): string | undefined {
	if (extension === undefined || param.accept === undefined || !MEDIA_EXTENSION.test(extension))
		return undefined;
	const plain = (name: string) => SAME[name] ?? name;
	if (param.accept.some((allowed) => plain(allowed) === plain(extension))) return undefined;
	return `${label} is a .${extension} file; ${modelName} takes ${accepted(param)}.`;
}

function accepted({ accept = [] }: Param, before = '', after = ''): string {
	return accept.length === 0 ? '' : `${before}${accept.join(', ')}${after}`;
}
