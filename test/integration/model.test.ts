import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { checkPrice } from '../../nodes/RunningHub/run/priceLimits';
import type { Price } from '../../runninghub/api/price';
import { SITES } from '../../runninghub/http/site';
import type { TaskScript } from '../simulator';
import { FakeClock } from '../support/fakeClock';
import {
	AT_ONCE,
	CONTINUE,
	errorOf,
	expectTaskShape,
	hintsOf,
	IMAGE,
	IMMEDIATE,
	inLab,
	itemsOf,
	jsonOf,
	PNG,
	shown,
} from './support';

jest.setTimeout(30_000);

const BANANA = 'rhart-image-v1/text-to-image';
const FOX = { prompt: 'a fox', aspectRatio: '1:1' };
const NO_PRICE = 'kling-v2.5-turbo-std/text-to-video';

const locator = (value: string, mode = 'list'): INodeParameters => ({ __rl: true, mode, value });

/** The form as n8n saves it. */
const form = (
	endpoint: string,
	value: IDataObject | null = null,
	more: INodeParameters = {},
): INodeParameters => ({
	resource: 'model',
	operation: 'submitAndWait',
	model: locator(endpoint),
	parameters: { mappingMode: 'defineBelow', value: value as INodeParameters | null },
	...more,
	options: { pollInterval: 1, ...(more.options as INodeParameters | undefined) },
});

const files = (...types: string[]): TaskScript => ({
	end: { kind: 'success', files: types.map((type) => ({ type })) },
});

describe('a model', () => {
	test.concurrent('makes its picture', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(form(BANANA, FOX));
			expect(shown(result)).toBe('');
			expectTaskShape(jsonOf(result));
			expect(jsonOf(result)).toMatchObject({ status: 'SUCCESS', source: BANANA });
			expect(jsonOf(result).url).toMatch(/\.png/);
			expect(simulator.submits().map(({ path, json }) => [path, json])).toEqual([
				[`/openapi/v2/${BANANA}`, FOX],
			]);
		});
	});

	test.concurrent.each([
		['from the list', locator(BANANA)],
		['by hand', locator(BANANA, 'endpoint')],
		['as an address', locator(`https://www.runninghub.ai/openapi/v2/${BANANA}/`, 'endpoint')],
		['by an expression', '={{ "rhart-image-v1" + "/text-to-image" }}'],
		['by an expression in the list', locator('={{ $json.model }}')],
	])('is chosen %s', async (_how, model) => {
		await inLab(
			async ({ simulator, run }) => {
				const result = await run(form('', FOX, { model }), { items: itemsOf({ model: BANANA }) });
				expect(shown(result)).toBe('');
				expect(simulator.submits().map(({ path }) => path)).toEqual([`/openapi/v2/${BANANA}`]);
			},
			{ defaultTaskScript: IMMEDIATE },
		);
	});

	test.concurrent.each([
		['={{ "" }}', 'Model is empty'],
		['Sora', 'Model is "Sora"'],
		['constructor', 'Model is "constructor"'],
		['../../task/openapi/cancel', 'Model is "../../task/openapi/cancel"'],
		['rhart-image-v1/text-to-image?x=1', 'Model is "rhart-image-v1/text-to-image?x=1"'],
	])('that is none (%s) is refused before anything is sent', async (endpoint, told) => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(form(endpoint, FOX, { options: { extraFields: { a: 1 } } }));
			expect(result.error?.message).toContain(told);
			expect(result.error?.message).toContain('such as rhart-image-v1/text-to-image');
			expect(simulator.requests).toEqual([]);
		});
	});

	test.concurrent('takes pictures from everywhere: address, data: URI, binary field', async () => {
		await inLab(
			async ({ simulator, run }) => {
				const photo = { data: PNG.split(',')[1] ?? '', mimeType: 'image/png', fileName: 'p.png' };
				const value = { prompt: 'a fox', imageUrls: `photo, ${IMAGE}, ${PNG}` };
				const result = await run(form('seedream-v4/image-to-image', value), {
					items: [{ json: {}, binary: { photo } }],
				});
				expect(shown(result)).toBe('');
				const [first, second] = simulator.uploads.map(({ url }) => url);
				expect(simulator.submits().map(({ json }) => json)).toMatchObject([
					{ imageUrls: [first, IMAGE, second] },
				]);
			},
			{ defaultTaskScript: IMMEDIATE },
		);
	});
});

