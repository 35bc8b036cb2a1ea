import { bareType, extensionInName, extensionOf, mimeTypeOf, saysNothing } from '../base/mimeTypes';
import type { UploadFile } from '../http/multipart';

/** Bytes that are read of a file to see what it is: all signatures below lie within them. */
export const HEAD_BYTES = 4_096;

/** The start of a file. Of a stream no more than that is read, and it is closed. */
export async function headOf({ open }: Pick<UploadFile, 'open'>): Promise<Uint8Array> {
	const pieces: Uint8Array[] = [];
	let length = 0;
	// Leaving the loop closes the stream.
	for await (const piece of await open(HEAD_BYTES)) {
		pieces.push(piece);
		length += piece.length;
		if (length >= HEAD_BYTES) break;
	}
	return Buffer.concat(pieces).subarray(0, HEAD_BYTES);
}

/** What the first bytes of a file tell. */
export interface SniffedFile {
	isEmpty: boolean;
	/** As {@link sniffType}. */
	type: string | undefined;
}

/** Reads the start of a file, at most {@link HEAD_BYTES}. Throws where it cannot be read. */
export async function sniffFile(file: Pick<UploadFile, 'open'>): Promise<SniffedFile> {
	const head = await headOf(file);
	return { isEmpty: head.length === 0, type: sniffType(head) };
}

/** Bytes at offsets of the file, written as Latin-1 text. */
type Signature = readonly [
	extension: string,
	...at: Array<readonly [offset: number, text: string]>,
];

const SIGNATURES: readonly Signature[] = [
	['jpg', [0, '\xff\xd8\xff']],
	['png', [0, '\x89PNG\r\n\x1a\n']],
	['gif', [0, 'GIF8']],
	['webp', [0, 'RIFF'], [8, 'WEBP']],
	['wav', [0, 'RIFF'], [8, 'WAVE']],
	['avi', [0, 'RIFF'], [8, 'AVI ']],
	['tiff', [0, 'II*\0']],
	['tiff', [0, 'MM\0*']],
	['pdf', [0, '%PDF-']],
	['zip', [0, 'PK\x03\x04']],
	['flac', [0, 'fLaC']],
	['ogg', [0, 'OggS']],
	['mp3', [0, 'ID3']],
	['flv', [0, 'FLV\x01']],
	['wmv', [0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11']],
	['mpg', [0, '\0\0\x01\xba']],
];

/** What the ISO container says of itself (ISO/IEC 14496-12, `ftyp`); all other brands are videos. */
const BRANDS: ReadonlyArray<readonly [RegExp, string]> = [
	[/^avi[fs]$/, 'avif'],
	[/^(?:he[im][cxs]|hev[cx])$/, 'heic'],
	[/^m[is]f1$/, 'heif'],
	[/^M4[AB] $/, 'm4a'],
	[/^qt {2}$/, 'mov'],
	[/^M4V/, 'm4v'],
];

/**
 * What a file is by its first bytes, as an extension; undefined for what they do not tell.
 * @param head the first bytes, as many as there are up to {@link HEAD_BYTES}
 */
export function sniffType(head: Uint8Array): string | undefined {
	const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
	const found = SIGNATURES.find(([, ...parts]) =>
		parts.every(([offset, part]) => text.startsWith(part, offset)),
	);
	if (found !== undefined) return found[0];
	if (text.startsWith('ftyp', 4)) return isoType(text);
	if (text.startsWith('\x1a\x45\xdf\xa3')) return text.includes('webm') ? 'webm' : 'mkv';
	if (text.startsWith('BM') && text.startsWith('\0\0\0\0', 6)) return 'bmp';
	// The sync word of an MPEG audio frame, of layer III or of AAC.
	if (/^\xff[\xe2\xe3\xf2\xf3\xfa\xfb]/.test(text)) return 'mp3';
	if (/^\xff[\xf0\xf1\xf8\xf9]/.test(text)) return 'aac';
	return markupType(text);
}

/** The main brand says too little for pictures: iPhones write `mif1` for what is HEIC by another of its brands. */
function isoType(text: string): string {
	const length = Math.min(text.charCodeAt(2) * 256 + text.charCodeAt(3), 256);
	const brands = [text.slice(8, 12), ...(text.slice(16, length).match(/[^]{4}/g) ?? [])];
	const typeOf = (brand: string) => BRANDS.find(([pattern]) => pattern.test(brand))?.[1];
	const main = typeOf(brands[0] ?? '');
	if (main !== 'heif') return main ?? 'mp4';
	return brands.map(typeOf).find((type) => type === 'heic' || type === 'avif') ?? 'heif';
}

function markupType(text: string): string | undefined {
	const start = text.replace(/^\xef\xbb\xbf/, '').trimStart();
	if (
		/^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(start)
	) {
		return 'svg';
	}
	return /^<(?:!doctype html|html|head|body)\b/i.test(start) ? 'html' : undefined;
}

/**
 * What is known of a file without reading it, as an extension: its type, or its name where the type says nothing;
 * undefined where neither tells.
 */
export function declaredType({
	mimeType,
	fileName,
}: Pick<UploadFile, 'mimeType' | 'fileName'>): string | undefined {
	const type = bareType(mimeType);
	if (!saysNothing(type)) return extensionOf(type);
	const named = extensionInName(fileName) ?? null;
	return mimeTypeOf(named) === null ? undefined : (named ?? undefined);
}

/**
 * The same file under the type that it has, where its own says nothing: RunningHub tells the type of an upload by it.
 * @param extension what its first bytes say
 */
export function withType<F extends Pick<UploadFile, 'mimeType' | 'fileName'>>(
	file: F,
	extension: string | undefined,
): F {
	const type = mimeTypeOf(declaredType(file) ?? extension ?? null);
	return type !== null && saysNothing(bareType(file.mimeType)) ? { ...file, mimeType: type } : file;
}

const CONVERT_IT = 'which RunningHub does not take: convert it to JPG or PNG first';

/**
 * Types that no call of RunningHub takes (reference section 9.1), and that people give without knowing it: phones save
 * pictures as HEIC, and a download may be an error page.
 * @returns what it is, to follow `it is`; undefined for all other types
 */
export function unsupportedReason(extension: string | undefined): string | undefined {
	switch (extension) {
		case 'heic':
		case 'heif':
			return `a ${extension.toUpperCase()} picture, ${CONVERT_IT}`;
		case 'avif':
			return `an AVIF picture, ${CONVERT_IT}`;
		case 'html':
			return 'a web page, not a file';
		default:
			return undefined;
	}
}
