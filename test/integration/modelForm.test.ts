import type { ResourceMapperField } from 'n8n-workflow';
import { ModelForm } from './modelFormInEditor';
import { inLab, shown, type Lab } from './support';

const KLING_PRO = 'kling-v3.0-pro/image-to-video';
const KLING_STD = 'kling-v3.0-std/image-to-video';
const BANANA = 'rhart-image-v1/text-to-image';

const BANANA_ADDRESSES = [
	`https://www.runninghub.cn/openapi/v2/${BANANA}`,
	`https://www.runninghub.ai/openapi/v2/${BANANA}/`,
	`/openapi/v2/${BANANA}`,
	`openapi/v2/${BANANA}`,
	`/${BANANA}/`,
	` ${BANANA}\n`,
];
const PAGES = [
	'https://www.runninghub.cn/call-api/api-detail/2004543527918551041?apiType=1',
	'https://www.runninghub.ai/call-api/api-detail/2004543527918551041',
	'call-api/api-detail/2004543527918551041',
];

const withForm = async (test: (form: ModelForm, lab: Lab) => Promise<void>): Promise<void> =>
	await inLab(async (lab) => await test(new ModelForm(lab), lab));

describe('a model that is changed after fields were filled', () => {
	const filled = {
		prompt: 'a fox',
		negativePrompt: '={{ $json.not }}',
		firstImageUrl: 'photo',
		duration: '15',
		cfgScale: 0.7,
		sound: false,
	};

	test.concurrent('keeps what still fits', async () => {
		await withForm(async (form) => {
			await form.change(KLING_PRO);
			form.fill(filled);
			await form.openList();
			await form.change(KLING_STD);
			expect(form.values).toMatchObject(filled);
		});
	});

	test.concurrent('drops what does not fit: no option, too large, too long', async () => {
		await withForm(async (form) => {
			await form.change('alibaba/wan-2.7/text-to-image');
			form.fill({ prompt: 'x'.repeat(2_001), width: 4095, height: 520, thinkingMode: true });
			await form.openList();
			// At most 2,000 characters, and widths in steps of 8.
			await form.change('seedream-v4/text-to-image');
			expect(form.values).toEqual({ height: 520 });

			form.fill({ prompt: 'a fox', width: 8192, maxImages: 15 });
			await form.openList();
			await form.change('alibaba/wan-2.7/text-to-image');
			expect(form.values).toEqual({ prompt: 'a fox', height: 520, thinkingMode: true });

			await form.change(BANANA);
			form.fill({ aspectRatio: '21:9' });
			await form.openList();
			await form.change('alibaba/happyhorse-1.0/text-to-video');
			expect(form.values).not.toHaveProperty('aspectRatio');
		});
	});

	test.concurrent(
		'keeps a number for a model that lists it as an option, and the other way',
		async () => {
			await withForm(async (form) => {
				// A whole number.
				await form.change('kling-video-o3-4k/text-to-video');
				form.fill({ duration: 10, sound: true });
				await form.openList();
				// The options "5" and "10".
				await form.change('kling-v3.0-pro/text-to-video');
				expect(form.values).toMatchObject({ duration: '10', sound: true });
				await form.openList();
				await form.change('kling-video-o3-4k/text-to-video');
				expect(form.values).toMatchObject({ duration: 10, sound: true });
			});
		},
	);

	test.concurrent('is filled in as it was when the list was opened last', async () => {
		await withForm(async (form) => {
			await form.change(KLING_PRO);
			form.fill(filled);
			await form.openList();
			form.fill({ prompt: 'an owl' });
			await form.openList();
			await form.change(KLING_STD);
			expect(form.values).toMatchObject({ ...filled, prompt: 'an owl' });
			await form.change(KLING_PRO);
			expect(form.values).not.toHaveProperty('prompt');
		});
	});

	test.concurrent(
		'is not filled in with what may be out of date, for a model given by hand',
		async () => {
			await withForm(async (form) => {
				await form.change(KLING_PRO);
				form.fill(filled);
				await form.openList();
				await form.change(KLING_STD, 'endpoint');
				expect(form.values).not.toHaveProperty('prompt');
				await form.change(KLING_PRO);
				expect(form.values).not.toHaveProperty('prompt');
			});
		},
	);

	test.concurrent('is not filled in from the form of another node', async () => {
		await withForm(async (form, lab) => {
			await form.change(KLING_PRO);
			form.fill(filled);
			await form.openList();
			const other = new ModelForm(lab);
			await other.change(KLING_PRO);
			await other.change(KLING_STD);
			expect(other.values).not.toHaveProperty('prompt');
			await form.change(KLING_STD);
			expect(form.values).toHaveProperty('prompt', 'a fox');
		});
	});
});