describe('extra fields', () => {
	const sent = async (value: IDataObject | null, extraFields: unknown): Promise<unknown> => {
		let body: unknown;
		await inLab(
			async ({ simulator, run }) => {
				const endpoint = 'rhart-video/ltx-2.3/text-to-video';
				const options = { extraFields: extraFields as string };
				const result = await run(form(value === null ? endpoint : BANANA, value, { options }));
				body = simulator.submits()[0]?.json ?? shown(result);
			},
			{ defaultTaskScript: IMMEDIATE },
		);
		return body;
	};

	test.concurrent('are all that a model without a form is given', async () => {
		const fields = { prompt: 'a fox', steps: 4, list: [1, { a: null }] };
		expect(await sent(null, JSON.stringify(fields))).toEqual(fields);
		expect(await sent(null, fields)).toEqual(fields);
		expect(await sent(null, '={{ ({ prompt: "a " + "fox" }) }}')).toEqual({ prompt: 'a fox' });
	});

	test.concurrent('stand over those of the form, unchecked', async () => {
		expect(await sent(FOX, { aspectRatio: '4:3' })).toEqual({ ...FOX, aspectRatio: '4:3' });
		const refused = await sent({ prompt: 'a fox' }, { aspectRatio: '7:1' });
		expect(refused).toEqual({ prompt: 'a fox', aspectRatio: '7:1' });
	});

	test.concurrent.each([
		['{ prompt: a fox', 'Extra Fields is "{ prompt: a fox"; it must be a JSON object'],
		['[1]', 'Extra Fields is "[1]"; it must be a JSON object'],
		['{"__proto__": {"polluted": true}}', 'Extra Fields holds the name __proto__'],
		['{"a": {"constructor": 1}}', 'Extra Fields holds the name constructor'],
		['{"seed": 1900000000000000201}', 'Extra Fields holds a number of more digits'],
	])('%s is refused', async (extraFields, told) => {
		expect(await sent(FOX, extraFields)).toContain(told);
		expect(Object.prototype).not.toHaveProperty('polluted');
	});

	test.concurrent('are needed where the model has no form', async () => {
		expect(await sent(null, '{}')).toContain(
			'The fields of rhart-video/ltx-2.3/text-to-video are not known to this node; enter them in the Extra Fields option',
		);
	});

	test.concurrent('go to a model that RunningHub alone may know', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(
				form('maker/next-model/text-to-video', null, { options: { extraFields: FOX } }),
			);
			expect(simulator.submits().map(({ json }) => json)).toEqual([FOX]);
			expect(result.error?.message).toMatch(/^RunningHub /);
			expect(simulator.tasks).toEqual([]);
		});
	});
});

test.concurrent('names that are no fields of the model go nowhere', async () => {
	await inLab(
		async ({ simulator, run }) => {
			const values = '={{ JSON.parse($json.values) }}';
			const result = await run(
				form(BANANA, null, { parameters: { mappingMode: 'defineBelow', value: values } }),
				{
					items: itemsOf({
						values:
							'{"__proto__":{"polluted":1},"constructor":2,"prompt":"a fox","aspectRatio":"1:1"}',
					}),
				},
			);
			expect(shown(result)).toBe('');
			expect(simulator.submits().map(({ json }) => json)).toEqual([FOX]);
			expect(Object.prototype).not.toHaveProperty('polluted');
		},
		{ defaultTaskScript: IMMEDIATE },
	);
});

