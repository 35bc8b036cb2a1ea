import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';
import facts from '../simulator/models.facts.json';
import { properties } from '../../nodes/RunningHub/actions';
import { FIELD_ORDER } from '../../nodes/RunningHub/actions/vidu/fields';
import { MODES } from '../../nodes/RunningHub/actions/vidu/modes';

/** What n8n shows of the Vidu form, held against the facts. */
interface Param {
	key: string;
	required: boolean;
	default?: unknown;
	type: string;
	options?: string[];
	min?: number;
	max?: number;
}

const MODE_OF: Record<string, string> = {
	'image-to-video': 'imageToVideo',
	'reference-to-video': 'referenceToVideo',
	'short-play-video': 'shortPlay',
	'start-end-to-video': 'startEndToVideo',
	'text-to-video': 'textToVideo',
};

const models = facts
	.filter(({ endpoint }) => endpoint.startsWith('vidu/'))
	.map(({ endpoint, task, params }) => ({
		endpoint,
		mode: MODE_OF[task] ?? '',
		params: params as Param[],
	}));

const OWN: ReadonlySet<string> = new Set(FIELD_ORDER);

const shownFor = (parameters: INodeParameters): INodeProperties[] =>
	properties.filter(
		(property) =>
			OWN.has(property.name) && NodeHelpers.displayParameter(parameters, property, null, null),
	);
const namesOf = (shown: INodeProperties[]): string[] => shown.map(({ name }) => name);

/** n8n saves no parameter that is at its default, and its editor looks at fields without these too. */
const withoutDefaults = ({ mode, model }: { mode: string; model: string }): INodeParameters => ({
	...(mode === 'imageToVideo' ? {} : { mode }),
	...(MODES.some(({ defaultModel }) => defaultModel === model) ? {} : { model }),
});

it('every model has a mode to be chosen in', () => {
	expect(models).toHaveLength(24);
	expect(new Set(models.map(({ mode }) => mode))).toEqual(new Set(MODES.map(({ value }) => value)));
	for (const { endpoint, mode } of models) {
		const selectors = properties.filter(
			(property) =>
				property.name === 'model' &&
				property.type === 'options' &&
				NodeHelpers.displayParameter({ resource: 'vidu', mode }, property, null, null),
		);
		const offered = selectors.flatMap(({ options }) => JSON.stringify(options));
		expect([endpoint, offered]).toEqual([endpoint, [expect.stringContaining(`"${endpoint}"`)]]);
	}
});

it.each(models)('$endpoint has exactly its own fields', ({ endpoint, mode, params }) => {
	const chosen = { mode, model: endpoint };
	const keys = params.map(({ key }) => key).sort();
	const shown = shownFor({ resource: 'vidu', ...chosen });
	expect(namesOf(shown).sort()).toEqual(keys);
	expect(namesOf(shownFor(chosen)).sort()).toEqual(keys);
	const stripped = withoutDefaults(chosen);
	if ('model' in stripped) expect(namesOf(shownFor(stripped)).sort()).toEqual(keys);
	expect(namesOf(shownFor({ resource: 'task', ...chosen }))).toEqual([]);
});

it.each(models)('$endpoint has the values, defaults and marks of the facts', (model) => {
	const shown = shownFor({ resource: 'vidu', mode: model.mode, model: model.endpoint });
	for (const param of model.params) {
		const field = shown.find(({ name }) => name === param.key);
		expect(field?.description).toMatch(/\S/);
		expect(field?.description).not.toMatch(/undefined|NaN|…/);
		expect(field?.displayName).toMatch(/^[A-Z]/);
		if (field?.type === 'options') {
			const values = field.options?.map((option) => 'value' in option && option.value);
			expect([param.key, values]).toEqual([param.key, param.options ?? rangeOf(param)]);
			expect([param.key, field.default]).toEqual([param.key, String(param.default)]);
		} else if (field?.type === 'boolean') {
			expect([param.key, String(field.default)]).toEqual([param.key, String(param.default)]);
		} else {
			expect([param.key, field?.required === true]).toEqual([param.key, param.required]);
		}
	}
});

const rangeOf = ({ min = 0, max = 0 }: Param): string[] =>
	Array.from({ length: max - min + 1 }, (_, index) => String(min + index));

it('with the model as an expression, the fields of all models of the mode are there', () => {
	for (const { value } of MODES) {
		const shown = new Set(
			namesOf(shownFor({ resource: 'vidu', mode: value, model: '={{ $json.model }}' })),
		);
		const keys = models
			.filter(({ mode }) => mode === value)
			.flatMap(({ params }) => params.map(({ key }) => key));
		expect([value, shown]).toEqual([value, new Set(keys)]);
	}
});

it('each mode begins with a model of its own', () => {
	for (const { value, defaultModel } of MODES) {
		const model = models.find(({ endpoint }) => endpoint === defaultModel);
		expect([value, model?.mode]).toEqual([value, value]);
	}
});

it('a list of models says length, size, sound and least price where they are known', () => {
	const choices = properties
		.filter(({ name, type }) => name === 'model' && type === 'options')
		.flatMap(({ options = [] }) => options as INodePropertyOptions[]);
	const summaries = new Map(choices.map(({ value, description }) => [value, description]));
	expect(summaries.get('vidu/text-to-video-q3-pro')).toMatch(
		/^1–16 s, up to 1080p, with sound, from [\d.]+ CNY$/,
	);
	expect(summaries.get('vidu/short-play-q3-drama')).toBe('2–30 s, up to 1080p');
	expect(summaries.get('vidu/short-play-q3-ad')).toBe('up to 1080p');
	expect(summaries.get('vidu/reference-to-video-q3-ad')).toBe('3–16 s, up to 1080p, with sound');
});

describe.each(MODES)('where the model of $name cannot be told', ({ value: mode }) => {
	const keys = [
		...new Set(
			models
				.filter((model) => model.mode === mode)
				.flatMap(({ params }) => params.map(({ key }) => key)),
		),
	].sort();

	it.each(['={{ $json.model }}', 'vidu/newer-than-this-package', ''])(
		'each field is there once: %j',
		(model) => {
			expect(namesOf(shownFor({ resource: 'vidu', mode, model })).sort()).toEqual(keys);
		},
	);

	it.each(models.map(({ endpoint }) => endpoint))(
		'no field is there twice while it is still that of another mode: %s',
		(model) => {
			const names = namesOf(shownFor({ resource: 'vidu', mode, model }));
			expect(names).toEqual([...new Set(names)]);
		},
	);
});
