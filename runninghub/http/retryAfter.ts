/** No server is left alone for longer than this, whatever it asks for. */
const MAX_RETRY_AFTER_MS = 120_000;

/**
 * For how many milliseconds an answer's `Retry-After` asks to be left alone: in seconds, or until a date. RunningHub is
 * not known to send it (reference section 11.3), but whatever stands before it may.
 * @param headers names in lower case
 * @returns undefined where nothing is asked for
 */
export function retryAfterIn(headers: Readonly<Record<string, string>>): number | undefined {
	const asked = headers['retry-after']?.trim() ?? '';
	const seconds = Number(asked);
	const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(asked) - nowIn(headers);
	return ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : undefined;
}

/** By the clock of the server, which the date is by too. */
function nowIn({ date = '' }: Readonly<Record<string, string>>): number {
	const now = Date.parse(date);
	return Number.isNaN(now) ? Date.now() : now;
}
