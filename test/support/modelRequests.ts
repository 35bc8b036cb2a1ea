import { callableModels, type Condition, type Model, type Param } from '../simulator/facts';

/**
 * Requests for every model whose parameters are known, made from the simulator's facts alone: what is valid, what is not,
 * and what each value has to be on the wire.
 */
export const MODELS = callableModels().filter(({ params }) => params.length > 0);
export const MODELS_WITHOUT_PARAMS = callableModels().filter(({ params }) => params.length === 0);

/** By wire key, as a form, an expression or an agent gives them. */
export type Values = Record<string, unknown>;

/** A request that a model refuses, and the fields that it is refused for. */
export interface Violation {
	what: string;
	values: Values;
	keys: string[];
}

/** Pages of RunningHub's documentation ask for pictures or videos there; the facts do not. */
const NEEDED_BESIDES: Record<string, string[]> = {
	'vidu/reference-to-video-q2-pro': ['imageUrls'],
};

export const isMedia = ({ type }: Param): boolean =>
	/^(?:array-of-)?(?:image|video|audio)$/.test(type);
export const isList = ({ type }: Param): boolean => type.startsWith('array-of-');

const conditionsOf = ({ params }: Model): Condition[] =>
	params.flatMap(({ condition }) => condition ?? []);

/** Nothing but what must be given. */
export function minimal(model: Model): Values {
	const needed = new Set([
		...model.params.filter(({ required }) => required).map(({ key }) => key),
		...conditionsOf(model).flatMap(({ exactlyOneOf = [] }) => exactlyOneOf.slice(0, 1)),
		...(NEEDED_BESIDES[model.endpoint] ?? []),
	]);
	const request = full(model);
	// Where all is optional, nothing at all would still be no request.
	return needed.size > 0
		? pick(request, [...needed])
		: pick(request, Object.keys(request).slice(0, 1));
}

/** Every parameter; of those that exclude each other the first. */
export function full(model: Model): Values {
	const rivals = new Set(
		conditionsOf(model).flatMap(({ exactlyOneOf = [] }) => exactlyOneOf.slice(1)),
	);
	const objects = (model.observedObjectArrayParams ?? []).map((key) => [key, [{ any: 'thing' }]]);
	const values = model.params.map((param) => [param.key, valid(param)]);
	const entries = [...values, ...objects].filter(([key]) => !rivals.has(String(key)));
	return Object.fromEntries(entries);
}

/** The same request in text alone: numbers, switches and lists as expressions and agents write them. */
export function asText(values: Values): Values {
	return Object.fromEntries(
		Object.entries(values).map(([key, value]) => {
			if (!Array.isArray(value)) return [key, String(value)];
			const isWords = value.every((item) => typeof item === 'string');
			return [key, isWords ? value.join(', ') : JSON.stringify(value)];
		}),
	);
}

function valid(param: Param): unknown {
	const { condition = {}, options = [], default: preset, min = 0, max, step } = param;
	const oneOrList = (item: unknown) => (isList(param) ? [item] : item);
	if (isMedia(param)) return oneOrList(addressOf(param));
	if (options.length > 0) return oneOrList(options[0]);
	switch (param.type) {
		case 'boolean':
			return true;
		case 'integer':
		case 'number': {
			if (typeof preset === 'number') return preset;
			const next = min + (step ?? 1);
			return max !== undefined && next > max ? min : next;
		}
		default: {
			const text = condition.minLength === undefined ? 'a fox' : 'fox-20260101';
			return oneOrList(text.slice(0, param.maxLength));
		}
	}
}

const addressOf = ({ accept = ['bin'] }: Param, index = 0): string =>
	`https://files.example/${index}.${accept[0]}`;

/** Everything that a model's parameters allow to be wrong, one at a time in an otherwise full request. */
export function violations(model: Model): Violation[] {
	const request = full(model);
	const single = model.params.flatMap((param) =>
		wrongValues(param).map(([what, wrong]): Violation => {
			const values = { ...request, [param.key]: wrong };
			return {
				what,
				values: wrong === undefined ? without(request, [param.key]) : values,
				keys: [param.key],
			};
		}),
	);
	const together = model.params.flatMap((param) => brokenConditions(model, param, request));
	return [...single, ...together];
}

