import { createHash } from 'node:crypto';
import { tryParseJson } from '../base/json';
import { extensionOf, mimeTypeOf, saysNothing, standardType } from '../base/mimeTypes';
import { shorten } from '../base/text';
import type { UploadFile } from '../http/multipart';
import { bareBase64, entriesOf } from './mediaList';
import { inPieces } from './openUrl';
import { directForm } from './sharePage';

/** A file of the input item. */
export interface BinaryFile extends UploadFile {
	/** The same for the same bytes, whichever items and fields hold them. */
	id: string;
}

/** The files of one input item by the name of their binary field. */
export type BinaryFiles = ReadonlyMap<string, BinaryFile>;

/** One thing that a media field was given. */
export type MediaSource =
	| { type: 'url'; url: string }
	| { type: 'data'; file: BinaryFile }
	/** A binary field of the input item. */
	| { type: 'binary'; field: string; file: BinaryFile }
	/** It looks like the name of a binary field, but the item has none of that name. */
	| { type: 'missingBinary'; field: string; available: string[] }
	/** `why` ends a sentence that begins with what it is: `…, which is X; give Y`. */
	| { type: 'invalid'; text: string; why?: string };

const BINARY_FIELD = /^[A-Za-z_][\w-]*$/;
const DATA_URI = /^data:([^;,]+)?(?:;[^;,]+)*?(;base64)?,(.*)$/is;
const LOCAL_PATH = /^(?:\/|~|\.{1,2}\/|[a-z]:[\\/]|file:)/i;

/** Addresses of files that are not of the web, and the node of n8n that opens them. */
const NODE_OF_SCHEME: ReadonlyMap<string, string> = new Map([
	['s3', 'S3'],
	// Alibaba's and Tencent's stores understand S3 as well.
	['oss', 'S3'],
	['cos', 'S3'],
	['gs', 'Google Cloud Storage'],
	['ftp', 'FTP'],
	['ftps', 'FTP'],
	['sftp', 'FTP'],
]);

/**
 * Reads what a media field holds: a URL, a `data:` URI, a binary field's name, or several of them, as an array, as its
 * JSON text, or as text with separators. n8n's own description of one of the item's files counts as its field, and an object
 * with a `url`, such as a result of a task, as that address.
 * @param value as n8n hands it over; empty text, null and undefined are no media
 * @param binaries the files of the item
 */
