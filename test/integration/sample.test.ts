import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { submittedSample } from '../../nodes/RunningHub/sample/sampleTask';
import type { NodeRun } from './harness';
import { RESOURCES, submitOf, waitOf } from './everyTask';
import {
	CONTINUE,
	errorOf,
	expectTaskShape,
	hintsOf,
	inLab,
	itemsOf,
	jsonOf,
	shown,
	submit,
	submitAndWait,
	type Lab,
} from './support';

/** A sample is of the shape of a real result, and nothing is paid for it. */

jest.setTimeout(60_000);

const EDITOR = { sampleResult: 'editor' };
const ALWAYS = { sampleResult: 'always' };

function expectNothingPaid({ simulator }: Lab): void {
	expect(simulator.submits()).toEqual([]);
	expect(simulator.tasks).toEqual([]);
}

const model = (endpoint: string, value: IDataObject | null, more: INodeParameters = {}) => ({
	resource: 'model',
	operation: 'submitAndWait',
	model: { __rl: true, mode: 'list', value: endpoint },
	parameters: { mappingMode: 'defineBelow', value: value as INodeParameters | null },
	options: EDITOR,
	...more,
});

/** The keys of an item, down to those of its results; not those of what RunningHub itself said. */
const shapeOf = ({ items: [item] }: NodeRun) => {
	const { results, usage, ...json } = item?.json ?? {};
	const keys = (value: unknown) => Object.keys(Object(value));
	const [first] = Array.isArray(results) ? results : [];
	return { json: keys(json), result: keys(first), usage: keys(usage), files: keys(item?.binary) };
};

describe.each(RESOURCES)('of %s', (resource) => {
	const wait = (options: INodeParameters = {}) =>
		waitOf(
			resource,
			{ downloadResults: true, options: { rawResponse: true, ...options } },
			{ withFile: true },
		);
	const send = (options: INodeParameters = {}) =>
		submitOf(resource, { options }, { withFile: true });

	test.concurrent.each([
		['Submit and Wait', wait],
		['Submit', send],
	])('%s has the keys of a real one, and costs nothing', async (_name, form) => {
		await inLab(async (lab) => {
			const sample = await lab.run(form(EDITOR));
			expect(shown(sample)).toBe('');
			expectNothingPaid(lab);
			expect(jsonOf(sample).taskId).toMatch(/^sample-[a-z0-9]+-0$/);
			expect(hintsOf(sample)).toEqual([
				expect.objectContaining({
					type: 'warning',
					message: expect.stringContaining('no task was made and nothing was paid'),
				}),
			]);
			const real = await lab.run(form());
			expect(lab.simulator.tasks).toHaveLength(1);
			expect(shapeOf(sample)).toEqual(shapeOf(real));
			expect(jsonOf(sample).source).toBe(jsonOf(real).source);
		});
	});
});

describe('has a small file of the kind that a real one would make', () => {
	const says = (bytes: Buffer, at: number, word: string) =>
		bytes.subarray(at, at + word.length).toString('latin1') === word;
	const KINDS: Array<[string, INodeParameters, string, (bytes: Buffer) => boolean]> = [
		['a video', submitAndWait({ options: EDITOR }), 'video/mp4', (b) => says(b, 4, 'ftyp')],
		[
			'a picture',
			model('rhart-image-v1/text-to-image', { prompt: 'a fox', aspectRatio: '1:1' }),
			'image/png',
			(b) => says(b, 1, 'PNG'),
		],
		[
			'a video, of a model that is not known',
			model('somebody/new-thing', null, {
				options: { ...EDITOR, extraFields: '{"prompt": "a fox"}' },
			}),
			'video/mp4',
			(b) => says(b, 4, 'ftyp'),
		],
		[
			'what the name says, of a model that is not known',
			model('somebody/image-to-3d', null, {
				options: { ...EDITOR, extraFields: '{"prompt": "a fox"}' },
			}),
			'model/gltf-binary',
			(b) => says(b, 0, 'glTF'),
		],
		[
			'a sound',
			model('somebody/text-to-speech', null, {
				options: { ...EDITOR, extraFields: '{"prompt": "a fox"}' },
			}),
			'audio/mpeg',
			(b) => b[0] === 0xff && (b[1] ?? 0) >= 0xe0,
		],
	];

	test.concurrent.each(KINDS)('%s', async (_kind, form, mimeType, isOne) => {
		await inLab(async (lab) => {
			const result = await lab.run({ ...form, downloadResults: true });
			expect(shown(result)).toBe('');
			const [item] = result.items;
			expect(item?.binary?.data).toMatchObject({ mimeType });
			expect(item?.binary?.data?.fileName).toContain(String(item?.json.taskId));
			const bytes = await result.readBinary(item, 'data');
			expect([isOne(bytes), bytes.length < 10_000]).toEqual([true, true]);
			expect(item?.json.url).toBe(`data:${mimeType};base64,${bytes.toString('base64')}`);
			expectNothingPaid(lab);
		});
	});

	test.concurrent('and none where Download Results is off', async () => {
		await inLab(async ({ run }) => {
			const result = await run(submitAndWait({ options: EDITOR, downloadResults: false }));
			expect(result.items[0]?.binary).toBeUndefined();
			expect(jsonOf(result).url).toMatch(/^data:video\/mp4/);
		});
	});
});