describe('what it makes', () => {
	test.concurrent('text is in the item', async () => {
		await inLab(async ({ run }) => {
			const result = await run(form('rhart-text-g-25-flash/text-to-text', { prompt: 'a fox' }));
			expect(jsonOf(result)).toMatchObject({
				status: 'SUCCESS',
				url: null,
				text: 'A fox stands on a hill at sunset.',
			});
		});
	});

	test.concurrent.each([
		[
			'hunyuan3d-v3.1/text-to-3d',
			'glb',
			'model/gltf-binary',
			{ enablePbr: true, generateType: 'Normal' },
		],
		['rhart-audio/suno-v4.5/custom', 'mp3', 'audio/mpeg', { title: 'Fox', tags: 'pop' }],
		[BANANA, 'png', 'image/png', { aspectRatio: '1:1' }],
	])('%s: a %s file with its own name and type', async (endpoint, extension, mimeType, value) => {
		await inLab(async ({ run }) => {
			const parameters = form(endpoint, { prompt: 'a fox', ...value }, { downloadResults: true });
			const result = await run(parameters);
			expect(shown(result)).toBe('');
			expect(jsonOf(result).url).toContain(`.${extension}`);
			const { data } = result.items[0]?.binary ?? {};
			expect(data?.mimeType).toBe(mimeType);
			expect(data?.fileName).toMatch(new RegExp(`\\.${extension}$`));
			expect((await result.readBinary(result.items[0], 'data')).length).toBeGreaterThan(0);
		});
	});

	test.concurrent('several files can be an item each', async () => {
		await inLab(
			async ({ run }) => {
				const options = { splitResults: true };
				const result = await run(form(BANANA, FOX, { options, downloadResults: true }));
				expect(result.items).toHaveLength(3);
				expect(new Set(result.items.map(({ json }) => json.url)).size).toBe(3);
				for (const item of result.items) expect(Object.keys(item.binary ?? {})).toEqual(['data']);
			},
			{ defaultTaskScript: files('png', 'png', 'png') },
		);
	});
});

test.concurrent('with Continue On Fail one wrong item takes nothing from the others', async () => {
	await inLab(async ({ simulator, run }) => {
		const wanted = [
			{ model: BANANA, values: FOX },
			{ model: BANANA, values: { prompt: 'a fox', aspectRatio: '7:1' } },
			{ model: 'nowhere', values: FOX },
			{ model: 'rhart-text-g-25-flash/text-to-text', values: { prompt: 'an owl' } },
		];
		const parameters = form('', null, {
			model: '={{ $json.model }}',
			parameters: { mappingMode: 'defineBelow', value: '={{ $json.values }}' },
		});
		const result = await run(parameters, { items: itemsOf(...wanted), ...CONTINUE });
		expect(result.items.map(({ json }) => json.status)).toEqual([
			'SUCCESS',
			'FAILED',
			'FAILED',
			'SUCCESS',
		]);
		for (const { json } of result.items) expectTaskShape(json);
		expect(errorOf(jsonOf(result, 1)).message).toContain('Aspect Ratio is "7:1"');
		expect(errorOf(jsonOf(result, 2)).message).toContain('Model is "nowhere"');
		expect(simulator.tasks).toHaveLength(2);

		const stopped = await run(parameters, { items: itemsOf(...wanted) });
		expect(stopped.error?.message).toContain('Aspect Ratio is "7:1"');
		expect(simulator.tasks).toHaveLength(2);
	});
});

