import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that can be read from any place to any place without holding them all. `to` is exclusive. */
export interface ByteSource {
	size: number;
	read(from: number, to: number): AsyncIterable<Buffer> | Iterable<Buffer>;
}

const BLOCK = 64 * 1024;
const BLOCKS_PER_CHUNK = 4;

/** One block of noise, the same on every machine and in every run. */
const noise = makeNoise();

function makeNoise(): Buffer {
	const block = Buffer.alloc(BLOCK);
	let state = 0x2545f491;
	for (let at = 0; at < BLOCK; at += 1) {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		block[at] = state & 0xff;
	}
	return block;
}

/**
 * Deterministic bytes of any size. Each block of 64 kB is the same noise with the block's number in
 * front, so a block that is lost, repeated or out of order changes the file's hash.
 */
export function generated(size: number): ByteSource {
	return {
		size,
		*read(from, to) {
			for (let at = from; at < to; ) {
				const firstBlock = Math.floor(at / BLOCK);
				const chunk = Buffer.allocUnsafe(BLOCK * BLOCKS_PER_CHUNK);
				for (let block = 0; block < BLOCKS_PER_CHUNK; block += 1) {
					noise.copy(chunk, block * BLOCK);
					chunk.writeBigUInt64LE(BigInt(firstBlock + block), block * BLOCK);
				}
				const start = at - firstBlock * BLOCK;
				const end = Math.min(chunk.length, to - firstBlock * BLOCK);
				yield chunk.subarray(start, end);
				at = firstBlock * BLOCK + end;
			}
		},
	};
}

export function fromBuffer(bytes: Buffer): ByteSource {
	return {
		size: bytes.length,
		*read(from, to) {
			yield bytes.subarray(from, to);
		},
	};
}

export function fromDisk(path: string, size: number): ByteSource {
	return {
		size,
		read: (from, to) => (to > from ? createReadStream(path, { start: from, end: to - 1 }) : []),
	};
}

const CONTENT_TYPES: Record<string, string> = {
	mp4: 'video/mp4',
	mov: 'video/quicktime',
	avi: 'video/x-msvideo',
	mkv: 'video/x-matroska',
	webm: 'video/webm',
	png: 'image/png',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	webp: 'image/webp',
	gif: 'image/gif',
	mp3: 'audio/mpeg',
	wav: 'audio/wav',
	flac: 'audio/flac',
	glb: 'model/gltf-binary',
	zip: 'application/zip',
	json: 'application/json',
	txt: 'text/plain; charset=utf-8',
};

export const contentTypeOf = (extension: string): string =>
	CONTENT_TYPES[extension.toLowerCase()] ?? 'application/octet-stream';

const fixtures = new Map<string, Buffer>();

function fixture(name: string): Buffer {
	const known = fixtures.get(name);
	if (known !== undefined) return known;
	const bytes = readFileSync(join(__dirname, 'fixtures', name));
	fixtures.set(name, bytes);
	return bytes;
}

/** A small, really playable (or viewable) file of this type; noise for a type that has none. */
export function sampleOf(extension: string): ByteSource {
	switch (extension.toLowerCase()) {
		case 'mp4':
			return fromBuffer(fixture('sample.mp4'));
		case 'png':
			return fromBuffer(fixture('sample.png'));
		case 'jpg':
		case 'jpeg':
			return fromBuffer(fixture('sample.jpg'));
		case 'mp3':
			return fromBuffer(fixture('sample.mp3'));
		case 'glb':
			return fromBuffer(emptyGlb());
		case 'txt':
			return fromBuffer(Buffer.from('A result in words.\n'));
		default:
			return generated(2048);
	}
}

/** The smallest valid binary glTF: a header and one JSON chunk. */
function emptyGlb(): Buffer {
	const json = Buffer.from('{"asset":{"version":"2.0"}}'.padEnd(28));
	const head = Buffer.alloc(20);
	head.write('glTF', 0);
	head.writeUInt32LE(2, 4);
	head.writeUInt32LE(20 + json.length, 8);
	head.writeUInt32LE(json.length, 12);
	head.write('JSON', 16);
	return Buffer.concat([head, json]);
}
