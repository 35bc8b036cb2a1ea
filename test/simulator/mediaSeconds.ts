import { closeSync, openSync, readSync } from 'node:fs';
import type { Upload } from './files';

/** How long an uploaded film lasts; undefined for what is no MP4 or QuickTime film, or a broken one. */
export function secondsOf({ path, size, extension }: Upload): number | undefined {
	if (extension !== 'mp4' && extension !== 'mov') return undefined;
	const file = openSync(path, 'r');
	try {
		const movie = findBox(file, 'moov', 0, size);
		const header = movie && findBox(file, 'mvhd', movie.from, movie.to);
		return header && durationIn(bytesAt(file, header.from, 32));
	} finally {
		closeSync(file);
	}
}

interface Span {
	from: number;
	to: number;
}

/** The inside of the first box of this type among those that follow each other (ISO 14496-12, 4.2). */
function findBox(file: number, type: string, from: number, to: number): Span | undefined {
	for (let at = from; at + 8 <= to; ) {
		const head = bytesAt(file, at, 16);
		const short = head.readUInt32BE(0);
		const isLong = short === 1;
		const length = isLong ? Number(head.readBigUInt64BE(8)) : short === 0 ? to - at : short;
		if (length < 8) return undefined;
		if (head.toString('latin1', 4, 8) === type) {
			return { from: at + (isLong ? 16 : 8), to: Math.min(to, at + length) };
		}
		at += length;
	}
	return undefined;
}

/** `mvhd` (8.2.2): the number of units, and how many there are in a second. */
function durationIn(header: Buffer): number | undefined {
	const isVersion1 = header.readUInt8(0) === 1;
	const scale = header.readUInt32BE(isVersion1 ? 20 : 12);
	const length = isVersion1 ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
	return scale === 0 ? undefined : length / scale;
}

/** Zeros where the file has ended. */
function bytesAt(file: number, position: number, length: number): Buffer {
	const bytes = Buffer.alloc(length);
	readSync(file, bytes, 0, length, position);
	return bytes;
}
