import type { RequestBody } from './transport';

export interface UploadFile {
	name: string;
	mimeType: string;
	bytes: Buffer;
}

/** A `multipart/form-data` body with one part named `file`, as the upload call takes it (reference section 9.1). */
export function fileBody({ name, mimeType, bytes }: UploadFile): RequestBody {
	let boundary = '----runninghub-boundary';
	for (let count = 0; bytes.includes(boundary); count++)
		boundary = `----runninghub-boundary-${count}`;
	const safeName = name.replace(/["\r\n\\]/g, '_');
	const head =
		`--${boundary}\r\n` +
		`Content-Disposition: form-data; name="file"; filename="${safeName}"\r\n` +
		`Content-Type: ${mimeType}\r\n\r\n`;
	return {
		type: 'bytes',
		contentType: `multipart/form-data; boundary=${boundary}`,
		bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
	};
}
