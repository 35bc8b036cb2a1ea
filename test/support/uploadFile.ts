import type { UploadFile } from '../../runninghub/http/multipart';

/** A file to be uploaded whose bytes are at hand. */
export const uploadFile = (
	bytes: Buffer,
	fileName = 'a.png',
	mimeType = 'image/png',
): UploadFile => ({
	fileName,
	mimeType,
	sizeBytes: bytes.length,
	open: async () =>
		(async function* () {
			yield bytes;
		})(),
});

export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const read: Uint8Array[] = [];
	for await (const piece of pieces) read.push(piece);
	return Buffer.concat(read);
}
