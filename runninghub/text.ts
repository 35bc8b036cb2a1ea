/** Any value as people would write it. */
export function asText(raw: unknown): string {
	if (typeof raw === 'string') return raw;
	try {
		return JSON.stringify(raw) ?? String(raw);
	} catch {
		// A list that holds itself, or a number of a kind that JSON does not have.
		return Object.prototype.toString.call(raw);
	}
}

/** For messages: the start of a long text. */
export function shorten(text: string, length = 60): string {
	return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** For messages: any value, in quotation marks. */
export function quote(raw: unknown): string {
	return `"${shorten(asText(raw))}"`;
}
