import facts from '../simulator/models.facts.json';
import models from '../../catalogue/models.json';
import { labelOf } from '../../catalogue/labels';
import type { Model } from '../../catalogue/model';
import type { BinaryFile, BinaryFiles } from '../../runninghub/files/media';
import { InvalidInput } from '../../runninghub/base/invalidInput';
import { readInput, type ModelInput } from '../../catalogue/wireFormat';
import { NOTHING_PAID } from '../support/sentences';

/**
 * Every model that RunningHub's registry describes, checked against the facts: what a form gives for a parameter, what
 * has to go over the wire for it, and what has to be refused.
 */
interface ParamFacts {
	key: string;
	type: string;
	required: boolean;
	default?: unknown;
	options?: string[];
	min?: number;
	max?: number;
	step?: number;
	maxLength?: number;
	maxItems?: number;
	accept?: string[];
	maxSizeMB?: number;
	mediaHint?: string;
}

interface ModelFacts {
	endpoint: string;
	params: ParamFacts[];
}

const FACTS: ModelFacts[] = facts.filter(
	({ status, params }) => status !== 'retired' && params.length > 0,
);

/** Of two parameters that exclude each other `filled` leaves out this one. */
const EITHER_OR: Record<string, string> = {
	'kling-lip-sync/identify-face': 'videoId',
	'kling-lip-sync/lip-sync-video': 'audioId',
};

/** Valid values that the rules of a single parameter do not tell. */
const SPECIAL: Record<string, unknown> = { custom_voice_id: 'RH-20250717' };

const byEndpoint = new Map<string, Model>(
	(models as Model[]).map((model) => [model.endpoint, model]),
);

const modelOf = (endpoint: string): Model => {
	const found = byEndpoint.get(endpoint);
	if (found === undefined) throw new Error(`no model ${endpoint}`);
	return found;
};

const kindOf = (type: string): string => type.replace('array-of-', '');
const isMedia = (type: string): boolean => /^(?:image|video|audio)$/.test(kindOf(type));
const isList = (type: string): boolean => type.startsWith('array-of-');

const fileOf = ({ accept = ['bin'] }: ParamFacts): string => `https://f.example/a.${accept[0]}`;

/** The largest number that fits the steps. */
const numberFor = ({ default: preset, min = 0, step = 1, max }: ParamFacts): number => {
	if (typeof preset === 'number') return preset;
	return max !== undefined && min + step > max ? min : min + step;
};

/** One valid value, in the type that a form gives. */
const itemFor = (param: ParamFacts): unknown => {
	if (param.key in SPECIAL) return SPECIAL[param.key];
	switch (kindOf(param.type)) {
		case 'image':
		case 'video':
		case 'audio':
			return fileOf(param);
		case 'enum':
			return param.options?.[0];
		case 'boolean':
			return true;
		case 'integer':
		case 'number':
			return numberFor(param);
		default:
			return 'a fox'.slice(0, param.maxLength);
	}
};

const filled = ({ endpoint, params }: ModelFacts): Record<string, unknown> =>
	Object.fromEntries(
		params
			.filter(({ key }) => EITHER_OR[endpoint] !== key)
			.map((param) => [param.key, itemFor(param)]),
	);

const read = ({ endpoint }: ModelFacts, given: Record<string, unknown>): ModelInput => {
	try {
		return readInput(modelOf(endpoint), given);
	} catch (error) {
		throw new Error(
			`${endpoint}: ${error instanceof InvalidInput ? `${error.message} ${error.description}` : String(error)}`,
		);
	}
};

const refusal = (
	{ endpoint }: ModelFacts,
	given: Record<string, unknown>,
	binaries?: BinaryFiles,
): string => {
	try {
		readInput(modelOf(endpoint), given, binaries);
	} catch (error) {
		if (error instanceof InvalidInput) return `${error.message} ${error.description}`;
		throw error;
	}
	return `${endpoint} accepted ${JSON.stringify(given).slice(0, 200)}`;
};

/** As it would be sent, with the sources of a file in place of the URL of its upload. */
const wire = ({ values, media }: ModelInput): Record<string, unknown> => ({
	...values,
	...Object.fromEntries(media.map(({ param, sources }) => [param.key, sources])),
});

/** What the facts want on the wire for the value that {@link itemFor} gives. */
const expected = (param: ParamFacts): unknown => {
	const item = itemFor(param);
	if (isMedia(param.type)) return [{ type: 'url', url: item }];
	return isList(param.type) ? [item] : item;
};

/** Every parameter of every model that the filter lets through. */
const each = (filter: (param: ParamFacts) => boolean): Array<[ModelFacts, ParamFacts]> =>
	FACTS.flatMap((model) =>
		model.params.filter(filter).map((param): [ModelFacts, ParamFacts] => [model, param]),
	);

