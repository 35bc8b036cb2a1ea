import { tryParseJson, type JsonValue } from './json';

const MAX_TEXT_LENGTH = 600;
/** The rest of a longer text is dropped unread: some of the patterns below are slow on megabytes. */
const MAX_READ_LENGTH = 5_000;

/** API keys have 32 characters (reference section 1.2); hashes of that length are of no use to a reader either. */
const KEY_LIKE = /[A-Za-z0-9]{32,}/g;
const WEB_SOCKET_URL = /\bwss?:\/\/\S+/gi;
/** Its lines are indented and hold the server's paths; the line after them says what happened. */
const TRACEBACK = /Traceback \(most recent call last\):.*(?:\n[ \t]+.*)*\n?/gi;
const URL_QUERY = /(https?:\/\/[^\s?"'<>]+)\?[^\s"'<>]+/gi;

/**
 * A text of RunningHub as it may be shown and logged: without keys, WebSocket addresses (they hold a token) and
 * the signed part of URLs, and not longer than a few sentences.
 */
export function redact(text: string): string {
	// A key that is cut in two would not be recognised as one.
	const read =
		text.length > MAX_READ_LENGTH
			? text.slice(0, MAX_READ_LENGTH).replace(/[A-Za-z0-9]+$/, '')
			: text;
	const safe = read
		.replace(TRACEBACK, '')
		.replace(WEB_SOCKET_URL, '[address hidden]')
		.replace(URL_QUERY, '$1?[hidden]')
		.replace(KEY_LIKE, '[key hidden]');
	return safe.length > MAX_TEXT_LENGTH ? `${safe.slice(0, MAX_TEXT_LENGTH)}…` : safe;
}

/** Members of a response that hold a key, a token, server paths or other people's prompts (reference sections 4.1, 5.2, 8.4, 12.3). */
const SECRET_MEMBERS: ReadonlySet<string> = new Set([
	'apiKey',
	'apikey',
	'curl',
	'current_inputs',
	'current_outputs',
	'netWssUrl',
	'traceback',
	'userApiKey',
]);

/** RunningHub's answer as it may be output: without the members that are secrets. */
export function withoutSecrets(response: unknown): JsonValue {
	if (Array.isArray(response)) return response.map(withoutSecrets);
	if (typeof response === 'object' && response !== null) {
		return Object.fromEntries(
			Object.entries(response)
				.filter(([name]) => !SECRET_MEMBERS.has(name))
				.map(([name, value]) => [name, withoutSecrets(value)]),
		);
	}
	if (typeof response === 'string') return withoutSecretsInText(response);
	if (typeof response === 'boolean') return response;
	return typeof response === 'number' && Number.isFinite(response) ? response : null;
}

/** RunningHub packs objects into text here and there, the reason of a failure among them (quirk 11). */
function withoutSecretsInText(text: string): string {
	const packed = /^\s*[[{]/.test(text) ? tryParseJson(text) : undefined;
	if (typeof packed !== 'object' || packed === null) return text;
	return JSON.stringify(withoutSecrets(packed));
}