export function parseMedia(value: unknown, binaries: BinaryFiles = new Map()): MediaSource[] {
	if (typeof value !== 'string') return parseElement(value, binaries);
	const text = value.trim();
	const list: unknown = /^[[{]/.test(text) && !binaries.has(text) ? tryParseJson(text) : undefined;
	if (typeof list === 'object') return parseElement(list, binaries);
	return entriesOf(text, binaries.keys()).map((entry) => parseOne(entry, binaries));
}

/** Elements of an array are not split any further: a comma in one belongs to it. */
function parseElement(value: unknown, binaries: BinaryFiles): MediaSource[] {
	if (value === undefined || value === null) return [];
	if (Array.isArray(value)) return value.flatMap((one) => parseElement(one, binaries));
	if (typeof value === 'object') {
		const url: unknown = 'url' in value ? value.url : undefined;
		return typeof url === 'string' ? parseElement(url, binaries) : [describedFile(value, binaries)];
	}
	if (typeof value !== 'string') return [{ type: 'invalid', text: JSON.stringify(value) }];
	const text = value.trim();
	return text === '' ? [] : [parseOne(text, binaries)];
}

function parseOne(text: string, binaries: BinaryFiles): MediaSource {
	const field = binaries.has(text) ? text : text.replace(/^_files\./, '');
	const file = binaries.get(field);
	if (file !== undefined) return { type: 'binary', field, file };
	if (/^data:/i.test(text)) return parseDataUri(text);
	if (/^https?:\/\//i.test(text) && URL.canParse(text)) return parseAddress(text);
	const bare = bareBase64(text);
	if (bare !== undefined) {
		const type = mimeTypeOf(bare) ?? 'image/png';
		const why = `base64 without a file type; put data:${type};base64, before it`;
		return { type: 'invalid', text, why };
	}
	const [, scheme = ''] = /^([a-z0-9]{2,4}):\/\//.exec(text.toLowerCase()) ?? [];
	const node = NODE_OF_SCHEME.get(scheme);
	if (node !== undefined) {
		const why = `which RunningHub cannot open; get the file with n8n’s ${node} node, and give the name of its binary field`;
		return { type: 'invalid', text, why };
	}
	if (LOCAL_PATH.test(text)) {
		return { type: 'invalid', text, why: `a file that RunningHub cannot reach; ${READ_IT_FIRST}` };
	}
	if (BINARY_FIELD.test(text)) {
		return { type: 'missingBinary', field: text, available: [...binaries.keys()] };
	}
	return { type: 'invalid', text };
}

/** The end of a sentence about a file that only this n8n can read. */
export const READ_IT_FIRST =
	'get the file with an HTTP Request or Read/Write Files node first, and give the name of its binary field instead';

/** An address in an address follows these: `?url=https://…`, `/fetch/https://…`. */
const ADDRESS_INSIDE = /[/=(:?@]$/;

function parseAddress(text: string): MediaSource {
	const parts = text.split(/(?=https?:\/\/)/i);
	if (!parts.slice(0, -1).every((part) => ADDRESS_INSIDE.test(part))) {
		const why =
			'several addresses in one; separate them with commas or line breaks, or give them as an array';
		return { type: 'invalid', text, why };
	}
	const url = encodedAddress(text);
	const direct = directForm(url);
	return direct === undefined ? { type: 'url', url } : { type: 'invalid', text, why: direct };
}

/** No address holds these as they are (RFC 3986); what is encoded already stays, or a signature would no longer fit. */
const NOT_IN_ADDRESSES = /[^\w!#$%&'()*+,\-./:;=?@[\]~]+/g;

function encodedAddress(text: string): string {
	return text
		.replace(/^(https?:\/\/)([^/?#]*)/i, (whole: string, scheme: string, authority: string) =>
			/^[\x21-\x7e]*$/.test(authority) ? whole : `${scheme}${new URL(text).host}`,
		)
		.replace(NOT_IN_ADDRESSES, (part) =>
			encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd')),
		);
}

/** As an expression such as `{{ $binary.data }}` gives it. */
function describedFile(value: object, binaries: BinaryFiles): MediaSource {
	// Files that n8n holds in memory have no id, and in `$binary` no data either.
	const id: unknown = Reflect.get(value, 'id') ?? Reflect.get(value, 'data');
	const sameAs = (file: BinaryFile) =>
		id === undefined
			? Reflect.get(value, 'fileName') === file.fileName &&
				Reflect.get(value, 'mimeType') === file.mimeType
			: file.id === id;
	const [found, ...others] = [...binaries].filter(([, file]) => sameAs(file));
	if (found !== undefined && others.length === 0)
		return { type: 'binary', field: found[0], file: found[1] };
	return { type: 'invalid', text: shorten(JSON.stringify(value)) };
}

/** Of base64 that came with a form or an address, `+`, `/` and `=` can be written as `%2B` and the like. */
const ENCODED = /%(?:2[bf]|3d)/gi;
/** Both alphabets of base64 (RFC 4648), and what it is wrapped with. */
const BASE64 = /^[\w+/=\s-]*$/;

function parseDataUri(text: string): MediaSource {
	const [, mimeType, base64, payload] = DATA_URI.exec(text) ?? [];
	const invalid: MediaSource = { type: 'invalid', text: shorten(text) };
	if (payload === undefined || payload === '') return invalid;
	const plain = base64 ? payload.replace(ENCODED, decodeURIComponent) : payload;
	if (base64 && !BASE64.test(plain)) return invalid;
	const content = base64 ? base64Content(plain) : textContent(plain);
	if (content.sizeBytes === 0) return invalid;
	const declared = standardType(mimeType?.trim().toLowerCase() ?? 'text/plain');
	const digest = createHash('sha256').update(plain).digest('hex');
	const id = `data ${base64 ? 'base64' : 'text'} ${declared} ${digest}`;
	const known = saysNothing(declared) && base64 ? bareBase64(plain.trimStart()) : undefined;
	const type = mimeTypeOf(known ?? null) ?? declared;
	const fileName = `input.${extensionOf(type) ?? 'bin'}`;
	return { type: 'data', file: { id, fileName, mimeType: type, ...content } };
}

type Content = Pick<BinaryFile, 'sizeBytes' | 'open'>;

/** Nothing is decoded before it is read: a run has many items, and each may hold a picture as text. */
export function base64Content(text: string): Content {
	const known = NOT_BASE64.test(text) ? text.replaceAll(new RegExp(NOT_BASE64, 'g'), '') : text;
	// Here Node stops reading, whatever comes behind.
	const end = known.indexOf('=');
	const base64 = end === -1 ? known : known.slice(0, end);
	return {
		sizeBytes: Buffer.byteLength(base64, 'base64'),
		open: async (pieceBytes = PIECE_BYTES) => decoded(base64, pieceBytes),
	};
}

const NOT_BASE64 = /[^\w+/=-]/;
const PIECE_BYTES = 196_608;

/** Four characters of base64 are three bytes, so each piece is decoded by itself. */
async function* decoded(base64: string, pieceBytes: number): AsyncIterable<Uint8Array> {
	const characters = Math.ceil(pieceBytes / 3) * 4;
	for (let at = 0; at < base64.length; at += characters) {
		yield Buffer.from(base64.slice(at, at + characters), 'base64');
	}
}

function textContent(payload: string): Content {
	const bytes = percentDecoded(payload);
	return { sizeBytes: bytes.length, open: async () => inPieces(bytes) };
}

function percentDecoded(text: string): Buffer {
	try {
		return Buffer.from(decodeURIComponent(text));
	} catch {
		return Buffer.from(text);
	}
}