it('the table holds every model of the registry and all its kinds of parameters', () => {
	const described = (models as Model[]).filter(({ paramsKnown }) => paramsKnown);
	expect(FACTS.map(({ endpoint }) => endpoint)).toEqual(described.map(({ endpoint }) => endpoint));
	expect(new Set(each(() => true).map(([, { type }]) => type))).toEqual(
		new Set([
			...['text', 'string', 'enum', 'boolean', 'integer', 'number', 'image', 'video', 'audio'],
			...['image', 'video', 'audio', 'string', 'enum'].map((kind) => `array-of-${kind}`),
		]),
	);
});

it('a full request is sent with each value in its own JSON type, a list as a list', () => {
	for (const model of FACTS) {
		const given = filled(model);
		const wanted = Object.fromEntries(
			model.params
				.filter(({ key }) => key in given)
				.map((param) => [param.key, param.key === 'duration' ? given[param.key] : expected(param)]),
		);
		expect([model.endpoint, wire(read(model, given))]).toEqual([model.endpoint, wanted]);
	}
});

it('the same values as text, as an expression or an agent gives them, are sent the same', () => {
	for (const model of FACTS) {
		const asText = Object.entries(filled(model)).map(([key, value]) => [key, String(value)]);
		expect([model.endpoint, wire(read(model, Object.fromEntries(asText)))]).toEqual([
			model.endpoint,
			wire(read(model, filled(model))),
		]);
	}
});

it('an enum of numbers or of true and false takes these too, and is sent as text', () => {
	const plain = /^(?:\d+|true|false)$/;
	const found = each(
		({ type, options }) => type === 'enum' && options?.every((one) => plain.test(one)) === true,
	);
	expect(found.length).toBeGreaterThan(100);
	for (const [model, param] of found) {
		const value: unknown = JSON.parse(String(param.options?.[0]));
		const sent = read(model, { ...filled(model), [param.key]: value }).values[param.key];
		expect([model.endpoint, param.key, sent]).toEqual([model.endpoint, param.key, String(value)]);
	}
});

it.each([[undefined], [null], [''], [' '], [[]]])(
	'what is left empty (%j) is not sent, and what must not be empty is named',
	(empty) => {
		for (const model of FACTS) {
			const required = model.params.filter((param) => param.required);
			const sent = refusal(
				model,
				Object.fromEntries(
					model.params
						// An empty list in a field that takes no list is a wrong value.
						.filter(({ type }) => !Array.isArray(empty) || isList(type) || isMedia(type))
						.map(({ key }) => [key, empty]),
				),
			);
			for (const { key } of required) {
				expect([model.endpoint, sent]).toEqual([
					model.endpoint,
					expect.stringContaining(`${labelOf(key)} is empty, but `),
				]);
			}
		}
	},
);

it('a request of what is required alone holds nothing else', () => {
	let checked = 0;
	for (const model of FACTS) {
		if (modelOf(model.endpoint).conditions.length > 0) continue;
		const required = model.params.filter((param) => param.required).map(({ key }) => key);
		const given = Object.entries(filled(model)).map(([key, value]) => [
			key,
			required.includes(key) ? value : '',
		]);
		expect([
			model.endpoint,
			Object.keys(wire(read(model, Object.fromEntries(given)))).sort(),
		]).toEqual([model.endpoint, required.sort()]);
		checked += 1;
	}
	expect(checked).toBeGreaterThan(360);
});

/** Each wrong value with the start of the sentence that refuses it. */
const WRONG: Array<
	[
		string,
		(param: ParamFacts) => boolean,
		(param: ParamFacts) => unknown,
		(param: ParamFacts) => string,
	]
> = [
	['no option', ({ options }) => options !== undefined, () => 'nonsense', () => 'is "nonsense"; '],
	['no boolean', ({ type }) => type === 'boolean', () => 'perhaps', () => 'is "perhaps"; '],
	['text for a number', ({ type }) => /integer|number/.test(type), () => 'few', () => 'is "few"; '],
	['a fraction', ({ type }) => type === 'integer', () => 1.5, () => 'is "1.5"; '],
	[
		'a number below the least',
		({ min }) => min !== undefined,
		({ min = 0 }) => min - 1,
		({ min = 0 }) => `is "${min - 1}"; `,
	],
	[
		'a number above the most',
		({ max }) => max !== undefined,
		({ max = 0 }) => max + 1,
		({ max = 0 }) => `is "${max + 1}"; `,
	],
	[
		'a number between two steps',
		({ step, type }) => step !== undefined && (type === 'number' || step > 1),
		({ min = 0, step = 1 }) => min + step / 2,
		({ min = 0, step = 1 }) => `is "${min + step / 2}"; `,
	],
	[
		'a text that is too long',
		({ maxLength, mediaHint }) => maxLength !== undefined && mediaHint === undefined,
		({ maxLength = 0 }) => 'x'.repeat(maxLength + 1),
		({ maxLength = 0 }) => `is ${(maxLength + 1).toLocaleString('en-US')} characters long; `,
	],
	[
		'an object for a text',
		({ type }) => /^(?:text|string)$/.test(type),
		() => ({ a: 1 }),
		() => 'is "{"a":1}"; ',
	],
	[
		'one file too many',
		({ type, maxItems }) => isMedia(type) && (maxItems !== undefined || !isList(type)),
		(param) => Array(listLimit(param) + 1).fill(fileOf(param)),
		(param) => `has ${listLimit(param) + 1} entries; `,
	],
	[
		'one word too many',
		({ type, maxItems }) => type === 'array-of-string' && maxItems !== undefined,
		({ maxItems = 0 }) => Array(maxItems + 1).fill('a/b'),
		({ maxItems = 0 }) => `has ${maxItems + 1} entries; `,
	],
	[
		'a file of another type',
		({ accept }) => accept !== undefined,
		() => 'https://f.example/a.svg',
		() => 'is a .svg file; ',
	],
	[
		'a file of one’s own disk',
		({ type }) => isMedia(type),
		() => '/home/me/a.png',
		() => 'is "/home/me/a.png", a file that RunningHub cannot reach; ',
	],
	[
		'a field that the item has not',
		({ type }) => isMedia(type),
		() => 'photo',
		() => 'is "photo", but ',
	],
];

