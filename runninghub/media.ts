import { createHash } from 'node:crypto';
import { extensionOf } from './mimeTypes';
import type { UploadFile } from './multipart';
import { inPieces } from './openUrl';
import { shorten } from './text';

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
	| { type: 'invalid'; text: string };

const BINARY_FIELD = /^[A-Za-z_][\w-]*$/;
const DATA_URI = /^data:([^;,]+)?(?:;[^;,]+)*?(;base64)?,(.*)$/is;

/**
 * Reads what a media field holds: a URL, a `data:` URI, a binary field's name, or several of them, separated by
 * commas or line breaks, or as an array. n8n's own description of one of the item's files counts as its field.
 * @param value as n8n hands it over; empty text, null and undefined are no media
 * @param binaries the files of the item
 */
export function parseMedia(value: unknown, binaries: BinaryFiles = new Map()): MediaSource[] {
	if (value === undefined || value === null) return [];
	if (Array.isArray(value)) return value.flatMap((one) => parseMedia(one, binaries));
	if (typeof value === 'object') return [describedFile(value, binaries)];
	if (typeof value !== 'string') return [{ type: 'invalid', text: JSON.stringify(value) }];
	return splitList(value, binaries).map((text) => parseOne(text, binaries));
}

function parseOne(text: string, binaries: BinaryFiles): MediaSource {
	if (/^data:/i.test(text)) return parseDataUri(text);
	if (/^https?:\/\//i.test(text) && URL.canParse(text)) return { type: 'url', url: text };
	const field = text.replace(/^_files\./, '');
	const file = binaries.get(field);
	if (file !== undefined) return { type: 'binary', field, file };
	if (BINARY_FIELD.test(text)) {
		return { type: 'missingBinary', field: text, available: [...binaries.keys()] };
	}
	return { type: 'invalid', text };
}

/** As an expression such as `{{ $binary.data }}` gives it. */
function describedFile(value: object, binaries: BinaryFiles): MediaSource {
	const id: unknown = 'id' in value ? value.id : undefined;
	const sameAs = (file: BinaryFile) =>
		id === undefined
			? // Files that n8n holds in memory have no id.
				Reflect.get(value, 'fileName') === file.fileName &&
				Reflect.get(value, 'mimeType') === file.mimeType
			: file.id === id;
	const [found, ...others] = [...binaries].filter(([, file]) => sameAs(file));
	if (found !== undefined && others.length === 0)
		return { type: 'binary', field: found[0], file: found[1] };
	return { type: 'invalid', text: shorten(JSON.stringify(value)) };
}

function parseDataUri(text: string): MediaSource {
	const [, mimeType, base64, payload] = DATA_URI.exec(text) ?? [];
	if (payload === undefined || payload === '') return { type: 'invalid', text: shorten(text) };
	const type = mimeType?.toLowerCase() ?? 'text/plain';
	const content = base64 ? base64Content(payload) : textContent(payload);
	if (content.sizeBytes === 0) return { type: 'invalid', text: shorten(text) };
	const id = `data ${type} ${createHash('sha256').update(payload).digest('hex')}`;
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
		open: async () => decoded(base64),
	};
}

const NOT_BASE64 = /[^\w+/=-]/;
/** Characters: four of base64 are three bytes, so each piece is decoded by itself. */
const PIECE = 262_144;

async function* decoded(base64: string): AsyncIterable<Uint8Array> {
	for (let at = 0; at < base64.length; at += PIECE) {
		yield Buffer.from(base64.slice(at, at + PIECE), 'base64');
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

/**
 * Splits at commas and line breaks. URLs and data URIs hold commas of their own: a piece that starts neither a URL
 * nor a data URI, and is no binary field's name, belongs to the piece before it.
 */
function splitList(text: string, binaries: BinaryFiles): string[] {
	if (binaries.has(text.trim())) return [text.trim()];
	const [first = '', ...rest] = text.split(/([,\n])/);
	const pieces = first.trim() === '' ? [] : [first.trim()];
	for (let index = 0; index + 1 < rest.length; index += 2) {
		const piece = rest[index + 1]?.trim() ?? '';
		const previous = pieces.at(-1);
		if (rest[index] === ',' && previous !== undefined && belongsTo(previous, piece)) {
			pieces[pieces.length - 1] = `${previous},${piece}`;
		} else if (piece !== '') {
			pieces.push(piece);
		}
	}
	return pieces;
}

function belongsTo(previous: string, piece: string): boolean {
	if (/^data:/i.test(previous) && !previous.includes(',')) return true;
	if (/^(?:https?:|data:)/i.test(piece) || piece === '') return false;
	return /^https?:/i.test(previous) && !BINARY_FIELD.test(piece);
}
