import { z } from 'zod';
import {
	PARAM_TYPES,
	PRICE_UNITS,
	type Condition,
	type Model,
	type Param,
	type Price,
} from '../../../catalogue/model';

/** What `catalogue/models.json` may hold: the types of catalogue/model.ts, and no key beyond them. */
const key = z.string().min(1);
const keys = z.array(key).min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const values = z.record(scalar);
const mediaKind = z.enum(['image', 'video', 'audio']);

export const paramSchema: z.ZodType<Param> = z
	.object({
		key,
		type: z.enum(PARAM_TYPES),
		required: z.boolean(),
		default: z.union([scalar, z.array(z.string())]).optional(),
		options: z.array(z.string().min(1)).min(1).optional(),
		min: z.number().optional(),
		max: z.number().optional(),
		step: z.number().positive().optional(),
		maxLength: z.number().int().positive().optional(),
		maxItems: z.number().int().positive().optional(),
		accept: z
			.array(z.string().regex(/^[a-z0-9]+$/))
			.min(1)
			.optional(),
		maxSizeMB: z.number().positive().optional(),
		mediaHint: mediaKind.optional(),
	})
	.strict()
	.superRefine((param, context) => {
		const complain = (message: string) => context.addIssue({ code: 'custom', message });
		if (param.type.endsWith('enum') && param.options === undefined) complain('no options');
		const { default: preset, options = [] } = param;
		if (param.type === 'enum' && preset !== undefined && !options.includes(String(preset)))
			complain(`the default ${String(preset)} is no option`);
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

export const modelSchema: z.ZodType<Model> = z
	.object({
		endpoint: z.string().regex(/^[^/\s?#]+(?:\/[^/\s?#]+)*$/),
		name: z.string().min(1),
		family: z.string().min(1),
		task: z.string().min(1),
		output: z.enum(['video', 'image', 'audio', '3d', 'text']),
		status: z.enum(['listed', 'deprecated', 'thirdParty']),
		notOn: z.array(z.literal('china')).min(1).optional(),
		paramsKnown: z.boolean(),
		params: z.array(paramSchema),
		conditions: z.array(conditionSchema),
		aliases: z.array(z.string().min(1)),
		price: priceSchema.optional(),
	})
	.strict();
