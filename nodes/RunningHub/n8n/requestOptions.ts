/** What every request of the node asks of n8n's request helper. */
export const RESPONSE_OPTIONS = {
	// The body is not parsed by n8n, since JSON.parse would round the ids, and its reader bounds its size.
	encoding: 'stream',
	returnFullResponse: true,
	ignoreHttpStatusErrors: true,
	// A redirect could carry the key to another host, or send a submit twice.
	disableFollowRedirect: true,
} as const;
