import pLimit from 'p-limit';
import { RunningHubError } from './errors';
import type { MediaSource } from './media';
import type { UploadFile } from './multipart';
import type { OpenedFile } from './openUrl';
import { withRetries, type RetryTools } from './retry';
import type { Uploaded } from './upload';

/** The uploads of one run: the same file is uploaded once, however many items and fields use it. */
export interface Uploads<U = Uploaded> {
	/** @throws RunningHubError when it could not be uploaded */
	upload(source: UploadableSource | UrlSource): Promise<U>;
}

export type UploadableSource = Extract<MediaSource, { type: 'data' | 'binary' }>;
/** There is no upload by URL (reference section 9.1): the bytes pass through here. */
export type UrlSource = Extract<MediaSource, { type: 'url' }>;

export interface UploadTools<U> extends RetryTools {
	client: { upload(file: UploadFile): Promise<U> };
	openUrl(url: string): Promise<OpenedFile>;
}

const UPLOADS_AT_ONCE = 4;

export function createUploads<U>(tools: UploadTools<U>): Uploads<U> {
	const limit = pLimit(UPLOADS_AT_ONCE);
	const known = new Map<string, Promise<U>>();
	return {
		upload: async (source) => {
			const id = source.type === 'url' ? source.url : source.file.id;
			const upload = known.get(id) ?? limit(async () => await uploadOne(source, tools));
			known.set(id, upload);
			return await upload;
		},
	};
}

async function uploadOne<U>(
	source: UploadableSource | UrlSource,
	tools: UploadTools<U>,
): Promise<U> {
	const { client, openUrl } = tools;
	const upload = async () => {
		if (source.type !== 'url') return await client.upload(source.file);
		const file = await openUrl(source.url);
		return await client.upload(file).finally(() => file.close());
	};
	return await withRetries(upload, tools).catch((error: unknown) => {
		if (!(error instanceof RunningHubError)) throw error;
		const name = source.type === 'url' ? withoutQuery(source.url) : source.file.fileName;
		throw error.with({ message: `The file ${name} could not be uploaded: ${error.message}` });
	});
}

/** A query may be a signature. */
function withoutQuery(url: string): string {
	const { origin, pathname } = new URL(url);
	return `${origin}${pathname}`;
}
