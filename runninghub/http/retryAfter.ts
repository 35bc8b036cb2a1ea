/** The longest wait that a server can ask for; a longer one is cut to this. */
const MAX_RETRY_AFTER_MS = 120_000;

/**
 * Milliseconds until the next request by the header `Retry-After`, which holds seconds or a date. RunningHub is not known
 * to send it (reference section 11.3), but a proxy before it may.
 * @param headers names in lower case
 * @returns undefined where nothing is asked for
 */
export function retryAfterIn(headers: Readonly<Record<string, string>>): number | undefined {
	const asked = headers['retry-after']?.trim() ?? '';
	const seconds = Number(asked);
	const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(asked) - nowIn(headers);
	return ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : undefined;
}

/** The server's own time, since its date goes by that. */
function nowIn({ date = '' }: Readonly<Record<string, string>>): number {
	const now = Date.parse(date);
	return Number.isNaN(now) ? Date.now() : now;
}
