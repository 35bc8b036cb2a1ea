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
import { redirectTo, refuse, send, type StoredFile } from './downloads';
import type { ResultFile } from './taskScripts';
import type { FileSink } from './multipart';

/** A file that was uploaded (reference 9.1, 9.2). */
export interface Upload {
	/** `openapi/<hash>.<ext>`: the value for a node's field. The old upload says `api/` in front. */
	fileName: string;
	/** The signed address: the value for a model's media field. The old upload gives none. */
	url: string | null;
	originalName: string;
	extension: string;
	contentType: string;
	size: number;
	sha256: string;
	/** Milliseconds, by the simulator's clock; how long a `fileName` stays good nobody knows. */
	expiresAt: number;
	/** Where the bytes lie on this computer's disk. */
	path: string;
}

type StoredBytes = Pick<Upload, 'path' | 'size' | 'sha256'>;

/** What both uploads take (reference 9.1). */
const KINDS: Record<string, string[]> = {
	image: ['jpg', 'jpeg', 'png', 'webp'],
	video: ['mp4', 'avi', 'mov', 'mkv'],
	audio: ['mp3', 'wav', 'flac'],
	zip: ['zip'],
};

/** `image`, `video`, `audio` or `zip`; undefined for what cannot be uploaded. */
export const kindOfExtension = (filename: string): string | undefined =>
	Object.keys(KINDS).find((kind) => KINDS[kind]?.includes(extensionOf(filename)));

const extensionOf = (filename: string): string => extname(filename).slice(1).toLowerCase();

/** Where the pictures lie that have no signature. */
const PREVIEWS = '/preview/';

const PREVIEW: StoredFile = {
	source: sampleOf('png'),
	signature: '',
	expiresAt: Infinity,
	contentType: 'image/png',
	spec: undefined,
	breaksLeft: 0,
	etag: '"preview"',
};

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

	/** The address of a small picture that everybody may see: covers and previews. */
	preview(name: string): string {
		return `${this.origin()}${PREVIEWS}${name}.png`;
	}

	/** Is this the `fileName` of an upload? How long it stays good is unknown (reference 9.1): for ever here. */
	hasUpload(fileName: string): boolean {
		return this.uploads.some((upload) => upload.fileName === fileName);
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
		stored: StoredBytes,
		originalName: string,
		contentType: string,
		lifetimeMs: number,
	): Upload {
		const extension = extensionOf(originalName);
		const fileName = `openapi/${stored.sha256}.${extension}`;
		const expiresAt = this.now() + lifetimeMs;
		const url = this.store(`/input/${fileName}`, {
			source: fromDisk(stored.path, stored.size),
			expiresAt,
			contentType: contentTypeOf(extension),
			spec: undefined,
			breaksLeft: 0,
		});
		return this.remember({ fileName, url, originalName, contentType, expiresAt }, stored);
	}

	/** The same for the old upload: no address, and a ZIP's name has neither prefix nor extension. */
	keepOldUpload(stored: StoredBytes, originalName: string, contentType: string): Upload {
		const extension = extensionOf(originalName);
		const fileName = extension === 'zip' ? stored.sha256 : `api/${stored.sha256}.${extension}`;
		const expiresAt = Infinity;
		return this.remember({ fileName, url: null, originalName, contentType, expiresAt }, stored);
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
		if (url.pathname.startsWith(PREVIEWS)) {
			return await send(PREVIEW, request, response, method === 'HEAD');
		}
		if (file === undefined) return refuse(response, 404, 'NoSuchKey');
		if (url.searchParams.get('sig') !== file.signature)
			return refuse(response, 403, 'AccessDenied');
		if (file.expiresAt <= this.now()) return refuse(response, 403, 'RequestHasExpired');

		const target = redirectTo(file, url, this.origin());
		if (target !== undefined) {
			const status = file.spec?.redirectStatus ?? 302;
			response.writeHead(status, { Location: target, 'Content-Length': 0 }).end();
			return status;
		}
		const status = file.spec?.status;
		if (status !== undefined && status >= 400) return refuse(response, status, 'NoSuchKey');
		if (status !== undefined) {
			response.writeHead(status).end();
			return status;
		}
		return await send(file, request, response, method === 'HEAD');
	}

	clear(): void {
		this.uploads.length = 0;
		this.files.clear();
		if (this.directory !== undefined) rmSync(this.directory, { recursive: true, force: true });
		this.directory = undefined;
	}

	private remember(
		named: Omit<Upload, 'extension' | 'size' | 'sha256' | 'path'>,
		{ path, size, sha256 }: StoredBytes,
	): Upload {
		const upload = { ...named, extension: extensionOf(named.originalName), size, sha256, path };
		this.uploads.push(upload);
		return upload;
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
	if (spec.endless === true) return generated(Infinity);
	return spec.bytes === undefined ? sampleOf(spec.type) : generated(spec.bytes);
}
