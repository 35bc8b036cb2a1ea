import { bareType, extensionInName, extensionOf } from '../base/mimeTypes';

/** Bytes that can be sent more than once: each `open` reads them from the start. */
export interface UploadFile {
	fileName: string;
	mimeType: string;
	/** Undefined where that is not known before it is read. */
	sizeBytes: number | undefined;
	/** @param pieceBytes about how large the pieces are to be: small ones where only the start is read */
	open(pieceBytes?: number): Promise<AsyncIterable<Uint8Array>>;
}

/** One part of a `multipart/form-data` body. A file is read only while it is being sent. */
export type FormPart = readonly [name: string, value: string | UploadFile];

/** The part with the file, as both upload calls take it (reference sections 9.1, 9.2). */
export function filePart(file: UploadFile): FormPart {
	const fileName = withExtension(file.fileName, file.mimeType).replace(/["\r\n\\]/g, '_');
	return ['file', { ...file, fileName }];
}

/** RunningHub tells the type of a file by its name's end, and files that n8n fetched often have none. */
function withExtension(fileName: string, mimeType: string): string {
	const extension = extensionOf(bareType(mimeType));
	return extension === undefined || extensionInName(fileName) !== undefined
		? fileName
		: `${fileName}.${extension}`;
}
