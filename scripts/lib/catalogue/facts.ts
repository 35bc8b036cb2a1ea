import { z } from 'zod';
import type { Condition, Model, ModelStatus, Param, Price } from '../../../catalogue/model';
import { aliasesOf } from '../../../catalogue/aliases';
import { familyOf, nameOf } from '../../../catalogue/names';
import { paramOf } from '../../../catalogue/params';
import { priceUnitSchema } from '../../../catalogue/schema';
import { sitesWithout } from '../../../catalogue/sites';
import { outputOf, taskOf } from '../../../catalogue/tasks';
import { priceRule } from './priceRule';
import type { Source } from './source';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const values = z.record(scalar);
const pair = <T extends z.ZodTypeAny>(item: T) => z.tuple([item, item]);

/** Strict: a condition of a form that is not known must not get lost unseen. */
const conditionSchema = z
	.object({
		exactlyOneOf: z.array(z.string()),
		requiredWhen: values,
		requiresAnyOf: z.array(z.string()),
		ignoredWhenSet: z.array(z.string()),
		sumMaxItems: z.object({ keys: z.array(z.string()), max: z.number() }),
		optionNotWith: z.record(values),
		secondsRange: pair(z.number()),
		pixelRange: pair(z.number()),
		ratioRange: pair(z.string()),
		minLength: z.number(),
		startsWith: z.literal('letter'),
		mustContain: z.array(z.enum(['letter', 'digit'])),
	})
	.strict()
	.partial();

const paramSchema = z
	.object({ key: z.string(), type: z.string(), condition: conditionSchema.optional() })
	.passthrough();

const factSchema = z.object({
	endpoint: z.string(),
	seedName: z.string().nullable(),
	outputType: z.string(),
	status: z.enum(['listed', 'deprecated', 'retired', 'third-party']),
	paramsStatus: z.enum(['registry', 'history', 'unknown']),
	params: z.array(paramSchema),
	observedObjectArrayParams: z.array(z.string()).default([]),
	pricing: z
		.object({
			currency: z.string(),
			unit: z.string(),
			date: z.string(),
			price: z.number().optional(),
			dependsOn: z.array(z.string()).optional(),
			table: z.record(z.number()).optional(),
		})
		.optional(),
});

type Fact = z.infer<typeof factSchema>;

const STATUS: Readonly<Record<Exclude<Fact['status'], 'retired'>, ModelStatus>> = {
	listed: 'listed',
	deprecated: 'deprecated',
	'third-party': 'thirdParty',
};

/**
 * Not in the facts: without any reference these would make a paid video of words alone, which another mode is for.
 */
const MORE_CONDITIONS: Readonly<Record<string, Condition[]>> = {
	'vidu/reference-to-video-q2-pro': [{ kind: 'anyOf', keys: ['imageUrls', 'videos'] }],
};

/** The file of facts: everything that is known of every model. It replaces the catalogue. */
export const facts: Source = {
	name: 'facts',
	matches: (json) =>
		Array.isArray(json) &&
		json.every(
			(one) => factSchema.pick({ endpoint: true, paramsStatus: true }).safeParse(one).success,
		),
	apply: (json) =>
		z
			.array(factSchema)
			.parse(json)
			.flatMap((fact) => modelOf(fact) ?? []),
};

function modelOf(fact: Fact): Model | undefined {
	const { endpoint, seedName, status, pricing } = fact;
	if (status === 'retired') return undefined;
	const task = taskOf(endpoint);
	const family = familyOf(endpoint);
	const params: Param[] = [
		...fact.params.map(paramOf),
		...fact.observedObjectArrayParams.map(
			(key): Param => ({ key, type: 'object-array', required: false }),
		),
	];
	const price = priceOf(pricing, params);
	return {
		endpoint,
		name: nameOf(endpoint, task),
		family,
		task,
		output: outputOf(task, fact.outputType),
		status: STATUS[status],
		...sitesWithout(endpoint),
		paramsKnown: fact.paramsStatus !== 'unknown',
		params,
		conditions: [...conditionsOf(fact.params), ...(MORE_CONDITIONS[endpoint] ?? [])],
		aliases: aliasesOf(endpoint, family, seedName),
		...(price ? { price } : {}),
	};
}

/** A unit that is not known cannot be computed. */
function priceOf(pricing: Fact['pricing'], params: readonly Param[]): Price | undefined {
	const unit = priceUnitSchema.safeParse(pricing?.unit);
	return pricing && unit.success ? priceRule({ ...pricing, unit: unit.data }, params) : undefined;
}

/** The conditions of all parameters; one that is written beside each of its parameters comes once. */
function conditionsOf(params: Fact['params']): Condition[] {
	const all = params.flatMap(({ key, condition }) =>
		condition === undefined ? [] : conditionsOfParam(key, condition),
	);
	return [...new Map(all.map((condition) => [JSON.stringify(condition), condition])).values()];
}

function conditionsOfParam(key: string, given: z.infer<typeof conditionSchema>): Condition[] {
	const { exactlyOneOf, requiredWhen, requiresAnyOf, ignoredWhenSet, sumMaxItems } = given;
	const { optionNotWith, secondsRange, pixelRange, ratioRange } = given;
	const { minLength, startsWith, mustContain } = given;
	const conditions: Condition[] = [];
	if (exactlyOneOf) conditions.push({ kind: 'exactlyOneOf', keys: exactlyOneOf });
	if (requiredWhen) conditions.push({ kind: 'requiredWhen', key, when: requiredWhen });
	if (requiresAnyOf) conditions.push({ kind: 'needsAnyOf', key, keys: requiresAnyOf });
	if (ignoredWhenSet) conditions.push({ kind: 'ignoredWhenSet', key, keys: ignoredWhenSet });
	if (sumMaxItems) conditions.push({ kind: 'maxItemsTogether', ...sumMaxItems });
	for (const [option, other] of Object.entries(optionNotWith ?? {})) {
		conditions.push({ kind: 'optionNotWith', key, option, with: other });
	}
	if (secondsRange) {
		conditions.push({ kind: 'secondsRange', key, min: secondsRange[0], max: secondsRange[1] });
	}
	const size = { width: 'width', height: 'height' };
	if (pixelRange) {
		conditions.push({ kind: 'pixelRange', ...size, min: pixelRange[0], max: pixelRange[1] });
	}
	if (ratioRange) {
		conditions.push({ kind: 'ratioRange', ...size, min: ratioRange[0], max: ratioRange[1] });
	}
	if (minLength !== undefined || startsWith || mustContain) {
		conditions.push({
			kind: 'wording',
			key,
			...(minLength === undefined ? {} : { minLength }),
			...(startsWith ? { startsWith } : {}),
			...(mustContain ? { contains: mustContain } : {}),
		});
	}
	return conditions;
}
