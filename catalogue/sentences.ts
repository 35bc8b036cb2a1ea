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

/** `an image`, `a video`, `an audio file`. */
export function aFile(kind: MediaKind): string {
	return { image: 'an image', video: 'a video', audio: 'an audio file' }[kind];
}
