import { bareType, extensionInName, extensionOf } from '../base/mimeTypes';

/** One file of a form, read only while it is being sent. */
export interface FormFile {
	name: string;
	/** MIME type. */
	type: string;
	/** Bytes; NaN where that is not known before it is read. */
	size: number;
	stream(): AsyncIterable<Uint8Array>;
}

/**
 * A `multipart/form-data` body for axios, and so for n8n. It looks like the standard FormData, which could not hold a
 * file that is a stream; axios writes the parts, and their length into the header where all sizes are known.
 */
export class MultipartForm {
	readonly [Symbol.toStringTag] = 'FormData';

	/** Not private: n8n sends no body that has no members. */
	readonly parts: Array<[name: string, value: string | FormFile]> = [];

	append(name: string, value: string | FormFile): void {
		this.parts.push([name, value]);
	}

	entries(): Iterator<[string, string | FormFile]> {
		return this.parts.values();
	}

	[Symbol.iterator](): Iterator<[string, string | FormFile]> {
		return this.entries();
	}
}

/** Bytes that can be sent more than once: each `open` reads them from the start. */
export interface UploadFile {
	fileName: string;
	mimeType: string;
	/** Bytes; undefined where that is not known before it is read. */
	sizeBytes: number | undefined;
	/** @param pieceBytes about how large the pieces are to be: small ones for who reads but the start */
	open(pieceBytes?: number): Promise<AsyncIterable<Uint8Array>>;
}

/** A form whose part `file` is the file, as both upload calls take it (reference sections 9.1, 9.2). */
export function formWithFile({ fileName, mimeType, sizeBytes, open }: UploadFile): MultipartForm {
	const form = new MultipartForm();
	form.append('file', {
		name: withExtension(fileName, mimeType).replace(/["\r\n\\]/g, '_'),
		type: mimeType,
		size: sizeBytes ?? Number.NaN,
		stream: async function* () {
			yield* await open();
		},
	});
	return form;
}

/** RunningHub tells the type of a file by its name's end, and files that n8n fetched often have none. */
function withExtension(fileName: string, mimeType: string): string {
	const extension = extensionOf(bareType(mimeType));
	return extension === undefined || extensionInName(fileName) !== undefined
		? fileName
		: `${fileName}.${extension}`;
}
