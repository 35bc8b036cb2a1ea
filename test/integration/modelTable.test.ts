import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeParameters,
	ResourceMapperFields,
} from 'n8n-workflow';
import { labelOf } from '../../catalogue/labels';
import models from '../../catalogue/models.json';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import { callableModels, type Param } from '../simulator/facts';
import { inFormOrder, listedNumbers } from '../support/modelForm';
import {
	asText,
	full,
	minimal,
	MODELS,
	MODELS_WITHOUT_PARAMS,
	violations,
	type Values,
} from '../support/modelRequests';
import { askForm } from './harness';
import { CONTINUE, errorOf, IMMEDIATE, inLab, itemsOf, KEY, shown, type Lab } from './support';

jest.setTimeout(120_000);

const endpointsOf = (all: ReadonlyArray<{ endpoint: string }>): string[] =>
	all.map(({ endpoint }) => endpoint);

/** The whole form comes from each item, so that one run tries all models. */
const FROM_ITEM: INodeParameters = {
	resource: 'model',
	operation: 'submit',
	model: '={{ $json.model }}',
	parameters: { mappingMode: 'defineBelow', value: '={{ $json.values }}' },
	options: { extraFields: '={{ $json.extraFields ?? {} }}' },
};

const ask = async <Answer>(
	lab: Lab,
	parameters: INodeParameters,
	question: Parameters<typeof askForm<Answer>>[1],
): Promise<Answer> =>
	await askForm({ ...lab.options(parameters), node: new RunningHub() }, question);

const formOf = async (lab: Lab, endpoint: string, mode = 'list'): Promise<ResourceMapperFields> =>
	await ask(
		lab,
		{ resource: 'model', model: { __rl: true, mode, value: endpoint } },
		async function (this: ILoadOptionsFunctions, { resourceMapping }) {
			const answer = await resourceMapping?.getModelParameters?.call(this);
			if (answer === undefined) throw new Error('no getModelParameters');
			return answer;
		},
	);

it('the form of every model has its parameters, in their types, with their options and marks', async () => {
	expect(endpointsOf(MODELS)).toEqual(endpointsOf(models.filter((model) => model.paramsKnown)));
	await inLab(async (lab) => {
		for (const { endpoint, params, observedObjectArrayParams = [] } of MODELS) {
			const { fields } = await formOf(lab, endpoint);
			const shownFields = fields.filter(({ display }) => display);
			expect([
				endpoint,
				shownFields.map(({ id, type, required, options }) => ({
					id,
					type,
					required,
					options: options?.map(({ value }) => value),
				})),
			]).toEqual([
				endpoint,
				[
					...inFormOrder(params).map(expectedField),
					...observedObjectArrayParams.map((id) => ({
						id,
						type: 'string',
						required: false,
						options: undefined,
					})),
				],
			]);
			const names = shownFields.map(({ displayName }) => displayName);
			expect([endpoint, names.filter((name) => !/^[A-Z]/.test(name))]).toEqual([endpoint, []]);
		}
	});
});

const expectedField = (param: Param) => {
	const { key, type, required, options, default: preset } = param;
	const base = { id: key, required, options: undefined };
	switch (type) {
		case 'enum':
			return { ...base, type: 'options', options };
		case 'boolean':
			return required || preset !== undefined
				? { ...base, type: 'boolean' }
				: { ...base, type: 'options', options: [true, false] };
		case 'integer':
		case 'number': {
			const numbers = listedNumbers(param);
			return numbers === undefined
				? { ...base, type: 'number' }
				: { ...base, type: 'options', options: numbers };
		}
		default:
			return { ...base, type: 'string' };
	}
};

