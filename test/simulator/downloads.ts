import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ByteSource } from './content';
import type { ResultFile } from './taskScripts';
import { pause } from './pause';

/** How the files origin answers downloads. */

/** A file on the files origin. */
export interface StoredFile {
	source: ByteSource;
	/** The `sig` of its URL: without it, 403. */
	signature: string;
	expiresAt: number;
	contentType: string | null;
	spec: ResultFile | undefined;
	breaksLeft: number;
	etag: string;
}

/** Where a file's address leads instead, if it leads on. */
export function redirectTo(file: StoredFile, url: URL, origin: string): string | undefined {
	const redirect = file.spec?.redirect;
	const isSecondAddress = url.searchParams.has('hop') && redirect !== 'loop';
	if (redirect === undefined || isSecondAddress) return undefined;
	url.searchParams.set('hop', '1');
	const path = `${url.pathname}${url.search}`;
	switch (redirect) {
		case true:
		case 'loop':
			return `${origin}${path}`;
		case 'otherOrigin':
			return `${otherNameOf(origin)}${path}`;
		default:
			return redirect;
	}
}

/** The same server under its other name, which makes it another origin. */
function otherNameOf(origin: string): string {
	const other = new URL(origin);
	other.hostname = other.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
	return other.origin;
}

/** Refusals of the object storage are XML. */
export function refuse(response: ServerResponse, status: number, code: string): number {
	const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`;
	response.writeHead(status, {
		'Content-Type': 'application/xml',
		'Content-Length': Buffer.byteLength(body),
	});
	response.end(body);
	return status;
}

/** Answers a GET or HEAD with a file, or with the range of it that was asked for. */
export async function send(
	file: StoredFile,
	request: IncomingMessage,
	response: ServerResponse,
	headOnly: boolean,
): Promise<number> {
	const { size } = file.source;
	const range = size === Infinity ? undefined : rangeOf(request.headers.range, size);
	if (range === 'unsatisfiable') {
		response.setHeader('Content-Range', `bytes */${size}`);
		return refuse(response, 416, 'InvalidRange');
	}
	const { from, to } = range ?? { from: 0, to: size };
	const status = range === undefined ? 200 : 206;
	response.statusCode = status;
	response.setHeader('Accept-Ranges', 'bytes');
	response.setHeader('ETag', file.etag);
	if (file.contentType !== null) response.setHeader('Content-Type', file.contentType);
	const tellsLength = file.spec?.noContentLength !== true && to !== Infinity;
	if (tellsLength) response.setHeader('Content-Length', to - from);
	if (range !== undefined) response.setHeader('Content-Range', `bytes ${from}-${to - 1}/${size}`);
	if (headOnly) {
		response.end();
		return status;
	}
	await stream(file, from, to, response);
	return status;
}

/** `bytes=a-b`, `bytes=a-` or `bytes=-n`; anything else is answered with the whole file. */
function rangeOf(
	header: string | undefined,
	size: number,
): { from: number; to: number } | 'unsatisfiable' | undefined {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
	const [, first = '', last = ''] = match ?? [];
	if (first === '' && last === '') return undefined;
	const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
	const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
	return from < to ? { from, to } : 'unsatisfiable';
}

/** Sends the bytes at the speed that the file was given, or breaks off where it was told to. */
async function stream(
	file: StoredFile,
	from: number,
	to: number,
	response: ServerResponse,
): Promise<void> {
	const breakAt = file.breaksLeft > 0 ? from + (file.spec?.breakAfterBytes ?? 0) : Infinity;
	if (breakAt < to) file.breaksLeft -= 1;
	const end = Math.min(to, breakAt);
	const speed = file.spec?.bytesPerSecond;
	const startedAt = performance.now();
	let sent = 0;
	response.flushHeaders();
	for await (const chunk of file.source.read(from, end)) {
		for (const piece of piecesFor(chunk, speed)) {
			if (response.destroyed) return;
			if (!response.write(piece)) await drainOrClose(response);
			if (speed === undefined) continue;
			// By the clock from the start on: timers that come late do not add up.
			sent += piece.length;
			const aheadMs = (sent / speed) * 1000 - (performance.now() - startedAt);
			if (aheadMs > 2) await pause(aheadMs, response);
		}
	}
	if (end < to) {
		// What was written must leave before the connection breaks, or the break comes earlier than asked.
		await new Promise((sent) => response.write('', sent));
		response.destroy();
	} else {
		response.end();
	}
}

/** A throttled file goes in pieces of a twentieth of a second. */
function* piecesFor(chunk: Buffer, speed: number | undefined): Iterable<Buffer> {
	const length = speed === undefined ? chunk.length : Math.max(1, Math.floor(speed / 20));
	for (let at = 0; at < chunk.length; at += length) yield chunk.subarray(at, at + length);
}

export function drainOrClose(response: ServerResponse): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			response.off('drain', done);
			response.off('close', done);
			resolve();
		};
		response.on('drain', done);
		response.on('close', done);
	});
}
