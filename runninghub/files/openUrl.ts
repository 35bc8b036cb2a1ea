import { RunningHubError } from '../base/errors';
import { bareType, extensionOf } from '../base/mimeTypes';
import type { UploadFile } from '../http/multipart';
import { fileFactsOf } from './fileFacts';
import { findFile, type FileHosts } from './findFile';
import { HEAD_BYTES, unsupportedReason, sniffType, withType } from './fileType';

/** A file that is read while it comes from its host: `open` gives its bytes once. */
export interface OpenedFile extends UploadFile {
	/** Closes the connection, whatever has not been read. */
	close(): void;
}

/**
 * Opens a file at a public address, with the rules of a download: without the key, and not inside this n8n's own
 * network.
 * @throws RunningHubError of kind `transient` where another try may succeed, else of kind `validation`
 */
export async function openUrl<Body extends Uint8Array | AsyncIterable<Uint8Array>>(
	url: string,
	hosts: FileHosts<Body>,
): Promise<OpenedFile> {
	const found = await findFile(url, hosts);
	if ('why' in found) throw cannotBeRead(found.why, found.passing && !found.isGone);
	const { address, headers, body } = found;
	const close = () => hosts.discard(body);
	const declared = bareType(headers['content-type']);
	const { head, bytes } = await begun(body).catch(() => {
		hosts.signal?.throwIfAborted();
		throw cannotBeRead('its host broke off', true);
	});
	const type = sniffType(head);
	const unusable = unusableReason(declared, head, type);
	if (unusable !== undefined) {
		close();
		throw cannotBeRead(unusable, false);
	}
	return {
		...withType(fileFactsOf(address, extensionOf(declared) ?? type ?? null, headers), type),
		sizeBytes: sizeIn(headers),
		open: async () => bytes,
		close,
	};
}

function unusableReason(
	declared: string,
	head: Uint8Array,
	type: string | undefined,
): string | undefined {
	if (declared === 'text/html' || type === 'html') {
		return 'its address is that of a web page, not of a file';
	}
	if (head.length === 0) return 'the file at its address is empty';
	const what = unsupportedReason(type);
	return what === undefined ? undefined : `at its address is ${what}`;
}

/** Reads the start of a body, and gives it out again with the rest. */
async function begun(
	body: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; bytes: AsyncIterable<Uint8Array> }> {
	if (body instanceof Uint8Array) {
		return { head: body.subarray(0, HEAD_BYTES), bytes: inPieces(body) };
	}
	const pieces = body[Symbol.asyncIterator]();
	const first: Uint8Array[] = [];
	let length = 0;
	while (length < HEAD_BYTES) {
		const { done, value } = await pieces.next();
		if (done) break;
		first.push(value);
		length += value.length;
	}
	const bytes = async function* () {
		yield* first.splice(0);
		yield* { [Symbol.asyncIterator]: () => pieces };
	};
	return { head: Buffer.concat(first).subarray(0, HEAD_BYTES), bytes: bytes() };
}

const PIECE_BYTES = 262_144;

/** Bytes in memory as a stream. */
export async function* inPieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
	for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
		yield bytes.subarray(at, at + PIECE_BYTES);
	}
}

function sizeIn(headers: Record<string, string>): number | undefined {
	const length = headers['content-length'] ?? '';
	return /^\d+$/.test(length) && headers['content-encoding'] === undefined
		? Number(length)
		: undefined;
}

function cannotBeRead(why: string, passing: boolean): RunningHubError {
	return new RunningHubError({
		kind: passing ? 'transient' : 'validation',
		message: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
		description:
			'Files for workflows and AI Apps are read from their address and uploaded to RunningHub. Nothing was paid for.',
	});
}
