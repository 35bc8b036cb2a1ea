import { z } from 'zod';
import { aliasesOf } from './aliases';
import { keysOf } from './conditions';
import type { Condition, Model, Param } from './model';
import { familyOf, nameOf } from './names';
import { keptFacts } from './params';
import { endpointSchema, paramsSchema } from './schema';
import { sitesWithout } from './sites';
import { outputOf, taskOf } from './tasks';

const optional = <T extends z.ZodTypeAny>(schema: T) => schema.nullish();

/** File extensions as the registry gives them, a JSON array inside a string: `["PNG","JPG"]`. */
const extensions = z
	.string()
	.max(2_000)
	.transform((json, context) => {
		try {
			return z.array(z.string()).parse(JSON.parse(json));
		} catch {
			context.addIssue({ code: 'custom', message: 'is no list of file types' });
			return z.NEVER;
		}
	})
	.transform((names) => [
		...new Set(names.map((name) => name.toLowerCase().replace(/^\./, '')).sort()),
	]);

const paramSchema = z.object({
	fieldKey: z.string(),
	type: z.enum(['STRING', 'LIST', 'BOOLEAN', 'INT', 'FLOAT', 'IMAGE', 'VIDEO', 'AUDIO']),
	required: z.boolean(),
	defaultValue: z.unknown(),
	options: optional(z.array(z.object({ value: z.string() })).max(500)),
	min: optional(z.number()),
	max: optional(z.number()),
	step: optional(z.number()),
	maxLength: optional(z.number()),
	multipleInputs: optional(z.boolean()),
	maxInputNum: optional(z.number()),
	accept: optional(extensions),
	maxSize: optional(z.number()),
});

const entrySchema = z.object({
	endpoint: z.string(),
	name_en: optional(z.string()),
	output_type: z.string(),
	params: z.array(paramSchema).max(100),
});

/** Its entries are read one by one, so that a bad one spoils nothing but itself. */
const registrySchema = z.object({ models: z.array(z.unknown()).min(1).max(5_000) });

type RegistryParam = z.infer<typeof paramSchema>;
type RegistryEntry = z.infer<typeof entrySchema>;

/** What {@link readRegistry} has read. */
export interface RegistryModels {
	models: Model[];
	/** The entries that cannot be read, of a type of parameter that is not known for example. */
	leftOut: Array<{ endpoint: string; why: string }>;
}

export function isRegistry(json: unknown): boolean {
	return registrySchema.safeParse(json).success;
}

/**
 * RunningHub's own registry of models. It is complete for what RunningHub lists; it does not know conditions, prices and
 * how people call a model, so these are taken from what is known. Its sentences are not used.
 * @param known the models that are known already
 * @throws Error for what is no registry, or one of which nothing can be read
 */
export function readRegistry(json: unknown, known: readonly Model[]): RegistryModels {
	const knownModels = new Map(known.map((model) => [model.endpoint, model]));
	const read = new Map<string, Model>();
	const leftOut: RegistryModels['leftOut'] = [];
	for (const entry of registrySchema.parse(json).models) {
		try {
			const model = modelOf(entrySchema.parse(entry), knownModels);
			if (!read.has(model.endpoint)) read.set(model.endpoint, model);
		} catch (error) {
			if (!(error instanceof z.ZodError)) throw error;
			leftOut.push({ endpoint: endpointIn(entry), why: reasonOf(error) });
		}
	}
	if (read.size === 0) {
		throw new Error(`None of its models can be read (${leftOut[0]?.why ?? ''}).`);
	}
	return { models: withOwnNames([...read.values()], known), leftOut };
}

const named = z.object({ endpoint: z.string() });

function endpointIn(entry: unknown): string {
	const read = named.safeParse(entry);
	if (!read.success) return 'an entry without an endpoint';
	return read.data.endpoint.slice(0, 200).replace(/[^ -~]/g, '?');
}

function reasonOf({ issues: [issue] }: z.ZodError): string {
	return issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
}

/** A new model that would be called like another one of its task has its endpoint behind its name. */
function withOwnNames(models: readonly Model[], known: readonly Model[]): Model[] {
	const title = ({ task, name }: Model) => `${task}: ${name}`;
	const titles = new Map(known.map((model) => [title(model), model.endpoint]));
	return models.map((model) => {
		const owner = titles.get(title(model)) ?? model.endpoint;
		titles.set(title(model), owner);
		const { endpoint, name } = model;
		return owner === endpoint ? model : { ...model, name: `${name} (${endpoint})` };
	});
}

function modelOf(given: RegistryEntry, knownModels: ReadonlyMap<string, Model>): Model {
	const endpoint = endpointSchema.parse(given.endpoint);
	const known = knownModels.get(endpoint);
	const task = known?.task ?? taskOf(endpoint);
	const family = known?.family ?? familyOf(endpoint);
	const params = paramsSchema.parse([
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
	]);
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

function registryParam(given: RegistryParam, known: Param | undefined): object {
	const type = typeOf(given, known);
	// `empty` is a mark of RunningHub's own client for a value that it leaves out.
	const options = given.options?.map(({ value }) => value).filter((value) => value !== 'empty');
	return keptFacts({
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
		accept: given.accept?.length ? given.accept : undefined,
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
