import type { MediaKind } from './model';

/** Whole numbers in a row as a range: `1 to 10`. */
export function listOf(options: readonly string[]): string {
	const isRow = options.every((option, index) => Number(option) === Number(options[0]) + index);
	return isRow && options.length > 2 ? `${options[0]} to ${options.at(-1)}` : options.join(', ');
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerated(words: readonly string[], conjunction: 'and' | 'or'): string {
	const last = words.at(-1) ?? '';
	return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

/** ` from 1 to 4`, ` of at least 1`, ` of at most 4`, or nothing. */
export function rangeOf(min: number | undefined, max: number | undefined): string {
	if (min !== undefined && max !== undefined) return ` from ${count(min)} to ${count(max)}`;
	if (min !== undefined) return ` of at least ${count(min)}`;
	return max === undefined ? '' : ` of at most ${count(max)}`;
}

/** `an image`, `a video`, `an audio file`. */
export function aFile(kind: MediaKind): string {
	return { image: 'an image', video: 'a video', audio: 'an audio file' }[kind];
}

/** `1,234.5`. Written out, since the first use of `toLocaleString` takes longer than all else that a form needs. */
export function count(value: number): string {
	const [whole = '', fraction] = String(value).split('.');
	const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
	return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
