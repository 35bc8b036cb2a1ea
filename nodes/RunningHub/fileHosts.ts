import type { IExecuteFunctions, IN8nHttpFullResponse, IWebhookFunctions } from 'n8n-workflow';
import type { FileAnswer, FileHosts } from '../../runninghub/download';
import { isPrivateHost } from '../../runninghub/privateHost';
import { asTransportError } from '../../runninghub/transport';

type Context = Pick<IExecuteFunctions | IWebhookFunctions, 'helpers'>;
/** The bytes as n8n's request and binary helpers hand them on to each other. */
export type FileBody = Parameters<Context['helpers']['prepareBinaryData']>[0];

/** Milliseconds without a byte after which a file's host counts as gone. */
const IDLE_TIMEOUT_MS = 60_000;

/**
 * The hosts of files that are not RunningHub's API: of results, and of media that a user gave the address of.
 * @param apiBaseUrl where the API is; a local simulator's files may be local too
 */
export function fileHosts(
	{ helpers }: Context,
	apiBaseUrl: string,
	signal: AbortSignal | undefined,
): FileHosts<FileBody> {
	return {
		signal,
		allowPrivateHosts: isPrivateHost(new URL(apiBaseUrl).hostname),
		get: async (url) => await get(helpers, url, signal),
		discard: (body) => {
			if (!Buffer.isBuffer(body)) body.destroy();
		},
	};
}

/** Without the credential: these hosts must never see the key. */
async function get(
	helpers: Context['helpers'],
	url: string,
	signal: AbortSignal | undefined,
): Promise<FileAnswer<FileBody>> {
	const sent: Promise<IN8nHttpFullResponse> = helpers.httpRequest({
		method: 'GET',
		url,
		// As it is: a body that was packed small could grow without end.
		headers: { Accept: '*/*', 'Accept-Encoding': 'identity' },
		encoding: 'stream',
		timeout: IDLE_TIMEOUT_MS,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		abortSignal: signal,
	});
	const { statusCode, headers, body } = await sent.catch((error: unknown) => {
		signal?.throwIfAborted();
		throw asTransportError(error);
	});
	return {
		status: statusCode,
		headers: Object.fromEntries(
			Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
		),
		body: asBody(body),
	};
}

function asBody(body: IN8nHttpFullResponse['body']): FileBody {
	if (Buffer.isBuffer(body) || isStream(body)) return body;
	return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? ''));
}

function isStream(body: unknown): body is Exclude<FileBody, Buffer> {
	return typeof body === 'object' && body !== null && 'pipe' in body;
}
