/** JSON values as the simulator writes them. A bigint becomes a raw number, digit for digit. */
export type JsonValue =
	| string
	| number
	| bigint
	| boolean
	| null
	| undefined
	| JsonValue[]
	| { [key: string]: JsonValue };

export type JsonObject = { [key: string]: JsonValue };

/**
 * JSON text of a value. `JSON.stringify` refuses bigints and rounds 19-digit numbers, and the whole
 * point of writing an id as a number (quirk 1) is that every digit is on the wire.
 */
export function toJsonText(value: JsonValue): string {
	if (typeof value === 'bigint') return value.toString();
	if (Array.isArray(value)) return `[${value.map((item) => toJsonText(item ?? null)).join(',')}]`;
	if (value !== null && typeof value === 'object') {
		const members = Object.entries(value)
			.filter(([, member]) => member !== undefined)
			.map(([key, member]) => `${JSON.stringify(key)}:${toJsonText(member)}`);
		return `{${members.join(',')}}`;
	}
	return JSON.stringify(value ?? null);
}

/** Is this parsed value a JSON object (not an array, not null)? */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every string anywhere inside a parsed JSON value. */
export function stringsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (Array.isArray(value)) return value.flatMap(stringsIn);
	return isJsonObject(value) ? Object.values(value).flatMap(stringsIn) : [];
}
