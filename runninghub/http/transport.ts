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
	/** It costs money, or stops what does: it is not broken off when the run is cancelled, and its response is read. */
	unstoppable?: true;
	/** Milliseconds without any progress after which the request counts as failed. */
	timeoutMs: number;
}

/** A response at any HTTP status. Unparsed, since ids may be JSON numbers; the transport bounds its size. */
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
 * @throws TransportError when no response came
 */
export type Transport = (request: ApiRequest) => Promise<ApiResponse>;

/** No response came. `reached` says whether the request can have arrived at the other side. */
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

/** The largest response that is read, in bytes; the largest known ones, whole workflows, have a few million. */
export const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
/** The code of a {@link TransportError} for a response that is larger than that. */
export const RESPONSE_TOO_LARGE = 'RESPONSE_TOO_LARGE';
