import { expectRunningHubError, RunningHubError } from '../base/errors';
import { type JsonObject } from '../base/json';
import { parseEnvelope, unreadableResponse, type Envelope } from './envelope';
import {
	RESPONSE_TOO_LARGE,
	MAX_RESPONSE_BYTES,
	TransportError,
	jsonBody,
	type ApiRequest,
	type RequestBody,
	type Transport,
} from './transport';

const CHECK_TIMEOUT_MS = 30_000;

/**
 * One POST with a JSON body.
 * @throws RunningHubError when no response came, or none that is an envelope; a refusal is in the envelope
 */
export async function call(
	transport: Transport,
	path: string,
	json: JsonObject,
	more: Pick<ApiRequest, 'unstoppable'> = {},
): Promise<Envelope> {
	const body = jsonBody(json);
	return await exchange(transport, {
		method: 'POST',
		path,
		body,
		timeoutMs: CHECK_TIMEOUT_MS,
		...more,
	});
}

/**
 * One GET.
 * @throws RunningHubError as {@link call}
 */
export async function get(
	transport: Transport,
	path: string,
	query?: Record<string, string>,
): Promise<Envelope> {
	const body: RequestBody = { type: 'none' };
	return await exchange(transport, {
		method: 'GET',
		path,
		query,
		body,
		timeoutMs: CHECK_TIMEOUT_MS,
	});
}

/**
 * One POST with a body of any kind.
 * @throws RunningHubError as {@link call}
 */
export async function send(
	transport: Transport,
	path: string,
	body: RequestBody,
	timeoutMs: number,
): Promise<Envelope> {
	return await exchange(transport, { method: 'POST', path, body, timeoutMs });
}

async function exchange(transport: Transport, request: ApiRequest): Promise<Envelope> {
	const response = await transport(request).catch((thrown: unknown) => noResponse(thrown));
	if (response instanceof RunningHubError) throw response;
	return parseEnvelope(response);
}

/**
 * The error for a request without a response.
 * @throws what it was given, if that is no TransportError: a cancelled execution
 */
export function noResponse(thrown: unknown): RunningHubError {
	if (!(thrown instanceof TransportError)) throw thrown;
	if (thrown.code === RESPONSE_TOO_LARGE) {
		return unreadableResponse(`it is larger than ${MAX_RESPONSE_BYTES / 1024 / 1024} MB`);
	}
	return thrown.reached === 'no'
		? new RunningHubError({
				kind: 'transient',
				code: thrown.code,
				resendable: true,
				message: 'RunningHub cannot be reached.',
				description: `No connection could be made (${readableCode(thrown.code)}). Check the Site or Base URL in the credential, and this machine’s network or proxy.`,
			})
		: new RunningHubError({
				kind: 'transient',
				code: thrown.code,
				message: 'RunningHub did not answer.',
				description: `The connection broke or took too long (${readableCode(thrown.code)}).`,
			});
}

const CODE_TEXTS: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'nothing listens there',
	ENOTFOUND: 'the host name is unknown',
	EAI_AGAIN: 'the name server did not answer',
	ECONNRESET: 'the other side closed it',
	ECONNABORTED: 'it timed out',
	ETIMEDOUT: 'it timed out',
	EPIPE: 'the other side closed it',
	EPROTO: 'TLS could not be set up',
};

/** Not the code itself: n8n replaces a text that holds one of Node's codes by a general one. */
function readableCode(code: string): string {
	return CODE_TEXTS[code] ?? 'a network error';
}

/** What `read` gives, or the RunningHubError that it throws. */
export function attempt<T>(read: () => T): T | RunningHubError {
	try {
		return read();
	} catch (thrown) {
		return expectRunningHubError(thrown);
	}
}
