import { isObject, type JsonObject } from '../runninghub/base/json';
import { hasLostDigits } from '../runninghub/base/scalar';

/** Of its members {@link unwireableIn} tells whether they can be sent. */
export function isJsonObject(value: unknown): value is JsonObject {
	return isObject(value);
}

/** Names that change what an object is when they are copied into another. */
const DANGEROUS_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const MAX_DEPTH = 50;

/**
 * Why a value that a person gave as JSON, or an expression as an object, cannot go over the wire as it is.
 * @returns the rest of a sentence, e.g. `holds …`; undefined for what can be sent
 */
export function unwireableIn(value: unknown, path = '', depth = 0): string | undefined {
	const where = path === '' ? '' : ` at ${path}`;
	if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels${where}`;
	switch (typeof value) {
		case 'string':
		case 'boolean':
			return undefined;
		case 'number':
			if (!Number.isFinite(value)) return `holds a number that JSON does not have${where}`;
			return hasLostDigits(value)
				? `holds a number of more digits than can be kept${where}: put it in quotes`
				: undefined;
		case 'object':
			return value === null ? undefined : unwireableInObject(value, path, depth);
		default:
			return `holds a ${typeof value}, which JSON does not have${where}`;
	}
}

function unwireableInObject(value: object, path: string, depth: number): string | undefined {
	if (!Array.isArray(value) && !isPlain(value)) {
		return `holds something that is neither text, number, list nor plain object${path === '' ? '' : ` at ${path}`}`;
	}
	for (const [key, inner] of Object.entries(value)) {
		if (DANGEROUS_KEYS.has(key)) return `holds the name ${key}, which is not allowed`;
		const innerPath = Array.isArray(value)
			? `${path}[${key}]`
			: path === ''
				? key
				: `${path}.${key}`;
		const problem = unwireableIn(inner, innerPath, depth + 1);
		if (problem !== undefined) return problem;
	}
	return undefined;
}

/** Not a date, a map or the like, of which JSON would keep nothing or something else. */
function isPlain(value: object): boolean {
	return Object.prototype.toString.call(value) === '[object Object]' && !('toJSON' in value);
}
