import type { Condition, Model, Param } from './facts';
import { secondsOf } from './mediaSeconds';
import { first, invalid, type Body, type BodyRules, type Complaint } from './validation';

/** The few conditions that the facts hold beyond one field's own type and limits. */

export const checkConditions = (model: Model, body: Body, rules: BodyRules): Complaint =>
	first(model.params, (param) => checkCondition(model, param, body, rules));

/** Parameters that are there but count for nothing beside others (`ignoredWhenSet`): no reason to refuse. */
export const ignoredParams = (model: Model, body: Body): string[] =>
	model.params
		.filter(({ key, condition }) => {
			const rivals = condition?.ignoredWhenSet ?? [];
			return isSet(body, key) && rivals.some((rival) => isSet(body, rival));
		})
		.map(({ key }) => key);

function checkCondition(model: Model, param: Param, body: Body, rules: BodyRules): Complaint {
	const { key, condition } = param;
	if (condition === undefined) return undefined;
	return (
		checkPresence(key, condition, body) ??
		checkCombination(key, condition, body) ??
		checkPixels(condition, model, body) ??
		checkWording(key, condition, body[key]) ??
		checkSeconds(key, condition, body[key], rules)
	);
}

const isSet = (body: Body, key: string): boolean => body[key] !== undefined;

function checkPresence(key: string, condition: Condition, body: Body): Complaint {
	const { requiredWhen, exactlyOneOf, requiresAnyOf } = condition;
	if (requiredWhen !== undefined && !isSet(body, key) && hasAll(body, requiredWhen)) {
		return invalid(`${key} is required when ${describe(requiredWhen)}`);
	}
	if (exactlyOneOf !== undefined) {
		const set = exactlyOneOf.filter((name) => isSet(body, name));
		if (set.length !== 1) return invalid(`exactly one of ${exactlyOneOf.join(', ')} is required`);
	}
	const lonely =
		requiresAnyOf !== undefined &&
		isSet(body, key) &&
		!requiresAnyOf.some((name) => isSet(body, name));
	return lonely ? invalid(`${key} needs one of ${requiresAnyOf.join(', ')}`) : undefined;
}

function checkCombination(key: string, condition: Condition, body: Body): Complaint {
	const { sumMaxItems, optionNotWith } = condition;
	if (sumMaxItems !== undefined) {
		const items = sumMaxItems.keys.map((name) => body[name]).flat();
		const count = items.filter((item) => item !== undefined).length;
		if (count > sumMaxItems.max) {
			return invalid(`${sumMaxItems.keys.join(' and ')} take ${sumMaxItems.max} items together`);
		}
	}
	const clash = optionNotWith?.[String(body[key])];
	return clash !== undefined && hasAll(body, clash)
		? invalid(`${key} cannot be ${String(body[key])} with ${describe(clash)}`)
		: undefined;
}

/** A side that is not given has its default. */
function checkPixels({ pixelRange, ratioRange }: Condition, model: Model, body: Body): Complaint {
	const [width, height] = ['width', 'height'].map(
		(side) => body[side] ?? model.params.find(({ key }) => key === side)?.default,
	);
	if (typeof width !== 'number' || typeof height !== 'number') return undefined;
	const [fewest, most] = pixelRange ?? [0, Infinity];
	if (width * height < fewest || width * height > most) {
		return invalid(`width × height must be between ${fewest} and ${most}`);
	}
	const [narrowest, widest] = (ratioRange ?? ['0:1', '1:0']).map(ratio);
	const proportion = width / height;
	return proportion < (narrowest ?? 0) || proportion > (widest ?? Infinity)
		? invalid(`width : height must be between ${ratioRange?.join(' and ')}`)
		: undefined;
}

function checkWording(key: string, condition: Condition, value: unknown): Complaint {
	if (typeof value !== 'string') return undefined;
	const { minLength = 0, startsWith, mustContain = [] } = condition;
	if (value.length < minLength) return invalid(`${key} needs at least ${minLength} characters`);
	if (startsWith === 'letter' && !/^[a-z]/i.test(value)) {
		return invalid(`${key} must start with a letter`);
	}
	const patterns: Record<string, RegExp> = { letter: /[a-z]/i, digit: /\d/ };
	const missing = mustContain.find((what) => !(patterns[what]?.test(value) ?? true));
	return missing === undefined ? undefined : invalid(`${key} must contain a ${missing}`);
}

/** How long an upload lasts, if that can be seen; other addresses are not looked into. */
function checkSeconds(
	key: string,
	{ secondsRange }: Condition,
	value: unknown,
	{ files }: BodyRules,
): Complaint {
	if (secondsRange === undefined || typeof value !== 'string') return undefined;
	const file = files.lookUp(value);
	const seconds = typeof file === 'object' ? secondsOf(file) : undefined;
	const [shortest, longest] = secondsRange;
	return seconds !== undefined && (seconds < shortest || seconds > longest)
		? invalid(`${key} must last between ${shortest} and ${longest} seconds`)
		: undefined;
}

const hasAll = (body: Body, wanted: Record<string, unknown>): boolean =>
	Object.entries(wanted).every(([key, value]) => body[key] === value);

const describe = (values: Record<string, unknown>): string =>
	Object.entries(values)
		.map(([key, value]) => `${key} is ${String(value)}`)
		.join(' and ');

function ratio(text: string): number {
	const [width, height] = text.split(':').map(Number);
	return (width ?? 0) / (height ?? 1);
}
