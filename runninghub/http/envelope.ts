import { z } from 'zod';
import { RunningHubError } from '../base/errors';
import { tryParseJson } from '../base/json';
import { tolerantText } from '../base/tolerantSchemas';
import { CODE_MEANINGS } from './errorCodes';
import { errorForCode } from './errorForCode';
import { retryAfterIn } from './retryAfter';
import type { ApiResponse } from './transport';

/**
 * The shapes of RunningHub's responses (reference section 1.4): with a `code` beside `data` (E1, E2, E4: all of
 * v1, uploads, management calls, and refusals of v2 submits), or flat with an `errorCode` (E3: v2 submit and query).
 */
export type Envelope =
	| { shape: 'coded'; code: string; text: string; data: unknown }
	| { shape: 'flat'; errorCode: string; text: string; body: Record<string, unknown> };

const scalar = tolerantText.transform((value) => value?.trim() ?? '');

const anyObject = z.record(z.unknown());

/** E2 alone says `message` where E1 says `msg` (quirk 5). */
const coded = z.object({
	code: z.union([z.string(), z.number()]).transform(String),
	msg: scalar,
	message: scalar,
});

/** The official client also reads the spellings with an underscore. */
const flat = z.object({
	errorCode: scalar,
	error_code: scalar,
	errorMessage: scalar,
	error_message: scalar,
});

/** 0 is documented; 200 has been seen (quirk 6). The message on success varies, so it is not read. */
const SUCCESS_CODES: ReadonlySet<string> = new Set(['0', '200', '']);

/**
 * Reads a response of any shape at any HTTP status.
 * @throws RunningHubError where there is nothing to read: a redirect, HTML, an empty or cut-off body, an HTTP
 * error without a code of RunningHub's
 */
export function parseEnvelope(response: ApiResponse): Envelope {
	// How long to wait is in the headers alone.
	if (response.status === 429 && retryAfterIn(response.headers) !== undefined) {
		throw errorForStatus(response);
	}
	const parsed = anyObject.safeParse(tryParseJson(response.text));
	if (parsed.success) {
		const body = parsed.data;
		const scalars = scalarsOf(body);
		if (body.code !== undefined && body.code !== null) {
			const { code, msg, message } = coded.parse({ ...scalars, code: asCode(body.code) });
			// A flat response may hold a success code too: then the rest of it counts.
			if (!successfulCode(code) || !isFlat(body)) {
				if (httpCounts(response.status, code)) throw errorForStatus(response);
				return { shape: 'coded', code, text: msg || message, data: body.data };
			}
		}
		const { errorCode, error_code, errorMessage, error_message } = flat.parse(scalars);
		const envelope: Envelope = {
			shape: 'flat',
			errorCode: successfulCode(errorCode || error_code) ? '' : errorCode || error_code,
			text: errorMessage || error_message,
			body,
		};
		const known = envelope.errorCode !== '' && !httpCounts(response.status, envelope.errorCode);
		if (known || isOk(response.status)) return envelope;
	}
	throw errorForStatus(response);
}

/**
 * The `data` of a coded response.
 * @throws RunningHubError when the code says that the call was refused, or when the response is not coded
 */
export function dataOf(envelope: Envelope): unknown {
	if (envelope.shape === 'flat') {
		if (envelope.errorCode !== '') throw errorForCode(envelope.errorCode, envelope.text);
		throw unreadableResponse('the answer has neither code nor data');
	}
	if (!successfulCode(envelope.code)) throw errorForCode(envelope.code, envelope.text);
	return envelope.data;
}

/**
 * The same, read by a schema.
 * @param why what is wrong with data that does not fit, as {@link unreadableResponse} takes it
 * @throws RunningHubError as {@link dataOf}, and of kind `protocol` for data that does not fit
 */
export function parseData<T extends z.ZodTypeAny>(
	envelope: Envelope,
	schema: T,
	why: string,
): z.output<T> {
	const read: z.SafeParseReturnType<unknown, z.output<T>> = schema.safeParse(dataOf(envelope));
	if (!read.success) throw unreadableResponse(why);
	return read.data;
}

/** @param code as text; empty where there is none, which is no failure */
export function successfulCode(code: string): boolean {
	return SUCCESS_CODES.has(code);
}

/** A response that cannot be understood. `why` is for people and holds nothing of the response itself. */
export function unreadableResponse(why: string): RunningHubError {
	return new RunningHubError({
		kind: 'protocol',
		message: 'RunningHub’s answer could not be read.',
		description: `Details: ${why}. If this persists, check the Base URL in the credential, or update this node package.`,
	});
}

function errorForStatus({ status, headers, text }: ApiResponse): RunningHubError {
	const code = `HTTP ${status}`;
	if (status >= 300 && status < 400) {
		return new RunningHubError({
			kind: 'site',
			code,
			message: `RunningHub’s URL answered with a redirect${redirectTarget(headers.location)}.`,
			description:
				'Redirects are not followed, so that the API key stays with the host it is for. Enter the final URL in the credential.',
		});
	}
	if (status === 401 || status === 403) {
		return errorForCode('401', '', { code });
	}
	// 501 is what a plain web server says to a POST.
	if (status === 404 || status === 405 || status === 501) {
		return new RunningHubError({
			kind: 'site',
			code,
			message: 'There is no RunningHub API at this URL.',
			description: 'Check the Site and the Base URL in the credential.',
		});
	}
	const retryAfterMs = retryAfterIn(headers);
	if (status === 429) return errorForCode('1003', '', { code, resendable: true, retryAfterMs });
	if (status >= 500) return errorForCode('1010', '', { code, retryAfterMs });
	if (!isOk(status)) return errorForCode(code, '', { kind: 'protocol' });
	return unreadableResponse(
		text.trim() === ''
			? 'it was empty'
			: 'it was not a JSON object (a proxy error page, or truncated)',
	);
}

function redirectTarget(location: string | undefined): string {
	return location !== undefined && URL.canParse(location) ? ` to ${new URL(location).host}` : '';
}

function isOk(status: number): boolean {
	return status >= 200 && status < 300;
}

/** At HTTP 429 and 5xx only a code that is RunningHub's own says more than the status does. */
function httpCounts(status: number, code: string): boolean {
	const isRunningHubs = successfulCode(code) || Object.hasOwn(CODE_MEANINGS, code);
	return (status === 429 || status >= 500) && !isRunningHubs;
}

function isFlat({ data, ...body }: Record<string, unknown>): boolean {
	return (data === undefined || data === null) && ('taskId' in body || 'task_id' in body);
}

function asCode(code: unknown): string {
	return typeof code === 'number' || typeof code === 'string' ? String(code).trim() : 'unknown';
}

/** Members of a wrong type must not make a readable response unreadable: they count as absent. */
function scalarsOf(body: Record<string, unknown>): Record<string, unknown> {
	const isScalar = (value: unknown) => typeof value === 'string' || typeof value === 'number';
	return Object.fromEntries(Object.entries(body).filter(([, value]) => isScalar(value)));
}
