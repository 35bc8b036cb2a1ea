import { factsOf, findFile, type FileHosts } from './download';
import { RunningHubError } from './errors';
import { bareType, extensionOf } from './mimeTypes';
import type { UploadFile } from './multipart';

/** A file that is read while it comes from its host: `open` gives its bytes once. */
export interface OpenedFile extends UploadFile {
	/** Lets go of what was not read. */
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
	if ('why' in found) throw cannotBeRead(found.why, found.passing);
	const { address, headers, body } = found;
	const close = () => hosts.discard(body);
	const said = bareType(headers['content-type']);
	if (said === 'text/html') {
		close();
		throw cannotBeRead('its address is that of a web page, not of a file', false);
	}
	return {
		...factsOf(address, extensionOf(said) ?? null, headers),
		sizeBytes: sizeIn(headers),
		open: async () => (body instanceof Uint8Array ? inPieces(body) : body),
		close,
	};
}

const PIECE_BYTES = 262_144;

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