it('a model whose parameters are not known says so, and takes its fields as JSON', async () => {
	expect(endpointsOf(MODELS_WITHOUT_PARAMS)).toEqual(
		endpointsOf(models.filter((model) => !model.paramsKnown)),
	);
	await inLab(
		async (lab) => {
			for (const { endpoint } of MODELS_WITHOUT_PARAMS) {
				const { fields, emptyFieldsNotice } = await formOf(lab, endpoint);
				expect([endpoint, fields]).toEqual([endpoint, []]);
				expect(emptyFieldsNotice).toContain('Extra Fields');
			}
			const extraFields = { prompt: 'a fox', '10##text': 'two' };
			const items = MODELS_WITHOUT_PARAMS.map(({ endpoint }) => ({ model: endpoint, extraFields }));
			const run = await lab.run(FROM_ITEM, { items: itemsOf(...items) });
			expect(shown(run)).toBe('');
			expect(lab.simulator.submits().map(({ json }) => json)).toEqual(
				MODELS_WITHOUT_PARAMS.map(() => extraFields),
			);
		},
		{ defaultTaskScript: IMMEDIATE },
	);
});

it('every model is in the list, and found by its endpoint', async () => {
	await inLab(async (lab) => {
		const search = async (filter?: string) =>
			await ask(lab, { resource: 'model' }, async function (this, { listSearch }) {
				const found = await listSearch?.searchModels?.call(this, filter);
				return (found?.results ?? []).map(({ value }) => value);
			});
		const endpoints = callableModels().map(({ endpoint }) => endpoint);
		expect((await search()).sort()).toEqual([...endpoints].sort());
		for (const endpoint of endpoints) {
			expect((await search(endpoint))[0]).toBe(endpoint);
			const { emptyFieldsNotice = '' } = await formOf(lab, endpoint, 'endpoint');
			expect(emptyFieldsNotice).not.toContain('Choose a model');
		}
	});
});

/** What goes over the wire for a full or a minimal request: exactly what was given, in the types of the facts. */
const REQUESTS: Array<[string, (model: (typeof MODELS)[number]) => Values]> = [
	['what is required alone', minimal],
	['every parameter', full],
	['every parameter as text', (model) => asText(full(model))],
];

it.each(REQUESTS)('a valid request of every model is accepted: %s', async (_what, valuesOf) => {
	await inLab(
		async (lab) => {
			const items = MODELS.map((model) => ({ model: model.endpoint, values: valuesOf(model) }));
			const { items: outputs, ...run } = await lab.run(FROM_ITEM, {
				items: itemsOf(...(items as IDataObject[])),
				...CONTINUE,
			});
			expect(shown({ items: outputs, ...run })).toBe('');
			const refused = outputs.filter(({ json }) => json.error !== null);
			expect(refused.map(({ json }) => [json.source, errorOf(json).message])).toEqual([]);

			const sent = new Map(lab.simulator.submits().map(({ path, json }) => [path, json]));
			for (const model of MODELS) {
				const wanted = valuesOf === minimal ? minimal(model) : full(model);
				const body = sent.get(`/openapi/v2/${model.endpoint}`);
				expect([model.endpoint, body]).toEqual([model.endpoint, wanted]);
			}
		},
		{ defaultTaskScript: IMMEDIATE },
	);
});

it('what a model does not take is refused before anything is sent, by a sentence that names the field', async () => {
	const cases = MODELS.flatMap((model) =>
		violations(model).map((violation) => ({ model: model.endpoint, ...violation })),
	);
	expect(new Set(cases.map(({ what }) => what)).size).toBe(23);
	await inLab(async (lab) => {
		lab.simulator.addAccount(KEY, { concurrencyLimit: 10_000 });
		const items = cases.map(({ model, values }) => ({ model, values }));
		const run = await lab.run(FROM_ITEM, {
			items: itemsOf(...(items as IDataObject[])),
			...CONTINUE,
		});
		expect(run.items).toHaveLength(cases.length);
		const wrong = cases.flatMap(({ model, what, keys }, index) => {
			const message = String(errorOf(run.items[index]?.json ?? {}).message);
			const named = keys.every((key) => message.includes(labelOf(key)));
			return named && !message.includes('undefined') ? [] : [{ model, what, keys, message }];
		});
		expect(wrong).toEqual([]);
		expect(lab.simulator.requests).toEqual([]);
	});
});
