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

/** For messages: the size of a file that is too large, never so that it reads as if it fitted. */
export function tooManyMB(bytes: number, max: number): string {
	const size = Number((bytes / 1_048_576).toFixed(1));
	return size > max ? `${size} MB` : `just over ${max} MB`;
}

/** For messages: ` from 1 to 4`, ` of at least 1`, ` of at most 4`, or nothing. */
export function rangeOf(min: number | undefined, max: number | undefined): string {
	if (min !== undefined && max !== undefined) return ` from ${count(min)} to ${count(max)}`;
	if (min !== undefined) return ` of at least ${count(min)}`;
	return max === undefined ? '' : ` of at most ${count(max)}`;
}

/** For messages: `1,234.5`. Written out, since the first use of `toLocaleString` takes longer than all else that a form needs. */
export function count(value: number): string {
	const [whole = '', fraction] = String(value).split('.');
	const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
	return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Whether a name tells what it stands for from all others in the list, in which it is. */
export function occursOnce(names: readonly string[], name: string): boolean {
	return names.indexOf(name) === names.lastIndexOf(name);
}

/** Full-width letters, digits and colons, as Chinese keyboards write them, as plain ones. */
export function halfWidth(text: string): string {
	return text.normalize('NFKC').replaceAll('\u2236', ':').trim();
}

/** What JavaScript writes for a missing value: a prompt that is just this comes from a faulty expression. */
const NO_TEXT = /^\s*(?:undefined|null|NaN)\s*$/;
const NO_TEXT_INSIDE = '[object Object]';

/** Is the text only what JavaScript writes for a missing value, or does it hold what it writes for an object? */
export function isNoText(value: string): boolean {
	return NO_TEXT.test(value) || holdsNoText(value);
}

/** No prompt holds this on purpose. */
export function holdsNoText(value: string): boolean {
	return value.includes(NO_TEXT_INSIDE);
}

/** The end of a sentence about something that came empty. */
export const CHECK_PREVIOUS_NODE = 'look at what the node before gives out';

/** @param value of which {@link isNoText} holds */
export function noText(label: string, value: string): string {
	return holdsNoText(value)
		? `${label} holds "${NO_TEXT_INSIDE}": an expression gave an object instead of text; name the member that is meant, such as {{ $json.prompt.text }}.`
		: `${label} is ${quote(value.trim())}: an expression gave no text; ${CHECK_PREVIOUS_NODE}.`;
}
