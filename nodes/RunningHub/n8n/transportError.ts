import { TransportError } from '../../../runninghub/http/transport';

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
 * What n8n's request helper or another HTTP library threw, as a TransportError: walks down the causes for Node's own code,
 * system call and messages. Only where Node says that the connection was never made is the request known not to have arrived.
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
		// n8n replaces some of Node's messages by its own, and keeps Node's in this list.
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
