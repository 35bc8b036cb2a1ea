import type { FormPart, UploadFile } from '../../../runninghub/http/multipart';

/*
 * Request bodies for n8n's request helper. It takes a body by what it calls itself, as axios does, to which it passes it
 * on: FormData is sent as a form, a Blob as a stream of a known length. The standard classes of these names cannot hold a
 * file that is read only while it is being sent.
 */

/** A file in the form that axios asks for. */
interface StreamedFile {
	name: string;
	/** MIME type. */
	type: string;
	/** Bytes; NaN where that is not known before it is read. */
	size: number;
	stream(): AsyncIterable<Uint8Array>;
}

/** A `multipart/form-data` body. axios writes the parts, and their length into the header where all sizes are known. */
export class MultipartForm {
	readonly [Symbol.toStringTag] = 'FormData';

	/** Not private: n8n sends no body that has no members. */
	readonly parts: Array<[name: string, value: string | StreamedFile]>;

	constructor(parts: readonly FormPart[]) {
		this.parts = parts.map(([name, value]) => [
			name,
			typeof value === 'string' ? value : streamedFile(value),
		]);
	}

	/** For the key, which the credential adds (authentication.ts). */
	append(name: string, value: string): void {
		this.parts.push([name, value]);
	}

	entries(): Iterator<[string, string | StreamedFile]> {
		return this.parts.values();
	}

	[Symbol.iterator](): Iterator<[string, string | StreamedFile]> {
		return this.entries();
	}
}

function streamedFile({ fileName, mimeType, sizeBytes, open }: UploadFile): StreamedFile {
	return {
		name: fileName,
		type: mimeType,
		size: sizeBytes ?? Number.NaN,
		stream: async function* () {
			yield* await open();
		},
	};
}

/** One file as the whole body. */
export class BlobBody {
	readonly [Symbol.toStringTag] = 'Blob';
	readonly type = 'application/octet-stream';

	constructor(
		/** Bytes. */
		readonly size: number,
		private readonly open: UploadFile['open'],
	) {}

	async *stream(): AsyncIterable<Uint8Array> {
		yield* await this.open();
	}
}
