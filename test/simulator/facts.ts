import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { NEW_MODELS } from './samples/newModels';

/** The part of `models.facts.json` that the simulator checks requests and makes prices by. */
const paramSchema = z.object({
	key: z.string(),
	type: z.enum([
		'string',
		'text',
		'enum',
		'boolean',
		'integer',
		'number',
		'image',
		'video',
		'audio',
		'array-of-image',
		'array-of-video',
		'array-of-audio',
		'array-of-string',
		'array-of-enum',
	]),
	required: z.boolean(),
	default: z.unknown(),
	options: z.array(z.string()).optional(),
	min: z.number().optional(),
	max: z.number().optional(),
	step: z.number().nullish(),
	maxLength: z.number().optional(),
	maxItems: z.number().optional(),
	accept: z.array(z.string()).optional(),
	maxSizeMB: z.number().optional(),
	// Strict: a kind of condition that nobody checks would make the simulator kinder than the facts.
	condition: z
		.object({
			requiredWhen: z.record(z.unknown()).optional(),
			exactlyOneOf: z.array(z.string()).optional(),
			requiresAnyOf: z.array(z.string()).optional(),
			sumMaxItems: z.object({ keys: z.array(z.string()), max: z.number() }).optional(),
			optionNotWith: z.record(z.record(z.unknown())).optional(),
			pixelRange: z.tuple([z.number(), z.number()]).optional(),
			ratioRange: z.tuple([z.string(), z.string()]).optional(),
			minLength: z.number().optional(),
			startsWith: z.string().optional(),
			mustContain: z.array(z.string()).optional(),
			secondsRange: z.tuple([z.number(), z.number()]).optional(),
			/** Set beside one of these it is accepted, and counts for nothing. */
			ignoredWhenSet: z.array(z.string()).optional(),
		})
		.strict()
		.optional(),
});

export type Param = z.infer<typeof paramSchema>;
export type Condition = NonNullable<Param['condition']>;

const pricingSchema = z.object({
	unit: z.string(),
	price: z.number().optional(),
	dependsOn: z.array(z.string()).optional(),
	table: z.record(z.number()).optional(),
});

export type Pricing = z.infer<typeof pricingSchema>;

const modelSchema = z.object({
	endpoint: z.string(),
	outputType: z.enum(['video', 'image', 'audio', '3d', 'text']),
	status: z.enum(['listed', 'deprecated', 'retired', 'third-party']),
	paramsStatus: z.enum(['registry', 'history', 'unknown']),
	params: z.array(paramSchema),
	observedObjectArrayParams: z.array(z.string()).optional(),
	pricing: z.unknown(),
});

export type Model = z.infer<typeof modelSchema>;

let models: Map<string, Model> | undefined;

/** The model behind an endpoint that can be called. Retired endpoints are gone. */
export function findModel(endpoint: string): Model | undefined {
	models ??= readModels();
	return models.get(endpoint) ?? NEW_MODELS.find((model) => model.endpoint === endpoint);
}

/** Those of the facts, without what only a registry of the simulator's has. */
export function callableModels(): Model[] {
	models ??= readModels();
	return [...models.values()];
}

/** The price rule, where the facts hold one that can be computed. */
export function pricingOf(model: Model): Pricing | undefined {
	const parsed = pricingSchema.safeParse(model.pricing);
	return parsed.success ? parsed.data : undefined;
}

function readModels(): Map<string, Model> {
	const text = readFileSync(join(__dirname, 'models.facts.json'), 'utf8');
	const all = z.array(modelSchema).parse(JSON.parse(text));
	return new Map(
		all.filter(({ status }) => status !== 'retired').map((model) => [model.endpoint, model]),
	);
}
