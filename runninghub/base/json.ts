import { parse } from 'lossless-json';

/** A number that JavaScript would round: RunningHub's ids have 19 digits and are sometimes sent as JSON numbers. */
const BEYOND_SAFE = /^-?\d{16,}$/;

/**
 * Reads JSON without losing a digit: whole numbers of 16 digits and more come back as strings, all others as numbers.
 * (reference section 14, quirks 1 and 2)
 * @throws SyntaxError when the text is not JSON
 */
export function parseJson(text: string): unknown {
	return parse(text, undefined, {
		onDuplicateKey: ({ newValue }) => newValue,
		parseNumber: (digits) => (BEYOND_SAFE.test(digits) ? digits : Number(digits)),
	});
}

/** As {@link parseJson}, with `undefined` for text that is not JSON. */
export function tryParseJson(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}

/** As `JSON.parse`, which rounds long numbers, with `undefined` for text that is not JSON. */
export function tryStandardJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object as it goes over the wire. */
export type JsonObject = { [key: string]: JsonValue };

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
