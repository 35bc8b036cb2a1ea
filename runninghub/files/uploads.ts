import pLimit from 'p-limit';
import { expectRunningHubError } from '../base/errors';
import { withRetries, type RetryDeps } from '../base/retry';
import type { UploadFile } from '../http/multipart';
import { declaredType, sniffFile, withType } from './fileType';
import type { BinaryFile, MediaSource } from './media';
import type { OpenedFile } from './openUrl';
import type { Uploaded } from './upload';

/** The uploads of one run: the same file is uploaded once, however many items and fields use it. */
export interface Uploads<U = Uploaded> {
	/** @throws RunningHubError when it could not be uploaded */
	upload(source: UploadableSource | UrlSource): Promise<U>;
}

export type UploadableSource = Extract<MediaSource, { type: 'data' | 'binary' }>;
/** There is no upload by URL (reference section 9.1): the bytes pass through here. */
export type UrlSource = Extract<MediaSource, { type: 'url' }>;

export interface UploadDeps<U> extends RetryDeps {
	client: { upload(file: UploadFile): Promise<U> };
	openUrl(url: string): Promise<OpenedFile>;
}

const UPLOAD_CONCURRENCY = 4;

/** Uploads that are made once for each file, some at the same time. `U` is what the call gives back. */
export function createUploads<U>(deps: UploadDeps<U>): Uploads<U> {
	const limit = pLimit(UPLOAD_CONCURRENCY);
	// By what they are, then by what they are called: RunningHub tells the type of the same bytes by their name.
	const known = new Map<string, Map<string, Promise<U>>>();
	return {
		upload: async (source) => {
			const [id, name] = identityOf(source);
			const named = known.get(id) ?? new Map<string, Promise<U>>();
			known.set(id, named);
			const upload = named.get(name) ?? limit(async () => await uploadOne(source, deps));
			named.set(name, upload);
			return await upload;
		},
	};
}

function identityOf(source: UploadableSource | UrlSource): [id: string, name: string] {
	if (source.type === 'url') return [source.url, ''];
	const { id, fileName, mimeType } = source.file;
	return [id, `${mimeType} ${fileName}`];
}

async function uploadOne<U>(source: UploadableSource | UrlSource, deps: UploadDeps<U>): Promise<U> {
	const { client, openUrl } = deps;
	const upload = async () => {
		if (source.type !== 'url') return await client.upload(await recognised(source.file));
		const file = await openUrl(source.url);
		return await client.upload(file).finally(() => file.close());
	};
	return await withRetries(upload, deps).catch((thrown: unknown) => {
		const error = expectRunningHubError(thrown);
		const name = source.type === 'url' ? withoutQuery(source.url) : source.file.fileName;
		throw error.with({ message: `The file ${name} could not be uploaded: ${error.message}` });
	});
}

/** Where a file's type says nothing its name does, and where neither does its first bytes may. */
async function recognised(file: BinaryFile): Promise<BinaryFile> {
	const isKnown = declaredType(file) !== undefined;
	return withType(file, isKnown ? undefined : (await sniffFile(file)).type);
}

/** A query may be a signature. */
function withoutQuery(url: string): string {
	const { origin, pathname } = new URL(url);
	return `${origin}${pathname}`;
}