describe('a field', () => {
	const fieldsFor = async (endpoint: string): Promise<ResourceMapperField[]> => {
		let found: ResourceMapperField[] = [];
		await withForm(async (form) => {
			found = (await form.change(endpoint)).fields;
		});
		return found;
	};

	test.concurrent('has a short name, without limits', async () => {
		const labels = async (endpoint: string) =>
			Object.fromEntries(
				(await fieldsFor(endpoint)).map(({ id, displayName }) => [id, displayName]),
			);
		expect(await labels('rhart-image-v1/edit')).toMatchObject({
			prompt: 'Prompt',
			imageUrls: 'Reference Images',
		});
		expect(await labels(KLING_PRO)).toMatchObject({
			duration: 'Duration (Seconds)',
			cfgScale: 'Prompt Guidance',
			multiPrompt: 'Shots (JSON)',
		});
	});

	test.concurrent(
		'comes first if it is the prompt, has to be filled in or takes a file',
		async () => {
			const fields = await fieldsFor(KLING_PRO);
			expect(fields.map(({ id }) => id)).toEqual([
				'prompt',
				'firstImageUrl',
				'duration',
				'sound',
				'lastImageUrl',
				'negativePrompt',
				'cfgScale',
				'multiShot',
				'shotType',
				'multiPrompt',
				'elementList',
			]);
		},
	);

	test.concurrent('of a few whole numbers is a list of them', async () => {
		const duration = async (endpoint: string) =>
			(await fieldsFor(endpoint)).find(({ id }) => id === 'duration');
		expect(await duration('kling-video-o3-4k/text-to-video')).toMatchObject({
			type: 'options',
			defaultValue: 5,
			options: Array.from({ length: 13 }, (_, index) => ({
				name: String(index + 3),
				value: index + 3,
			})),
		});
		const pitch = (await fieldsFor('rhart-audio/text-to-audio/speech-02-hd')).find(
			({ id }) => id === 'pitch',
		);
		expect(pitch?.options).toContainEqual({ name: '0 (default)', value: 0 });
		expect(pitch?.options).toHaveLength(25);
	});

	test.concurrent('of a list says at an option what is taken without a choice', async () => {
		await withForm(async (form) => {
			const { fields } = await form.change('alibaba/happyhorse-1.0/text-to-video');
			const ratio = fields.find(({ id }) => id === 'aspectRatio');
			expect(ratio?.options?.[0]).toEqual({ name: '16:9 (default)', value: '16:9' });
			expect(form.values).toEqual({ resolution: '1080p', duration: '5' });
		});
	});
});

test.concurrent('a form without a model says what to do', async () => {
	await withForm(async (form) => {
		const { fields, emptyFieldsNotice } = await form.change('');
		expect(fields).toEqual([]);
		expect(emptyFieldsNotice).toBe('Choose a model to see its fields.');
		expect(await form.openList()).toContain(BANANA);
	});
});

describe('a model that is given by hand', () => {
	test.concurrent.each(BANANA_ADDRESSES)(
		'is known to the form and to the run: %j',
		async (given) => {
			await withForm(async (form, { simulator, run }) => {
				const { fields } = await form.change(given, 'endpoint');
				expect(fields.map(({ id }) => id)).toContain('prompt');
				const result = await run({
					resource: 'model',
					operation: 'submit',
					model: { __rl: true, mode: 'endpoint', value: given },
					parameters: {
						mappingMode: 'defineBelow',
						value: { prompt: 'a fox', aspectRatio: '1:1' },
					},
				});
				expect(shown(result)).toBe('');
				expect(simulator.submits().map(({ path }) => path)).toEqual([`/openapi/v2/${BANANA}`]);
			});
		},
	);

	test.concurrent.each(PAGES)('as the address of its page is told to be one: %s', async (given) => {
		await withForm(async (form, { simulator, run }) => {
			const { fields, emptyFieldsNotice } = await form.change(given, 'endpoint');
			expect(fields).toEqual([]);
			const refused = await run({
				resource: 'model',
				operation: 'submit',
				model: { __rl: true, mode: 'endpoint', value: given },
				options: { extraFields: '{"prompt": "a fox"}' },
			});
			for (const sentence of [emptyFieldsNotice, shown(refused)]) {
				expect(sentence).toMatch(
					/^Model is the address of a page\. .*what follows \/openapi\/v2\//,
				);
			}
			expect(simulator.requests).toEqual([]);
		});
	});
});