describe('Estimate Price', () => {
	const estimate = (endpoint: string, value: IDataObject) =>
		form(endpoint, value, { operation: 'estimatePrice' });

	test.concurrent('asks RunningHub, and makes no task', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(estimate(BANANA, FOX));
			expect(shown(result)).toBe('');
			expect(jsonOf(result)).toEqual({
				source: BANANA,
				amount: 0.05,
				currency: 'CNY',
				isLowerBound: false,
				text: '¥0.05',
				isFree: false,
				basis: 'preview',
				date: null,
				total: 0.05,
				summary: 'This task: 0.05 CNY.',
			});
			expect(simulator.submits()).toEqual([]);
			expect(simulator.tasks).toEqual([]);
		});
	});

	test.concurrent(
		'takes the dated price list where RunningHub has no answer, and says so',
		async () => {
			await inLab(
				async ({ simulator, run }) => {
					const result = await run(estimate(BANANA, FOX));
					expect(jsonOf(result)).toMatchObject({
						amount: 0.05,
						currency: 'CNY',
						basis: 'catalogue',
						date: '2026-04-29',
					});
					expect(simulator.tasks).toEqual([]);
				},
				{ switches: { pricePreview: 'missing' } },
			);
		},
	);

	test.concurrent('asks again when RunningHub fails for a moment', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({
				kind: 'http',
				status: 503,
				match: { path: '/openapi/v2/price-preview' },
			});
			expect(jsonOf(await run(estimate(BANANA, FOX)))).toMatchObject({ basis: 'preview' });
		});
	});

	test.concurrent.each(['works', 'missing'] as const)(
		'says when there is no price anywhere (preview %s)',
		async (pricePreview) => {
			await inLab(
				async ({ run }) => {
					const value = { prompt: 'a fox', duration: '5', aspectRatio: '16:9' };
					const result = await run(estimate(NO_PRICE, value));
					expect(result.error?.message).toBe(`RunningHub has no price for ${NO_PRICE}.`);
				},
				{ switches: { pricePreview } },
			);
		},
	);

	test.concurrent('refuses what would be refused, item by item', async () => {
		await inLab(async ({ simulator, run }) => {
			const parameters = estimate(BANANA, { ...FOX, aspectRatio: '={{ $json.ratio }}' });
			const items = itemsOf({ ratio: '7:1' }, { ratio: '4:3' });
			const result = await run(parameters, { items, ...CONTINUE });
			expect(errorOf(jsonOf(result, 0)).message).toContain('Aspect Ratio is "7:1"');
			expect(jsonOf(result, 1)).toMatchObject({ amount: 0.05 });
			expect(simulator.requests).toHaveLength(1);
		});
	});

	test.concurrent('of Vidu is there as well', async () => {
		await inLab(async ({ run }) => {
			const result = await run({
				resource: 'vidu',
				operation: 'estimatePrice',
				prompt: 'a fox',
				imageUrl: IMAGE,
			});
			expect(shown(result)).toBe('');
			expect(Number(jsonOf(result).amount)).toBeGreaterThan(0);
		});
	});
});

