import { z } from 'zod';
import {
	PARAM_TYPES,
	PRICE_UNITS,
	type Condition,
	type Model,
	type Param,
	type Price,
} from './model';

/**
 * The types of catalogue/model.ts, and no key beyond them: for models.json, RunningHub's registry and saved forms alike.
 * What is in these is shown by n8n and sent to RunningHub, so that it is bounded here.
 */

/** Nothing that n8n would take for markup or, where it begins with an equals sign, for an expression. */
const text = z
	.string()
	.max(2_000)
	.regex(/^(?!=)[^<>\p{C}]+$/u, 'is no plain text');
const name = text.max(200);

/** A wire path after `/openapi/v2/`; no segment of dots, which would lead to another call. */
export const ENDPOINT = /^(?!.*(?:^|\/)\.+(?:\/|$))[\w.[\]-]+(?:\/[\w.[\]-]+)*$/;
export const endpointSchema = z.string().max(200).regex(ENDPOINT, 'is no endpoint');

/** Names that change what an object is. */
const NO_KEYS = ['__proto__', 'constructor', 'prototype'];
const key = z
	.string()
	.max(100)
	.regex(/^[\w#]+$/, 'is no key')
	.refine((given) => !NO_KEYS.includes(given), 'is no key');
const keys = z.array(key).min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const values = z.record(scalar);
const mediaKind = z.enum(['image', 'video', 'audio']);

export const paramSchema: z.ZodType<Param> = z
	.object({
		key,
		type: z.enum(PARAM_TYPES),
		required: z.boolean(),
		default: z.union([text, z.number(), z.boolean(), z.array(text).max(100)]).optional(),
		options: z.array(name).min(1).max(500).optional(),
		min: z.number().optional(),
		max: z.number().optional(),
		step: z.number().positive().optional(),
		maxLength: z.number().int().positive().optional(),
		maxItems: z.number().int().positive().optional(),
		accept: z
			.array(z.string().regex(/^[a-z0-9]{1,20}$/))
			.min(1)
			.max(50)
			.optional(),
		maxSizeMB: z.number().positive().optional(),
		mediaHint: mediaKind.optional(),
	})
	.strict()
	.superRefine((param, context) => {
		const complain = (message: string) => context.addIssue({ code: 'custom', message });
		if (param.type.endsWith('enum') && param.options === undefined) complain('no options');
		const { default: preset, options = [], min = -Infinity, max = Infinity } = param;
		if (min > max) complain(`from ${min} to ${max} is no range`);
		if (param.type === 'enum' && preset !== undefined && !options.includes(String(preset)))
			complain(`the default ${String(preset)} is no option`);
	});

/** No two of the same key. */
export const paramsSchema = z
	.array(paramSchema)
	.max(100)
	.superRefine((params, context) => {
		const seen = new Set<string>();
		for (const { key: one } of params) {
			if (seen.has(one)) context.addIssue({ code: 'custom', message: `${one} is there twice` });
			seen.add(one);
		}
	});

const conditionSchema: z.ZodType<Condition> = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('anyOf'), keys }).strict(),
	z.object({ kind: z.literal('exactlyOneOf'), keys }).strict(),
	z.object({ kind: z.literal('requiredWhen'), key, when: values }).strict(),
	z.object({ kind: z.literal('needsAnyOf'), key, keys }).strict(),
	z.object({ kind: z.literal('ignoredWhenSet'), key, keys }).strict(),
	z.object({ kind: z.literal('maxItemsTogether'), keys, max: z.number() }).strict(),
	z.object({ kind: z.literal('optionNotWith'), key, option: z.string(), with: values }).strict(),
	z.object({ kind: z.literal('secondsRange'), key, min: z.number(), max: z.number() }).strict(),
	z
		.object({
			kind: z.literal('pixelRange'),
			width: key,
			height: key,
			min: z.number(),
			max: z.number(),
		})
		.strict(),
	z
		.object({
			kind: z.literal('ratioRange'),
			width: key,
			height: key,
			min: z.string().regex(/^\d+:\d+$/),
			max: z.string().regex(/^\d+:\d+$/),
		})
		.strict(),
	z
		.object({
			kind: z.literal('wording'),
			key,
			minLength: z.number().optional(),
			startsWith: z.literal('letter').optional(),
			contains: z.array(z.enum(['letter', 'digit'])).optional(),
		})
		.strict(),
]);

export const priceUnitSchema = z.enum(PRICE_UNITS);

const priceFacts = {
	currency: z.string().min(1),
	unit: priceUnitSchema,
	date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
	times: key.optional(),
};

const priceSchema: z.ZodType<Price> = z.union([
	z.object({ ...priceFacts, price: z.number().positive() }).strict(),
	z.object({ ...priceFacts, dependsOn: keys, table: z.record(z.number()) }).strict(),
]);

export const outputSchema = z.enum(['video', 'image', 'audio', '3d', 'text']);

export const modelSchema: z.ZodType<Model> = z
	.object({
		endpoint: endpointSchema,
		name,
		family: name,
		task: name,
		output: outputSchema,
		status: z.enum(['listed', 'deprecated', 'thirdParty']),
		notOn: z.array(z.literal('china')).min(1).optional(),
		paramsKnown: z.boolean(),
		params: paramsSchema,
		conditions: z.array(conditionSchema),
		aliases: z.array(name),
		price: priceSchema.optional(),
	})
	.strict();