const listLimit = ({ type, maxItems = 1 }: ParamFacts): number => (isList(type) ? maxItems : 1);

it.each(WRONG)('%s is refused before anything is paid', (_what, filter, value, told) => {
	const found = each(filter);
	expect(found.length).toBeGreaterThan(0);
	for (const [model, param] of found) {
		const sentence = refusal(model, { ...filled(model), [param.key]: value(param) });
		expect([model.endpoint, sentence]).toEqual([
			model.endpoint,
			expect.stringContaining(`${labelOf(param.key)} ${told(param)}`),
		]);
		expect(sentence).toContain(NOTHING_PAID);
	}
});

const itemWith = (file: Partial<BinaryFile>): BinaryFiles =>
	new Map([
		[
			'photo',
			{
				id: 'id',
				fileName: 'file',
				mimeType: 'application/octet-stream',
				sizeBytes: 1,
				open: () => Promise.reject(new Error('not needed')),
				...file,
			},
		],
	]);

it('a file of the item goes into every media parameter, up to the largest size', () => {
	for (const [model, param] of each(({ type }) => isMedia(type))) {
		const { key, type, accept = [], maxSizeMB = 1 } = param;
		const given = { ...filled(model), [key]: 'photo' };
		const largest = maxSizeMB * 1_048_576;
		const take = (file: Partial<BinaryFile>) => refusal(model, given, itemWith(file));
		const where = `${model.endpoint} ${key}`;

		const { media } = readInput(
			modelOf(model.endpoint),
			given,
			itemWith({ fileName: `a.${accept[0]}`, sizeBytes: largest }),
		);
		expect([where, media.find((one) => one.param.key === key)?.sources]).toMatchObject([
			where,
			[{ type: 'binary', field: 'photo', file: { sizeBytes: largest } }],
		]);
		expect([where, take({ sizeBytes: largest + 104_858 })]).toEqual([
			where,
			expect.stringContaining(`${labelOf(key)} is ${maxSizeMB}.1 MB; `),
		]);
		expect([where, take({ mimeType: 'application/pdf' })]).toEqual([
			where,
			expect.stringContaining(`${labelOf(key)} ("photo") is a file of type "application/pdf"; `),
		]);
		// What types of files the newest models take is not known.
		if (param.accept === undefined) continue;
		expect([where, take({ mimeType: `${kindOf(type)}/anything`, fileName: 'a.svg' })]).toEqual([
			where,
			expect.stringContaining(`${labelOf(key)} is a .svg file; `),
		]);
	}
});

it('the limits themselves are taken', () => {
	for (const [model, param] of each(({ min }) => min !== undefined)) {
		if (modelOf(model.endpoint).conditions.length > 0) continue;
		const given = { ...filled(model), [param.key]: param.min };
		expect([model.endpoint, read(model, given).values[param.key]]).toEqual([
			model.endpoint,
			param.min,
		]);
	}
	for (const [model, { key, maxLength = 0 }] of each(
		({ type, maxLength }) => type === 'text' && maxLength !== undefined,
	)) {
		const longest = 'x'.repeat(maxLength);
		expect(read(model, { ...filled(model), [key]: longest }).values[key]).toBe(longest);
	}
});

it('every default is a value that the model takes', () => {
	for (const { endpoint, params } of models as Model[]) {
		const model = FACTS.find((candidate) => candidate.endpoint === endpoint);
		for (const { key, default: preset } of model === undefined ? [] : params) {
			if (model === undefined || preset === undefined) continue;
			const sent = read(model, { ...filled(model), [key]: preset }).values[key];
			expect([endpoint, key, sent]).toEqual([endpoint, key, preset]);
		}
	}
});
