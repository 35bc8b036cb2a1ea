import {
	RESPONSE_TOO_LARGE,
	MAX_RESPONSE_BYTES,
	TransportError,
} from '../../../runninghub/http/transport';
import { isStream } from './fileHosts';

/**
 * The body of a response as text, however it is packed. n8n would hold a body of any length in memory, and a few
 * megabytes can unpack to many gigabytes: that is why each response comes as a stream.
 * @param timeoutMs for the whole of it: n8n's own time-out ends with the headers
 * @param maxBytes unpacked
 * @throws TransportError where it is too large or takes too long, and whatever the stream throws
 */
export async function responseText(
	body: unknown,
	timeoutMs: number,
	maxBytes = MAX_RESPONSE_BYTES,
): Promise<string> {
	if (!isStream(body)) return typeof body === 'string' ? body : JSON.stringify(body ?? '');
	const late = AbortSignal.timeout(timeoutMs);
	let giveUp = () => {};
	// Not by destroying the stream: n8n's goes on until the next bytes come.
	const tooLate = new Promise<never>((_, reject) => {
		giveUp = () => reject(new TransportError('perhaps', 'ETIMEDOUT'));
	});
	late.addEventListener('abort', giveUp);
	try {
		return new TextDecoder().decode(await Promise.race([bytesOf(body, maxBytes), tooLate]));
	} finally {
		late.removeEventListener('abort', giveUp);
	}
}

async function bytesOf(body: AsyncIterable<string | Buffer>, maxBytes: number): Promise<Buffer> {
	const pieces: Buffer[] = [];
	let size = 0;
	for await (const piece of body) {
		size += piece.length;
		// To leave the loop breaks off the connection.
		if (size > maxBytes) throw new TransportError('perhaps', RESPONSE_TOO_LARGE);
		pieces.push(Buffer.from(piece));
	}
	return Buffer.concat(pieces);
}
