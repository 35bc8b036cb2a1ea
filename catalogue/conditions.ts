import { count, quote } from '../runninghub/base/text';
import { labelOf } from './labels';
import type { Condition, Model, ParamValues } from './model';
import { enumerated } from './sentences';

/** The parameters that a condition is about. */
export function keysOf(condition: Condition): string[] {
	switch (condition.kind) {
		case 'anyOf':
		case 'exactlyOneOf':
		case 'maxItemsTogether':
			return condition.keys;
		case 'needsAnyOf':
		case 'ignoredWhenSet':
			return [condition.key, ...condition.keys];
		case 'requiredWhen':
			return [condition.key, ...Object.keys(condition.when)];
		case 'optionNotWith':
			return [condition.key, ...Object.keys(condition.with)];
		case 'pixelRange':
		case 'ratioRange':
			return [condition.width, condition.height];
		case 'secondsRange':
		case 'wording':
			return [condition.key];
	}
}

/** What was given for a model, as far as conditions ask for it. */
export interface Given {
	/** How many items each given parameter has; a single value is one item. */
	counts: ReadonlyMap<string, number>;
	/** As they go over the wire, by key; files are not among them. */
	values: Readonly<Record<string, unknown>>;
	/** Parameters whose own value is refused already: nothing more is said about these. */
	refused: ReadonlySet<string>;
}

/** @returns a sentence for each condition of the model that is not met, naming its fields by their labels */
export function checkConditions(model: Model, given: Given): string[] {
	return model.conditions
		.filter((condition) => !keysOf(condition).some((key) => given.refused.has(key)))
		.flatMap((condition) => problemWith(condition, model, given) ?? []);
}

function problemWith(
	condition: Condition,
	model: Model,
	{ counts, values }: Given,
): string | undefined {
	const { name } = model;
	switch (condition.kind) {
		case 'anyOf':
			return condition.keys.some((key) => counts.has(key))
				? undefined
				: `${labels(condition.keys)} are empty; ${name} needs at least one of them.`;
		case 'exactlyOneOf':
			return notOne(condition.keys, counts, name);
		case 'requiredWhen':
			return counts.has(condition.key) || !hasAll(values, condition.when)
				? undefined
				: `${labelOf(condition.key)} is empty, but ${name} needs it when ${settings(condition.when)}.`;
		case 'needsAnyOf':
			return !counts.has(condition.key) || condition.keys.some((key) => counts.has(key))
				? undefined
				: `${labelOf(condition.key)} is set without ${labels(condition.keys, 'or')}; ${name} needs at least one of them with it.`;
		case 'maxItemsTogether': {
			const items = condition.keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
			return items <= condition.max
				? undefined
				: `${labels(condition.keys)} have ${items} entries together; ${name} takes at most ${condition.max}.`;
		}
		case 'optionNotWith':
			return values[condition.key] !== condition.option || !hasAll(values, condition.with)
				? undefined
				: `${labelOf(condition.key)} is ${condition.option}, which ${name} does not take when ${settings(condition.with)}.`;
		case 'pixelRange':
		case 'ratioRange':
			return sizeProblem(condition, model, values);
		case 'wording':
			return wordingProblem(condition, values[condition.key], name);
		case 'ignoredWhenSet':
		case 'secondsRange':
			return undefined;
	}
}

function notOne(
	keys: readonly string[],
	counts: ReadonlyMap<string, number>,
	name: string,
): string | undefined {
	const filled = keys.filter((key) => counts.has(key));
	if (filled.length === 1) return undefined;
	return filled.length === 0
		? `${labels(keys)} are empty; ${name} needs one of them.`
		: `${labels(filled)} are set; ${name} takes only one of them.`;
}

/** A side that is not given has its documented default. */
function sizeProblem(
	condition: Extract<Condition, { kind: 'pixelRange' | 'ratioRange' }>,
	{ name, params }: Model,
	values: Given['values'],
): string | undefined {
	const sides = [condition.width, condition.height];
	if (sides.every((key) => values[key] === undefined)) return undefined;
	const [width, height] = sides.map(
		(key) => values[key] ?? params.find((param) => param.key === key)?.default,
	);
	if (typeof width !== 'number' || typeof height !== 'number') return undefined;
	const size = `${labels(sides)} are ${width} and ${height}`;
	if (condition.kind === 'pixelRange') {
		const pixels = width * height;
		return pixels >= condition.min && pixels <= condition.max
			? undefined
			: `${size}, ${count(pixels)} pixels in all; ${name} takes from ${count(condition.min)} to ${count(condition.max)}.`;
	}
	const ratio = width / height;
	return ratio >= quotient(condition.min) && ratio <= quotient(condition.max)
		? undefined
		: `${size}; ${name} supports aspect ratios from ${condition.min} to ${condition.max}.`;
}

/** `1:8` → 0.125 */
function quotient(ratio: string): number {
	const [width = 1, height = 1] = ratio.split(':').map(Number);
	return width / height;
}

const CHARACTERS = { letter: /[a-z]/i, digit: /\d/ } as const;

function wordingProblem(
	condition: Extract<Condition, { kind: 'wording' }>,
	value: unknown,
	name: string,
): string | undefined {
	if (typeof value !== 'string') return undefined;
	const { key, minLength = 0, startsWith, contains = [] } = condition;
	const fits =
		value.length >= minLength &&
		(startsWith === undefined || CHARACTERS[startsWith].test(value.charAt(0))) &&
		contains.every((what) => CHARACTERS[what].test(value));
	return fits
		? undefined
		: `${labelOf(key)} is ${quote(value)}; ${name} takes ${wordingOf(condition)}.`;
}

/** `at least 8 characters, the first a letter, with a letter and a digit` */
export function wordingOf({
	minLength,
	startsWith,
	contains,
}: Extract<Condition, { kind: 'wording' }>): string {
	return [
		minLength === undefined ? '' : `at least ${minLength} characters`,
		startsWith === undefined ? '' : `the first a ${startsWith}`,
		contains === undefined
			? ''
			: `with ${enumerated(
					contains.map((what) => `a ${what}`),
					'and',
				)}`,
	]
		.filter((part) => part !== '')
		.join(', ');
}

/** `Several Shots is on and Resolution is 1080p` */
export function settings(values: ParamValues): string {
	const words = Object.entries(values).map(([key, value]) => {
		const state = value === true ? 'on' : value === false ? 'off' : value;
		return `${labelOf(key)} is ${state}`;
	});
	return enumerated(words, 'and');
}

function hasAll(values: Given['values'], wanted: ParamValues): boolean {
	return Object.entries(wanted).every(([key, value]) => values[key] === value);
}

function labels(keys: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
	return enumerated(keys.map(labelOf), conjunction);
}
