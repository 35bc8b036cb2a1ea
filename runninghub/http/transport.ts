import type { JsonValue, JsonObject } from '../base/json';
import type { FormPart } from './multipart';

export type RequestBody =
	| { type: 'json'; json: JsonObject }
	| { type: 'form'; parts: readonly FormPart[] }
	| { type: 'none' };

/** A body of JSON that every server can read: see {@link wellFormed}. */
export function jsonBody(json: JsonObject): RequestBody {
	return {
		type: 'json',
		json: Object.fromEntries(Object.entries(json).map(([key, value]) => [key, wellFormed(value)])),
	};
}

/**
 * The same with � for each half of a character. A text that was cut in the middle of an emoji ends with one; no encoding
 * has a place for it, and a server that stumbles over it leaves the outcome of a submit unknown.
 */
export function wellFormed(value: JsonValue): JsonValue {
	if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\ufffd');
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map(wellFormed);
	return Object.fromEntries(
		Object.entries(value).map(([key, member]) => [key, wellFormed(member)]),
	);
}

/** One call of the API, without the key: the transport's owner places it (authentication.ts). */
export interface ApiRequest {
	method: 'GET' | 'POST';
	/** From the site's root, e.g. `/openapi/v2/query`. */
	path: string;
	query?: Record<string, string>;
	body: RequestBody;
	/** It costs money, or ends what does: even when the run is stopped it goes on, and its answer is read. */
	unstoppable?: true;
	/** Milliseconds without any progress after which the request counts as failed. */
	timeoutMs: number;
}

/** Whatever came back, at any HTTP status, unparsed: ids in the body may be JSON numbers. Its owner bounds the size. */
export interface ApiResponse {
	status: number;
	/** Lower-case names. */
	headers: Record<string, string>;
	text: string;
}

/** Headers as {@link ApiResponse} has them, of whatever a client gave. */
export function plainHeaders(headers: object): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
	);
}

/**
 * Sends one request once. It never retries and never follows a redirect, since either could pay twice or
 * carry the key elsewhere.
 * @throws TransportError when no answer came
 */
export type Transport = (request: ApiRequest) => Promise<ApiResponse>;

/** No answer came. `reached` says whether the request can have arrived at the other side. */
export class TransportError extends Error {
	constructor(
		readonly reached: 'no' | 'perhaps',
		/** Node's code, e.g. ECONNREFUSED. */
		readonly code: string,
	) {
		super(`No answer (${code})`);
		this.name = 'TransportError';
	}
}

/** The most that an answer of the API may have; the largest ones, whole workflows, have a few million bytes. */
export const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
/** The code of a {@link TransportError} for an answer that was broken off because it has more. */
export const RESPONSE_TOO_LARGE = 'RESPONSE_TOO_LARGE';

/** Failures of looking up or opening a connection: not one byte of the request has left. */
const NEVER_CONNECTED = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'CERT_NOT_YET_VALID',
	'CERT_REVOKED',
	'CERT_UNTRUSTED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const CONNECTING = new Set(['connect', 'getaddrinfo']);
/** Node says this until TLS is set up, and never after. */
const CLOSED_BEFORE_TLS = /before secure TLS connection was established/;
/**
 * TLS that fails while the request still waits to be encrypted (no TLS on the other side, an alert). Once it has been
 * set up, Node has codes that begin with ERR_SSL for the same faults, and no system call.
 */
const FAILED_BEFORE_TLS = /^write EPROTO\b/;
const MAX_CAUSE_DEPTH = 8;

/**
 * What an HTTP library threw, as a TransportError: walks down the causes for Node's own code, system call and words.
 * Only where Node says that the connection was never made is the request known not to have arrived.
 */
export function asTransportError(thrown: unknown): TransportError {
	let code = 'UNKNOWN';
	let systemCall: string | undefined;
	const texts: string[] = [];
	let cause: unknown = thrown;
	for (
		let depth = 0;
		depth < MAX_CAUSE_DEPTH && typeof cause === 'object' && cause !== null;
		depth++
	) {
		const found: Record<string, unknown> = { ...cause };
		const deeper: unknown = 'cause' in cause ? cause.cause : undefined;
		if (typeof found.code === 'string') code = found.code;
		// n8n 1 keeps no cause of a failed request, only Node's code in this member.
		else if (typeof found.httpCode === 'string' && code === 'UNKNOWN') code = found.httpCode;
		if (typeof found.syscall === 'string') systemCall = found.syscall;
		// n8n replaces some of Node's words by its own, and keeps them in this list.
		const kept: unknown[] = Array.isArray(found.messages) ? found.messages : [];
		for (const text of [cause instanceof Error ? cause.message : undefined, ...kept]) {
			if (typeof text === 'string') texts.push(text);
		}
		cause = deeper ?? firstOf('errors' in cause ? cause.errors : undefined);
	}
	const neverConnected =
		systemCall === undefined ? NEVER_CONNECTED.has(code) : CONNECTING.has(systemCall);
	const neverLeft = neverConnected || isBrokenBeforeTls(code, texts);
	return new TransportError(neverLeft ? 'no' : 'perhaps', code);
}

function isBrokenBeforeTls(code: string, texts: readonly string[]): boolean {
	return texts.some((text) =>
		code === 'ECONNRESET'
			? CLOSED_BEFORE_TLS.test(text)
			: code === 'EPROTO' && FAILED_BEFORE_TLS.test(text),
	);
}

/** The first of an AggregateError's errors, which are not among its enumerable members. */
function firstOf(errors: unknown): unknown {
	return Array.isArray(errors) ? errors[0] : undefined;
}
