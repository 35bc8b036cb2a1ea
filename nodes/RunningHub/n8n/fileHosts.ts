import type { IExecuteFunctions, IN8nHttpFullResponse } from 'n8n-workflow';
import type { FileResponse, FileHosts } from '../../../runninghub/files/findFile';
import { transferTimeoutMs } from '../../../runninghub/files/transferTimeout';
import { isPrivateHost } from '../../../runninghub/http/privateHost';
import { plainHeaders } from '../../../runninghub/http/transport';
import { RESPONSE_OPTIONS } from './requestOptions';
import { asTransportError } from './transportError';

type Helpers = IExecuteFunctions['helpers'];
/** The bytes as n8n's request and binary helpers hand them on to each other. */
export type FileBody = Parameters<Helpers['prepareBinaryData']>[0];

/** Milliseconds after which a host that has not begun to respond is given up. */
const RESPONSE_TIMEOUT_MS = 60_000;

/**
 * The hosts of files that are not RunningHub's API: of results, and of media that a user gave the address of.
 * @param apiBaseUrl where the API is; a local simulator's files may be local too
 */
export function fileHosts(
	helpers: Helpers,
	apiBaseUrl: string,
	signal: AbortSignal | undefined,
): FileHosts<FileBody> {
	const requests = new WeakMap<object, AbortController>();
	return {
		signal,
		allowPrivateHosts: isPrivateHost(new URL(apiBaseUrl).hostname),
		get: async (url) => {
			const request = new AbortController();
			const either = AbortSignal.any([request.signal, ...(signal === undefined ? [] : [signal])]);
			const response = await get(helpers, url, either).catch((error: unknown) => {
				signal?.throwIfAborted();
				throw asTransportError(error);
			});
			requests.set(response.body, request);
			// n8n's own time-out ends with the headers.
			const size = Number(response.headers['content-length'] ?? Number.NaN);
			const late = AbortSignal.timeout(transferTimeoutMs(size, RESPONSE_TIMEOUT_MS));
			late.addEventListener('abort', () => request.abort());
			return response;
		},
		// Not by destroying the stream: what n8n hands on lets go of its connection only when the next bytes come.
		discard: (body) => requests.get(body)?.abort(),
	};
}

/** Without the credential: these hosts must never see the key. */
async function get(
	helpers: Helpers,
	url: string,
	signal: AbortSignal,
): Promise<FileResponse<FileBody>> {
	const response: IN8nHttpFullResponse = await helpers.httpRequest({
		method: 'GET',
		url,
		// As it is: a body that was packed small could grow without end.
		headers: { Accept: '*/*', 'Accept-Encoding': 'identity' },
		timeout: RESPONSE_TIMEOUT_MS,
		...RESPONSE_OPTIONS,
		abortSignal: signal,
	});
	const { statusCode, headers, body } = response;
	return {
		status: statusCode,
		headers: plainHeaders(headers),
		body: asBody(body),
	};
}

function asBody(body: IN8nHttpFullResponse['body']): FileBody {
	if (Buffer.isBuffer(body) || isStream(body)) return body;
	if (body === undefined || body === null) return Buffer.alloc(0);
	return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Rejects where the body breaks off before its first byte. */
export async function firstBytesOf(body: FileBody): Promise<Uint8Array> {
	if (Buffer.isBuffer(body)) return body;
	return await new Promise((resolve, reject) => {
		const settle = () => {
			body.off('readable', check).off('end', ended).off('error', failed).off('close', closed);
		};
		const check = () => {
			const bytes: unknown = body.read();
			if (!(bytes instanceof Uint8Array)) return;
			settle();
			body.unshift(bytes);
			resolve(bytes);
		};
		const ended = () => {
			settle();
			resolve(new Uint8Array());
		};
		const failed = (error: unknown) => {
			settle();
			reject(error instanceof Error ? error : new Error(String(error)));
		};
		const closed = () => failed(new Error('aborted'));
		body.on('readable', check).on('end', ended).on('error', failed).on('close', closed);
	});
}

export function isStream(body: unknown): body is Exclude<FileBody, Buffer> {
	return typeof body === 'object' && body !== null && 'pipe' in body;
}
