import { halfWidth } from './text';

/*
 * Numbers and switches as they come from a form, an expression, a table or an agent: often as text, and from Chinese
 * keyboards in full width.
 */

/** @returns undefined for anything but true and false, or 1 and 0, in any case */
export function booleanIn(raw: unknown): boolean | undefined {
	if (typeof raw === 'object') return undefined;
	switch (halfWidth(String(raw)).toLowerCase()) {
		case 'true':
		case '1':
			return true;
		case 'false':
		case '0':
			return false;
		default:
			return undefined;
	}
}

/** @returns undefined for what is no finite number */
export function numberIn(raw: unknown): number | undefined {
	const value = typeof raw === 'string' ? Number(numberText(raw)) : raw;
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const OTHER_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?$/i;

/**
 * A number as JSON writes it, every digit kept: seeds have more of them than a JavaScript number does.
 * @returns undefined for what is no number
 */
export function numberText(raw: string): string | undefined {
	const text = halfWidth(raw);
	if (JSON_NUMBER.test(text)) return text;
	return OTHER_NUMBER.test(text) ? String(Number(text)) : undefined;
}

/** A whole number beyond what JavaScript can hold, such as an id that was not kept as text: its last digits are wrong. */
export function hasLostDigits(value: unknown): value is number {
	return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** @returns the rest of a sentence about a value that {@link hasLostDigits} */
export function lostDigits(value: number): string {
	return `was given as the number ${value} and lost its last digits; enter it as text`;
}