function wrongValues(param: Param): Array<[what: string, value: unknown]> {
	const { type, options, min, max, step, maxLength, maxItems = 1, accept } = param;
	const isNumber = type === 'integer' || type === 'number';
	const wrong: Array<[string, unknown, boolean]> = [
		['missing', undefined, param.required],
		['an option that is not offered', 'nonsense', options !== undefined],
		['no switch', 'perhaps', type === 'boolean'],
		['no number', 'many', isNumber],
		['too small', (min ?? 0) - 1, isNumber && min !== undefined],
		['too large', (max ?? 0) + 1, isNumber && max !== undefined],
		[
			'between two steps',
			(min ?? 0) + (step ?? 0) / 2,
			isNumber && !!step && (step > 1 || type === 'number'),
		],
		['too long', 'x'.repeat((maxLength ?? 0) + 1), maxLength !== undefined],
		['a file of a wrong type', 'https://files.example/a.svg', accept !== undefined],
		['no address', 'fox.png', isMedia(param)],
		[
			'too many files',
			Array.from({ length: maxItems + 1 }, (_, index) => addressOf(param, index)),
			isMedia(param) && (param.maxItems !== undefined || !isList(param)),
		],
		[
			'too many words',
			Array(maxItems + 1).fill('a/b'),
			type === 'array-of-string' && param.maxItems !== undefined,
		],
	];
	return wrong.filter(([, , applies]) => applies).map(([what, value]) => [what, value]);
}

function brokenConditions({ params }: Model, param: Param, request: Values): Violation[] {
	const { key, condition } = param;
	if (condition === undefined) return [];
	const { requiredWhen, exactlyOneOf, requiresAnyOf, sumMaxItems, optionNotWith } = condition;
	const broken: Violation[] = [];
	const add = (what: string, values: Values, keys: string[]) => broken.push({ what, values, keys });
	if (requiredWhen !== undefined) {
		add('needed then', { ...without(request, [key]), ...requiredWhen }, [
			key,
			...Object.keys(requiredWhen),
		]);
	}
	if (exactlyOneOf !== undefined) {
		const all = params.filter((other) => exactlyOneOf.includes(other.key));
		const objects = exactlyOneOf.filter((name) => !all.some((other) => other.key === name));
		const given = [
			...all.map((other) => [other.key, valid(other)]),
			...objects.map((name) => [name, [{}]]),
		];
		add('both of two', { ...request, ...Object.fromEntries(given) }, exactlyOneOf);
		add('none of two', without(request, exactlyOneOf), exactlyOneOf);
	}
	if (requiresAnyOf !== undefined) {
		add('alone', without(request, requiresAnyOf), [key, ...requiresAnyOf]);
	}
	if (sumMaxItems !== undefined) {
		const { keys, max } = sumMaxItems;
		const most = Math.min(max, param.maxItems ?? max);
		const others = params.filter((other) => keys.includes(other.key) && other.key !== key);
		const files = (one: Param, length: number) =>
			Array.from({ length }, (_, index) => addressOf(one, index));
		const more = others.map((other) => [other.key, files(other, max - most + 1)]);
		add(
			'too many together',
			{ ...request, [key]: files(param, most), ...Object.fromEntries(more) },
			keys,
		);
	}
	for (const [option, clash] of Object.entries(optionNotWith ?? {})) {
		add('an option that clashes', { ...request, [key]: option, ...clash }, [
			key,
			...Object.keys(clash),
		]);
	}
	if (condition.pixelRange !== undefined) {
		add('too few pixels', { ...request, width: 512, height: 512 }, ['width', 'height']);
	}
	if (condition.ratioRange !== undefined) {
		add('a strip', { ...request, width: 8192, height: 512 }, ['width', 'height']);
	}
	if (condition.minLength !== undefined) add('too short', { ...request, [key]: 'fox1' }, [key]);
	if (condition.startsWith !== undefined)
		add('no letter first', { ...request, [key]: '1fox-20260101' }, [key]);
	if (condition.mustContain !== undefined)
		add('no digit', { ...request, [key]: 'foxfoxfox' }, [key]);
	return broken;
}

const without = (values: Values, keys: readonly string[]): Values =>
	Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));

const pick = (values: Values, keys: readonly string[]): Values =>
	Object.fromEntries(keys.filter((key) => key in values).map((key) => [key, values[key]]));