describe('is checked as a real run is', () => {
	test.concurrent.each([
		['the fields', { imageUrl: '={{ "" }}' }, {}, 'Image'],
		['the files', { imageUrl: 'nowhere' }, {}, 'nowhere'],
		['Max Price', {}, { maxPrice: 0.0001 }, 'Max Price is 0.0001'],
		['Budget', {}, { budget: 0.0001 }, 'Budget is 0.0001'],
	])('%s', async (_what, fields, options, sentence) => {
		await inLab(async (lab) => {
			const form = submitAndWait({ ...fields, options: { ...EDITOR, ...options } });
			const result = await lab.run(form, CONTINUE);
			expect(jsonOf(result).status).toBe('FAILED');
			expect(errorOf(jsonOf(result)).message).toContain(sentence);
			const stopped = await lab.run(form);
			expect(stopped.error?.message).toContain(sentence);
			expectNothingPaid(lab);
		});
	});

	test.concurrent('Budget over all items, of which it then takes nothing', async () => {
		await inLab(async ({ run, simulator }) => {
			const items = itemsOf({}, {}, {});
			const price = Number(jsonOf(await run(submit({ operation: 'estimatePrice' }))).amount);
			const budget = price * 2.5;
			const form = (sampleResult: string) => submit({ options: { budget, sampleResult } });
			const sample = await run(form('editor'), { items, ...CONTINUE });
			expect(sample.items.map(({ json }) => json.error !== null)).toEqual([false, false, true]);
			// The second try begins with all of it again.
			const nodeSettings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
			const tried = await run(form('editor'), { items, nodeSettings });
			expect(tried.error).toMatchObject({ context: { itemIndex: 2 } });
			expect(simulator.tasks).toEqual([]);
		});
	});
});

describe('outside the editor', () => {
	test.concurrent.each(['trigger', 'webhook', 'integrated', 'retry', 'chat'] as const)(
		'is an error in a run by %s, before anything is paid',
		async (mode) => {
			await inLab(async (lab) => {
				const stopped = await lab.run(submitAndWait({ options: EDITOR }), { mode });
				expect(stopped.error?.message).toBe(
					'Sample Result is on for runs from the editor, and this is not one.',
				);
				const went = await lab.run(submit({ options: EDITOR }), { mode, ...CONTINUE });
				expectTaskShape(jsonOf(went));
				expect(jsonOf(went)).toMatchObject({ status: 'FAILED', taskId: null });
				expectNothingPaid(lab);
			});
		},
	);

	test.concurrent('is given all the same where that was chosen, without a sleep', async () => {
		await inLab(async (lab) => {
			const result = await lab.run(submitAndWait({ options: ALWAYS }), { mode: 'trigger' });
			expect(result.run.status).toBe('success');
			expect(jsonOf(result)).toMatchObject({ taskId: 'sample-video-0', status: 'SUCCESS' });
			expectNothingPaid(lab);
		});
	});

	test.concurrent('a choice that nobody knows makes nothing', async () => {
		await inLab(async (lab) => {
			const result = await lab.run(submit({ options: { sampleResult: 'yes' } }));
			expect(result.error?.message).toContain('Sample Result is "yes"');
			expectNothingPaid(lab);
		});
	});
});

test.concurrent(
	'Wait for Result and Get give the sample of a submit, beside real tasks',
	async () => {
		await inLab(async (lab) => {
			const sample = jsonOf(await lab.run(submit({ options: EDITOR })));
			expect(sample).toMatchObject({ status: submittedSample('video', 0).status, results: [] });
			const real = jsonOf(await lab.run(submit()));
			const result = await lab.run(
				{ resource: 'task', operation: 'waitForResult', taskId: '={{ $json.taskId }}' },
				{ items: itemsOf(sample, real) },
			);
			expect(shown(result)).toBe('');
			expect(result.items.map(({ json }) => [json.taskId, json.status])).toEqual([
				[sample.taskId, 'SUCCESS'],
				[real.taskId, 'SUCCESS'],
			]);
			expect(result.items.map(({ binary }) => binary?.data?.mimeType)).toEqual([
				'video/mp4',
				'video/mp4',
			]);
			const got = await lab.run({ resource: 'task', operation: 'get', taskId: 'sample-video-0' });
			expect(jsonOf(got)).toMatchObject({ taskId: 'sample-video-0', status: 'SUCCESS' });
			const other = await lab.run({
				resource: 'task',
				operation: 'cancel',
				taskId: 'sample-video-0',
			});
			expect(other.error?.message).toContain('of a sample result: no such task was made');
		});
	},
);
