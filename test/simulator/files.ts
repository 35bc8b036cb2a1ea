import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import {
	contentTypeOf,
	fromBuffer,
	fromDisk,
	generated,
	sampleOf,
	type ByteSource,
} from './content';
import type { ResultFile } from './lives';
import type { FileSink } from './multipart';
import { pause } from './pause';

/** A file on the files origin. */
interface StoredFile {
	source: ByteSource;
	/** The `sig` of its URL: without it, 403. */
	signature: string;
	expiresAt: number;
	contentType: string | null;
	spec: ResultFile | undefined;
	breaksLeft: number;
	etag: string;
}

/** A file that was uploaded (reference 9.1). */
export interface Upload {
	/** `openapi/<hash>.<ext>`: the value for a node's field. */
	fileName: string;
	/** The signed address: the value for a model's media field. */
	url: string;
	originalName: string;
	extension: string;
	contentType: string;
	size: number;
	sha256: string;
	expiresAt: number;
}

/** Result files and uploads, and the answers of the origin that serves them. */
export class FileStore {
	readonly uploads: Upload[] = [];
	private readonly files = new Map<string, StoredFile>();
	private directory: string | undefined;

	constructor(
		private readonly origin: () => string,
		private readonly now: () => number,
	) {}

	/** Makes a result file and returns its signed URL (reference 12.2, 12.5). */
	publish(taskId: string, index: number, spec: ResultFile, lifetimeMs: number): string {
		const number = String(index + 1).padStart(5, '0');
		const path = `/out/${taskId}/ComfyUI_${number}_.${spec.type}`;
		return this.store(path, {
			source: sourceOf(spec),
			expiresAt: this.now() + (spec.expiresInMs ?? lifetimeMs),
			contentType: spec.contentType === undefined ? contentTypeOf(spec.type) : spec.contentType,
			spec,
			breaksLeft: spec.breakAfterBytes === undefined ? 0 : (spec.breakTimes ?? 1),
		});
	}

	/** An address under which a result could be, but is not: for claims of a result that was never made. */
	addressOfNothing(taskId: string, extension: string): string {
		return `${this.origin()}/out/${taskId}/ComfyUI_99999_.${extension}`;
	}

	/** A place on disk for an upload that is coming in, so that its size does not matter. */
	async openUpload(): Promise<FileSink> {
		this.directory ??= mkdtempSync(join(tmpdir(), 'runninghub-simulator-'));
		const path = join(this.directory, randomBytes(12).toString('hex'));
		const file = await open(path, 'w');
		const hash = createHash('sha256');
		let size = 0;
		return {
			async write(chunk) {
				size += chunk.length;
				hash.update(chunk);
				await file.writeFile(chunk);
			},
			async end() {
				await file.close();
				return { path, size, sha256: hash.digest('hex') };
			},
			abort: () => file.close(),
		};
	}

	/** Keeps an upload that has come in whole, under the names that the reference gives it. */
	keepUpload(
		stored: { path: string; size: number; sha256: string },
		originalName: string,
		contentType: string,
		lifetimeMs: number,
	): Upload {
		const extension = extname(originalName).slice(1).toLowerCase();
		const fileName = `openapi/${stored.sha256}.${extension}`;
		const expiresAt = this.now() + lifetimeMs;
		const url = this.store(`/input/${fileName}`, {
			source: fromDisk(stored.path, stored.size),
			expiresAt,
			contentType: contentTypeOf(extension),
			spec: undefined,
			breaksLeft: 0,
		});
		const { size, sha256 } = stored;
		const upload = { fileName, url, originalName, extension, contentType, size, sha256, expiresAt };
		this.uploads.push(upload);
		return upload;
	}

	/** Is this URL one of ours, and if so, is it an upload that can still be read? */
	lookUp(url: string): 'foreign' | 'gone' | Upload | 'result' {
		if (!url.startsWith(`${this.origin()}/`)) return 'foreign';
		const upload = this.uploads.findLast((candidate) => candidate.url === url);
		if (upload !== undefined) return upload.expiresAt > this.now() ? upload : 'gone';
		const { pathname, searchParams } = new URL(url);
		const file = this.files.get(pathname);
		const readable =
			file !== undefined &&
			file.signature === searchParams.get('sig') &&
			file.expiresAt > this.now();
		return readable ? 'result' : 'gone';
	}

	/** Answers a GET or HEAD of a file. Returns the HTTP status. */
	async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<number> {
		const method = request.method ?? 'GET';
		const file = this.files.get(url.pathname);
		if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, 'MethodNotAllowed');
		if (file === undefined) return refuse(response, 404, 'NoSuchKey');
		if (url.searchParams.get('sig') !== file.signature)
			return refuse(response, 403, 'AccessDenied');
		if (file.expiresAt <= this.now()) return refuse(response, 403, 'RequestHasExpired');

		const redirect = file.spec?.redirect;
		if (redirect !== undefined && !url.searchParams.has('hop')) {
			url.searchParams.set('hop', '1');
			const target = redirect === true ? `${this.origin()}${url.pathname}${url.search}` : redirect;
			response.writeHead(302, { Location: target, 'Content-Length': 0 }).end();
			return 302;
		}
		return await send(file, request, response, method === 'HEAD');
	}

	clear(): void {
		this.uploads.length = 0;
		this.files.clear();
		if (this.directory !== undefined) rmSync(this.directory, { recursive: true, force: true });
		this.directory = undefined;
	}

	private store(path: string, file: Omit<StoredFile, 'signature' | 'etag'>): string {
		// The same bytes uploaded again keep their signature: the first address stays good.
		const signature = this.files.get(path)?.signature ?? randomBytes(16).toString('hex');
		this.files.set(path, { ...file, signature, etag: `"${randomBytes(8).toString('hex')}"` });
		const expires = Math.floor(file.expiresAt / 1000);
		return `${this.origin()}${path}?expires=${expires}&sig=${signature}`;
	}
}

function sourceOf(spec: ResultFile): ByteSource {
	if (spec.content !== undefined) return fromBuffer(Buffer.from(spec.content));
	return spec.bytes === undefined ? sampleOf(spec.type) : generated(spec.bytes);
}

/** Refusals of the object storage are XML. */
function refuse(response: ServerResponse, status: number, code: string): number {
	const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`;
	response.writeHead(status, {
		'Content-Type': 'application/xml',
		'Content-Length': Buffer.byteLength(body),
	});
	response.end(body);
	return status;
}

async function send(
	file: StoredFile,
	request: IncomingMessage,
	response: ServerResponse,
	headOnly: boolean,
): Promise<number> {
	const { size } = file.source;
	const range = rangeOf(request.headers.range, size);
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
	if (file.spec?.noContentLength !== true) response.setHeader('Content-Length', to - from);
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

function drainOrClose(response: ServerResponse): Promise<void> {
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
