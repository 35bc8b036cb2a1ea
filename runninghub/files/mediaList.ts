import { sniffType } from './fileType';

/**
 * What separates the entries of a list that was written as text. Addresses hold most of these themselves: there they
 * separate only what begins with the next entry.
 */
const SEPARATORS = /[\s,;，；、]+/g;
const IS_SEPARATOR = /[\s,;，；、]/;
const LINE_BREAK = /[\r\n]/;
/** Blanks and line breaks are often put into base64, these never. */
const NOT_IN_BASE64 = /[,;，；、]/;
/** Programs wrap base64 after 64 or 76 characters; a shorter line is an entry of a list. */
const MIN_WRAPPED = 60;

const ADDRESS = /https?:\/\//iy;
/** With bounds, so that a long text without a comma is not searched to its end from each word. */
const DATA_BASE64 = /data:[^,\s]{0,500};base64,/iy;
const DATA_URI = /data:(?:[\w.+-]{1,100}\/[\w.+-]{1,100})?(?:;[^,;]{0,100}){0,9},/iy;

type EntryKind = 'address' | 'base64' | 'dataText' | 'word';

/** The names of the item's binary fields, the longest first. */
type Names = readonly string[];

/**
 * The entries of a list of media as text: addresses, `data:` URIs, names of binary fields and what is none of them.
 * Joined by commas, semicolons, blanks, line breaks or their full-width forms.
 * @param fields the names of the item's binary fields: a piece of an address is one only where it is just that name
 */
export function entriesOf(text: string, fields: Iterable<string>): string[] {
	const names = [...fields]
		.flatMap((name) => [name, `_files.${name}`])
		.sort((a, b) => b.length - a.length);
	const entries: string[] = [];
	for (let at = skipSeparators(text, 0); at < text.length; ) {
		const end = endOfEntry(text, at, names);
		entries.push(text.slice(at, end).trim());
		at = skipSeparators(text, end);
	}
	return entries;
}

function skipSeparators(text: string, from: number): number {
	let at = from;
	while (at < text.length && IS_SEPARATOR.test(text.charAt(at))) at += 1;
	return at;
}

function endOfEntry(text: string, start: number, names: Names): number {
	const field = fieldAt(text, start, names);
	if (field !== undefined) return start + field.length;
	const { kind, from } = kindAt(text, start);
	let line = start;
	SEPARATORS.lastIndex = from;
	for (let found = SEPARATORS.exec(text); found !== null; found = SEPARATORS.exec(text)) {
		const [run] = found;
		const next = found.index + run.length;
		const isLast = next === text.length && kind !== 'dataText';
		if (isLast || startsEntry(text, next, names)) return found.index;
		const breaks = LINE_BREAK.test(run);
		const isAtHead = found.index === from;
		if (!isAtHead && separates(kind, run, breaks, found.index - line)) return found.index;
		if (breaks) line = next;
		SEPARATORS.lastIndex = next;
	}
	return text.length;
}

/** Does it separate even where no entry that could be told begins behind it? */
function separates(kind: EntryKind, run: string, breaks: boolean, lineLength: number): boolean {
	switch (kind) {
		case 'address':
			return breaks;
		case 'base64':
			return NOT_IN_BASE64.test(run) || (breaks && lineLength < MIN_WRAPPED);
		case 'dataText':
			return false;
		case 'word':
			return breaks || NOT_IN_BASE64.test(run);
	}
}

/** @returns what begins there, and where separators are to be looked for: the head of a data: URI has some of its own */
function kindAt(text: string, at: number): { kind: EntryKind; from: number } {
	if (matchAt(ADDRESS, text, at) !== undefined) return { kind: 'address', from: at };
	const base64 = matchAt(DATA_BASE64, text, at);
	if (base64 !== undefined) return { kind: 'base64', from: at + base64.length };
	const uri = matchAt(DATA_URI, text, at);
	if (uri !== undefined) return { kind: 'dataText', from: at + uri.length };
	return { kind: bareBase64(text, at) === undefined ? 'word' : 'base64', from: at };
}

function startsEntry(text: string, at: number, names: Names): boolean {
	return (
		matchAt(ADDRESS, text, at) !== undefined ||
		matchAt(DATA_URI, text, at) !== undefined ||
		fieldAt(text, at, names) !== undefined
	);
}

function fieldAt(text: string, at: number, names: Names): string | undefined {
	return names.find((name) => {
		const end = at + name.length;
		return (
			text.startsWith(name, at) && (end === text.length || IS_SEPARATOR.test(text.charAt(end)))
		);
	});
}

function matchAt(sticky: RegExp, text: string, at: number): string | undefined {
	sticky.lastIndex = at;
	return sticky.exec(text)?.[0];
}

/** Characters, enough for the signature of a file. */
const BASE64_LOOKED_AT = 64;
const BASE64_START = /^[A-Za-z0-9+/]{8,}={0,2}$/;

/**
 * Base64 without a `data:` head that names its type: `iVBORw0KGgo…`.
 * @returns the type of the file by its first bytes, as an extension; undefined for what is no such text
 */
export function bareBase64(text: string, at = 0): string | undefined {
	const start = text.slice(at, at + BASE64_LOOKED_AT).split(IS_SEPARATOR, 1)[0] ?? '';
	if (!BASE64_START.test(start)) return undefined;
	return sniffType(Buffer.from(start, 'base64'));
}
