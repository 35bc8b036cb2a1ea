import { z } from 'zod';
import { keysOf } from '../../../catalogue/conditions';
import type { Condition, Model, Param } from '../../../catalogue/model';
import { sitesWithout } from '../../../catalogue/sites';
import { aliasesOf } from './aliases';
import { familyOf, nameOf } from './names';
import { paramOf } from './params';
import type { Source } from './source';
import { outputOf, taskOf } from './tasks';

const optional = <T extends z.ZodTypeAny>(schema: T) => schema.nullish();

const paramSchema = z.object({
	fieldKey: z.string(),
	type: z.enum(['STRING', 'LIST', 'BOOLEAN', 'INT', 'FLOAT', 'IMAGE', 'VIDEO', 'AUDIO']),
	required: z.boolean(),
	defaultValue: z.unknown(),
	options: optional(z.array(z.object({ value: z.string() }))),
	min: optional(z.number()),
	max: optional(z.number()),
	step: optional(z.number()),
	maxLength: optional(z.number()),
	multipleInputs: optional(z.boolean()),
	maxInputNum: optional(z.number()),
	/** A JSON array inside a string. */
	accept: optional(z.string()),
	maxSize: optional(z.number()),
});

const registrySchema = z.object({
	models: z.array(
		z.object({
			endpoint: z.string(),
			name_en: optional(z.string()),
			output_type: z.string(),
			params: z.array(paramSchema),
		}),
	),
});

type RegistryParam = z.infer<typeof paramSchema>;
type RegistryModel = z.infer<typeof registrySchema>['models'][number];

/**
 * RunningHub's own registry of models. It is complete for what RunningHub lists; it does not know conditions, page
 * names, prices and what others have seen, so these stay.
 */
export const registry: Source = {
	name: 'registry',
	matches: (json) => registrySchema.safeParse(json).success,
	apply(json, previous) {
		const listed = registrySchema.parse(json).models.map((model) =>
			modelOf(
				model,
				previous.find(({ endpoint }) => endpoint === model.endpoint),
			),
		);
		const endpoints = new Set(listed.map(({ endpoint }) => endpoint));
		const seenByOthers = previous.filter(
			({ endpoint, status }) => status === 'thirdParty' && !endpoints.has(endpoint),
		);
		return [...listed, ...seenByOthers];
	},
};

function modelOf(given: RegistryModel, known: Model | undefined): Model {
	const { endpoint } = given;
	const task = known?.task ?? taskOf(endpoint);
	const family = known?.family ?? familyOf(endpoint);
	const params = [
		...given.params.map((param) =>
			registryParam(
				param,
				known?.params.find(({ key }) => key === param.fieldKey),
			),
		),
		...(known?.params ?? []).filter(
			({ key, type }) =>
				type === 'object-array' && !given.params.some(({ fieldKey }) => fieldKey === key),
		),
	];
	const isDeprecated = /deprecated/i.test(`${endpoint} ${given.name_en ?? ''}`);
	return {
		endpoint,
		name: known?.name ?? nameOf(endpoint, task),
		family,
		task,
		output: outputOf(task, given.output_type),
		status: isDeprecated ? 'deprecated' : 'listed',
		...sitesWithout(endpoint),
		paramsKnown: given.params.length > 0,
		params,
		conditions: known === undefined ? [] : stillFitting(known, params),
		aliases: known?.aliases ?? aliasesOf(endpoint, family, null),
		...(known?.price ? { price: known.price } : {}),
	};
}

/** Without the conditions on a parameter that is gone: these would refuse what the model takes. */
function stillFitting(known: Model, params: readonly Param[]): Condition[] {
	const keys = new Set(params.map(({ key }) => key));
	const gone = new Set(known.params.map(({ key }) => key).filter((key) => !keys.has(key)));
	return known.conditions.filter((condition) => !keysOf(condition).some((key) => gone.has(key)));
}

const TYPES = {
	BOOLEAN: 'boolean',
	INT: 'integer',
	FLOAT: 'number',
	LIST: 'enum',
	IMAGE: 'image',
	VIDEO: 'video',
	AUDIO: 'audio',
	STRING: 'string',
} as const;

const LONG_TEXT = /prompt|text$|lyrics|^tags$|description|permissionAllowed(?:Readers|Writers)/i;

/** Types that say more than the registry does of a text or a list. */
const REFINED: Readonly<Record<string, string[]>> = {
	STRING: ['string', 'text'],
	LIST: ['enum', 'array-of-enum'],
};

function registryParam(given: RegistryParam, known: Param | undefined): Param {
	const type = typeOf(given, known);
	// `empty` is a mark of RunningHub's own client for a value that it leaves out.
	const options = given.options?.map(({ value }) => value).filter((value) => value !== 'empty');
	return paramOf({
		key: given.fieldKey,
		type,
		required: given.required,
		default: defaultOf(given, known, options),
		options,
		min: given.min,
		max: given.max,
		step: given.step || undefined,
		maxLength: given.maxLength,
		maxItems: isList(given) ? given.maxInputNum : undefined,
		accept: given.accept ? extensionsIn(given.accept) : undefined,
		maxSizeMB: given.maxSize,
		mediaHint: type === 'string' ? known?.mediaHint : undefined,
	});
}

/** A key that ends in `Urls` is a list even where the registry allows one file only. */
function isList({ fieldKey, multipleInputs }: RegistryParam): boolean {
	return multipleInputs === true || fieldKey.endsWith('Urls');
}

function typeOf(given: RegistryParam, known: Param | undefined): string {
	const { fieldKey, type } = given;
	if (isList(given)) return `array-of-${TYPES[type]}`;
	if (known && REFINED[type]?.includes(known.type)) return known.type;
	return type === 'STRING' && LONG_TEXT.test(fieldKey) ? 'text' : TYPES[type];
}

/** Defaults of texts and files in the registry are samples; only what is known to be none is kept. */
function defaultOf(
	{ type, defaultValue }: RegistryParam,
	known: Param | undefined,
	options: string[] = [],
): unknown {
	switch (type) {
		case 'BOOLEAN':
		case 'INT':
		case 'FLOAT':
			return defaultValue;
		case 'LIST':
			return options.includes(String(defaultValue)) ? defaultValue : undefined;
		default:
			return known?.default;
	}
}

function extensionsIn(accept: string): string[] {
	const names = z.array(z.string()).parse(JSON.parse(accept));
	return [...new Set(names.map((name) => name.toLowerCase().replace(/^\./, '')))].sort();
}
