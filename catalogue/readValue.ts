import { tryStandardJson, type JsonObject } from '../runninghub/base/json';
import { booleanIn, hasLostDigits, numberIn } from '../runninghub/base/scalar';
import {
	asText,
	count,
	halfWidth,
	isNoText,
	noText,
	quote,
	rangeOf,
} from '../runninghub/base/text';
import { isJsonObject, unwireableIn } from './userJson';
import { labelOf } from './labels';
import type { Param } from './model';
import { listOf } from './sentences';

/** What goes over the wire for a parameter that is no file. */
export type WireValue = string | number | boolean | string[] | JsonObject[];

/** `undefined` for a parameter that is not set, and so is not sent. */
export type Read = { value: WireValue | undefined } | { problem: string };

/**
 * Reads one parameter that takes no files.
 * @param raw as n8n, an expression or an agent gives it: text, number, boolean, array, JSON text or nothing
 */
export function readValue(param: Param, raw: unknown, modelName: string): Read {
	const label = labelOf(param.key);
	const isList = param.type.startsWith('array-of-') || param.type === 'object-array';
	if (isUnset(raw) || (isList && isEmptyList(raw))) {
		if (!param.required) return { value: undefined };
		const allowed = param.options ? ` Allowed: ${listOf(param.options)}.` : '';
		return { problem: `${label} is empty, but ${modelName} needs it.${allowed}` };
	}
	switch (param.type) {
		case 'enum':
			return readEnum(param, raw, label, modelName);
		case 'boolean':
			return readBoolean(raw, label);
		case 'integer':
		case 'number':
			return readNumber(param, raw, label, modelName);
		case 'array-of-string':
		case 'array-of-enum':
			return readList(param, raw, label, modelName);
		case 'object-array':
			return readObjects(param, raw, label, modelName);
		default:
			return readText(param, raw, label, modelName);
	}
}

/** Null, undefined and empty text are what n8n gives for an empty field. */
export function isUnset(raw: unknown): boolean {
	return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}

function isEmptyList(raw: unknown): boolean {
	return Array.isArray(raw) ? raw.every(isUnset) : raw === '[]';
}

function readEnum(
	{ options = [] }: Param,
	raw: unknown,
	label: string,
	modelName: string,
): { value: string } | { problem: string } {
	const text = typeof raw === 'object' ? asText(raw) : String(raw).trim();
	const value = options.find((option) => option === text) ?? sameOption(options, text);
	return value === undefined
		? { problem: `${label} is ${quote(text)}; ${modelName} takes ${listOf(options)}.` }
		: { value };
}

/** The only option that a person can have meant: `16 : 9` and `１６：９` are 16:9, `05` and `5.0` are 5. */
function sameOption(options: readonly string[], text: string): string | undefined {
	const plain = plainOption(text);
	const same = options.filter((option) => plainOption(option) === plain);
	return new Set(same).size === 1 ? same[0] : undefined;
}

const PLAIN_NUMBER = /^\d+(?:\.\d+)?$/;

function plainOption(text: string): string {
	const plain = halfWidth(text)
		.toLowerCase()
		.replace(/\s*([:x*])\s*/g, '$1');
	return PLAIN_NUMBER.test(plain) ? String(Number(plain)) : plain;
}

function readBoolean(raw: unknown, label: string): Read {
	const value = booleanIn(raw);
	return value === undefined
		? { problem: `${label} is ${quote(raw)}; it must be true or false.` }
		: { value };
}

function readNumber(
	{ type, min, max, step }: Param,
	raw: unknown,
	label: string,
	modelName: string,
): Read {
	const value = numberIn(raw);
	const isUsable = value !== undefined && (type === 'number' || Number.isSafeInteger(value));
	if (!isUsable || value < (min ?? -Infinity) || value > (max ?? Infinity)) {
		const kind = type === 'integer' ? 'a whole number' : 'a number';
		const allowed = `${kind}${rangeOf(min, max)}`;
		return { problem: `${label} is ${quote(raw)}; ${modelName} takes ${allowed}.` };
	}
	if (step !== undefined && !isStep((value - (min ?? 0)) / step)) {
		const from = min === undefined ? '' : `, counted from ${min}`;
		return {
			problem: `${label} is ${quote(raw)}; ${modelName} takes it in steps of ${step}${from}.`,
		};
	}
	return { value };
}

/** 0.3 / 0.1 is not quite 3. */
function isStep(steps: number): boolean {
	return Math.abs(steps - Math.round(steps)) < 1e-6;
}

function readText(
	{ type, maxLength }: Param,
	raw: unknown,
	label: string,
	modelName: string,
): { value: string } | { problem: string } {
	if (typeof raw === 'object') {
		return { problem: `${label} is ${quote(raw)}; it must be text.` };
	}
	if (hasLostDigits(raw)) {
		return {
			problem: `${label} is the number ${raw}, which has lost its last digits; enter it as text.`,
		};
	}
	// Names and ids are short and often pasted with a space; a prompt is sent as it is.
	const value = type === 'text' ? String(raw) : String(raw).trim();
	if (isNoText(value)) return { problem: noText(label, value) };
	// No source says whether an emoji counts once or twice at RunningHub: only what is too long either way is refused here.
	if (maxLength !== undefined && value.length > maxLength && [...value].length > maxLength) {
		return {
			problem: `${label} is ${count([...value].length)} characters long; ${modelName} takes at most ${count(maxLength)}.`,
		};
	}
	return { value };
}

/** A list is an array, a JSON array as text, or text with commas or line breaks. */
function readList(param: Param, raw: unknown, label: string, modelName: string): Read {
	const values: string[] = [];
	const items = itemsOf(raw);
	for (const item of items) {
		const read =
			param.type === 'array-of-enum'
				? readEnum(param, item, label, modelName)
				: readText({ ...param, type: 'string' }, item, label, modelName);
		if ('problem' in read) return read;
		values.push(read.value);
	}
	return tooMany(param, values.length, label, modelName) ?? { value: values };
}

function itemsOf(raw: unknown): unknown[] {
	const given =
		typeof raw === 'string' && raw.trim().startsWith('[') ? (tryStandardJson(raw) ?? raw) : raw;
	if (Array.isArray(given)) return given.filter((item) => !isUnset(item));
	return typeof given === 'string'
		? given.split(/[,\n]/).filter((item) => !isUnset(item))
		: [given];
}

function readObjects(param: Param, raw: unknown, label: string, modelName: string): Read {
	const given = typeof raw === 'string' ? tryStandardJson(raw) : raw;
	const items: unknown[] = Array.isArray(given) ? given : [given];
	if (given === undefined || !items.every(isJsonObject)) {
		return {
			problem: `${label} is ${quote(raw)}; ${modelName} takes a JSON array of objects, such as [{"…": "…"}].`,
		};
	}
	const problem = unwireableIn(items);
	if (problem !== undefined) return { problem: `${label} ${problem}.` };
	return tooMany(param, items.length, label, modelName) ?? { value: items };
}

function tooMany(
	{ maxItems }: Param,
	length: number,
	label: string,
	modelName: string,
): { problem: string } | undefined {
	if (maxItems === undefined || length <= maxItems) return undefined;
	return { problem: `${label} has ${length} entries; ${modelName} takes at most ${maxItems}.` };
}
