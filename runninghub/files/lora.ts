import { createHash } from 'node:crypto';
import { z } from 'zod';
import { expectRunningHubError, RunningHubError } from '../base/errors';
import { withRetries, type RetryDeps } from '../base/retry';
import { call, noResponse } from '../http/call';
import { parseData, unreadableResponse } from '../http/envelope';
import type { UploadFile } from '../http/multipart';
import type { Transport } from '../http/transport';
import { refusedAddress } from './findFile';
import { refuseEmpty } from './upload';

/** Where to send a LoRA (reference section 9.4). */
export interface LoraUploadUrl {
	/** For the LoRA field of an RHLoraLoader node. */
	fileName: string;
	/** Presigned; undefined where RunningHub has the file already. */
	url: string | undefined;
}

export interface UploadedLora {
	fileName: string;
	/** Lower-case hex. */
	md5: string;
	sizeBytes: number;
	/** RunningHub had a file with these bytes, so nothing was sent. */
	alreadyThere: boolean;
}

/** A file whose size is known. */
export type SizedFile = Pick<UploadFile, 'open'> & { sizeBytes: number };

export interface LoraDeps extends RetryDeps {
	client: { loraUploadUrl(name: string, md5: string): Promise<LoraUploadUrl> };
	/**
	 * One PUT, without the key and without following redirects; gives the HTTP status.
	 * @throws TransportError when no response came
	 */
	put(url: string, file: SizedFile): Promise<number>;
	/** RunningHub itself is at a private address, so its storage may be as well. */
	allowPrivateHosts: boolean;
}

const uploadUrl = z.object({
	fileName: z.string().min(1),
	url: z
		.string()
		.nullish()
		.transform((url) => url || undefined),
});

/**
 * Asks where to send a LoRA.
 * @param md5Hex lower-case hex
 * @throws RunningHubError
 */
export async function loraUploadUrlOf(
	transport: Transport,
	loraName: string,
	md5Hex: string,
): Promise<LoraUploadUrl> {
	const body = { loraName, md5Hex };
	const envelope = await call(transport, '/api/openapi/getLoraUploadUrl', body);
	const { fileName, url } = parseData(envelope, uploadUrl, 'it names no place for the LoRA');
	return { fileName, url };
}

/**
 * Uploads a LoRA of any size without holding it in memory: it is read once for its MD5 and, unless RunningHub has it
 * already, once more to be sent.
 * @param name how RunningHub lists it
 * @throws RunningHubError
 */
export async function uploadLora(
	name: string,
	file: UploadFile,
	deps: LoraDeps,
): Promise<UploadedLora> {
	return await storeLora(name, file, deps).catch((thrown: unknown) => {
		const error = expectRunningHubError(thrown);
		throw error.with({ message: `The LoRA ${name} could not be uploaded: ${error.message}` });
	});
}

async function storeLora(name: string, file: UploadFile, deps: LoraDeps): Promise<UploadedLora> {
	const { md5, sizeBytes } = await digestOf(file, deps.signal);
	refuseEmpty({ sizeBytes });
	// A new address with each try: the one before may have expired meanwhile.
	return await withRetries(async () => {
		const { fileName, url } = await deps.client.loraUploadUrl(name, md5);
		if (url !== undefined) await putTo(url, { sizeBytes, open: file.open }, deps);
		return { fileName, md5, sizeBytes, alreadyThere: url === undefined };
	}, deps);
}

async function digestOf(
	{ open }: UploadFile,
	signal: AbortSignal | undefined,
): Promise<{ md5: string; sizeBytes: number }> {
	const hash = createHash('md5');
	let sizeBytes = 0;
	for await (const piece of await open()) {
		signal?.throwIfAborted();
		hash.update(piece);
		sizeBytes += piece.length;
	}
	return { md5: hash.digest('hex'), sizeBytes };
}

/** Rule that must not be broken: the key does not go along, since the address is not of the configured host. */
async function putTo(url: string, file: SizedFile, deps: LoraDeps): Promise<void> {
	const refused = refusedAddress(url, deps.allowPrivateHosts);
	if (refused !== undefined) throw unreadableResponse(refused);
	const status = await deps.put(url, file).catch((thrown: unknown) => noResponse(thrown));
	if (status instanceof RunningHubError) throw storageError('did not answer');
	if (status < 200 || status >= 300) throw storageError(`answered with HTTP ${status}`);
}

/** `transient` also after a refusal, since the address may have expired. */
function storageError(what: string): RunningHubError {
	return new RunningHubError({
		kind: 'transient',
		message: `RunningHub’s file storage ${what}.`,
		description: 'It was tried three times. Nothing was paid for: try again in a few minutes.',
	});
}