describe('Max Price', () => {
	const dear = form(BANANA, FOX, { options: { maxPrice: 0.04 } });

	test.concurrent('refuses a task that costs more, before it is paid for', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(dear);
			expect(shown(result)).toContain(
				'This task would cost 0.05 CNY, says RunningHub; Max Price is 0.04. | Nothing was paid for.',
			);
			expect(simulator.submits()).toEqual([]);
		});
	});

	test.concurrent('lets one through that costs just as much', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(form(BANANA, FOX, { options: { maxPrice: 0.05 } }));
			expect(jsonOf(result)).toMatchObject({ status: 'SUCCESS' });
			expect(simulator.tasks).toHaveLength(1);
		});
	});

	test.concurrent('goes by the price list where RunningHub has no answer', async () => {
		await inLab(
			async ({ simulator, run }) => {
				const result = await run(dear);
				expect(result.error?.message).toContain(
					'would cost 0.05 CNY, by the price list of 2026-04-29; Max Price is 0.04.',
				);
				expect(simulator.submits()).toEqual([]);
			},
			{ switches: { pricePreview: 'missing' } },
		);
	});

	test.concurrent('refuses what has no known price', async () => {
		await inLab(async ({ simulator, run }) => {
			const value = { prompt: 'a fox', duration: '5', aspectRatio: '16:9' };
			const result = await run(form(NO_PRICE, value, { options: { maxPrice: 100 } }));
			expect(result.error?.message).toContain('could not be compared with Max Price');
			expect(simulator.submits()).toEqual([]);
		});
	});

	test.concurrent('can be another for each item', async () => {
		await inLab(async ({ simulator, run }) => {
			const parameters = form(BANANA, FOX, { options: { maxPrice: '={{ $json.most }}' } });
			const items = itemsOf({ most: 0.01 }, { most: 1 }, { most: 'a lot' }, { most: 0 });
			const result = await run(parameters, { items, ...CONTINUE });
			expect(result.items.map(({ json }) => [json.status, errorOf(json).message])).toEqual([
				['FAILED', expect.stringContaining('Max Price is 0.01')],
				['SUCCESS', undefined],
				['FAILED', expect.stringContaining('Max Price is "a lot"')],
				['FAILED', expect.stringContaining('Max Price is "0"')],
			]);
			expect(simulator.tasks).toHaveLength(1);
		});
	});

	const listed: Price = {
		amount: 0.5,
		currency: 'CNY',
		isLowerBound: false,
		text: null,
		isFree: false,
		basis: 'catalogue',
		date: '2026-04-29',
	};
	const held = async (price: Partial<Price>, baseUrl: string) =>
		await checkPrice(
			{ maxPrice: 1, budget: undefined },
			{ price: async () => ({ ...listed, ...price }) },
			{
				baseUrl,
				client: { previewPrice: async () => listed },
				clock: new FakeClock(),
				random: () => 0,
			},
			{},
		);

	it('does not hold a price against another currency', async () => {
		await expect(held({}, SITES.international)).rejects.toThrow(
			'what is known is 0.5 CNY, by the price list of 2026-04-29, and your account pays in USD',
		);
		await expect(held({}, SITES.china)).resolves.toBeUndefined();
		await expect(held({ currency: 'USD' }, SITES.international)).resolves.toBeUndefined();
	});

	it('does not trust the least that a task may cost, and lets through what is free', async () => {
		await expect(held({ isLowerBound: true }, SITES.china)).rejects.toThrow(
			'it costs at least 0.5 CNY, by the price list of 2026-04-29',
		);
		await expect(held({ amount: 5, isFree: true }, SITES.china)).resolves.toBeUndefined();
	});
});

describe('the cost of a run', () => {
	test.concurrent('stands in each item, and its sum above the output', async () => {
		await inLab(async ({ run }) => {
			const result = await run(form(BANANA, FOX), { items: itemsOf({}, {}, {}) });
			expect(result.items.map(({ json }) => json.usage)).toEqual(
				Array(3).fill(expect.objectContaining({ thirdPartyMoney: 0.05 })),
			);
			expect(hintsOf(result)).toEqual([
				{
					message:
						'Cost of 3 tasks: 0.15 in the account’s currency. Execute the next nodes step by step: they reuse this output and nothing is paid again. To pin it, switch off Download Results: n8n pins no files.',
					type: 'info',
					location: 'outputPane',
				},
			]);
		});
	});

	test.concurrent('is not told where RunningHub has not said any', async () => {
		await inLab(
			async ({ run }) => {
				expect(hintsOf(await run(form(BANANA, FOX, { operation: 'submit' })))).toEqual([]);
			},
			{ defaultTaskScript: { runningMs: 60_000, end: { kind: 'success' } } },
		);
	});
});

test.concurrent('an agent’s tool chooses the values, and gets the task', async () => {
	await inLab(
		async ({ simulator, asTool }) => {
			const prompt = "={{ $fromAI('prompt', 'what the picture shows', 'string') }}";
			const { answer, error } = await asTool(form(BANANA, { ...FOX, prompt }), {
				prompt: 'an owl',
			});
			expect(error).toBeUndefined();
			expect(simulator.submits().map(({ json }) => json)).toEqual([{ ...FOX, prompt: 'an owl' }]);
			expect(answer).toContain(String(simulator.tasks[0]?.taskId));
		},
		{ defaultTaskScript: AT_ONCE },
	);
});
