import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { callableModels, type Param } from '../simulator/facts';
import { NOTHING_PAID } from '../support/sentences';
import {
	IMAGE,
	IMMEDIATE,
	PNG,
	errorOf,
	expectTaskShape,
	inLab,
	itemsOf,
	jsonOf,
	shown,
	submit,
	submitAndWait,
	CONTINUE,
} from './support';

jest.setTimeout(30_000);

const LAST_IMAGE = 'https://pictures.example/owl.png';

/** What a newcomer fills in for each mode: nothing but what the form marks as required. */
const MODES: Record<string, INodeParameters> = {
	imageToVideo: { imageUrl: IMAGE },
	startEndToVideo: { firstImageUrl: IMAGE, lastImageUrl: LAST_IMAGE },
	textToVideo: {},
	referenceToVideo: { imageUrls: `${IMAGE}, ${LAST_IMAGE}` },
	shortPlay: { scriptName: 'The Fox', scriptContent: 'A fox opens a bakery.' },
};
const MODE_OF: Record<string, string> = {
	image: 'imageToVideo',
	start: 'startEndToVideo',
	text: 'textToVideo',
	reference: 'referenceToVideo',
	short: 'shortPlay',
};

const models = callableModels().filter(({ endpoint }) => endpoint.startsWith('vidu/'));
const modeOf = (endpoint: string): string =>
	MODE_OF[/^vidu\/(\w+)/.exec(endpoint)?.[1] ?? ''] ?? '';
const form = (mode: string, more: INodeParameters = {}): INodeParameters => ({
	resource: 'vidu',
	operation: 'submitAndWait',
	mode,
	prompt: 'a fox',
	...MODES[mode],
	...more,
});

describe('each model, with the form as it opens and only what is required filled in', () => {
	it('is one of the 24 that RunningHub has', () => {
		expect(models).toHaveLength(24);
	});

	test.concurrent.each(models.map(({ endpoint }) => endpoint))('%s', async (endpoint) => {
		await inLab(
			async ({ simulator, run }) => {
				const mode = modeOf(endpoint);
				const result = await run(form(mode, { model: endpoint }));
				expect(shown(result)).toBe('');
				expect(result.items).toHaveLength(1);
				expectTaskShape(jsonOf(result));
				expect(jsonOf(result)).toMatchObject({ status: 'SUCCESS', source: endpoint });

				const given: IDataObject = {
					prompt: 'a fox',
					...MODES[mode],
					...(mode === 'referenceToVideo' ? { imageUrls: [IMAGE, LAST_IMAGE] } : {}),
				};
				const params = models.find((model) => model.endpoint === endpoint)?.params ?? [];
				expect(simulator.submits().map(({ path, json }) => [path, json])).toEqual([
					[`/openapi/v2/${endpoint}`, Object.fromEntries(params.flatMap(sentFor(given)))],
				]);
			},
			{ defaultTaskScript: IMMEDIATE },
		);
	});

	const sentFor =
		(given: IDataObject) =>
		({ key, default: fallback }: Param): Array<[string, unknown]> => {
			const value = given[key] ?? fallback;
			return value === undefined || value === null ? [] : [[key, value]];
		};
});

describe('the wire', () => {
	const sent = async (parameters: INodeParameters): Promise<unknown> => {
		let body: unknown;
		await inLab(
			async ({ simulator, run }) => {
				expect(shown(await run(parameters))).toBe('');
				body = simulator.submits()[0]?.json;
			},
			{ defaultTaskScript: IMMEDIATE },
		);
		return body;
	};

	test.concurrent('a number of seconds is text for one model …', async () => {
		expect(
			await sent(
				submitAndWait({
					duration: '8',
					resolution: '1080p',
					movementAmplitude: 'small',
					bgm: false,
				}),
			),
		).toStrictEqual({
			prompt: 'a fox turns its head',
			imageUrl: IMAGE,
			duration: '8',
			resolution: '1080p',
			movementAmplitude: 'small',
			bgm: false,
		});
	});

	test.concurrent(
		'… and a number for another, whose switch is the word for it instead',
		async () => {
			expect(
				await sent(
					form('referenceToVideo', {
						model: 'vidu/reference-to-video-q3',
						duration: '8',
						audio: false,
					}),
				),
			).toStrictEqual({
				prompt: 'a fox',
				imageUrls: [IMAGE, LAST_IMAGE],
				duration: 8,
				resolution: '720p',
				aspectRatio: '16:9',
				audio: 'false',
			});
		},
	);

	test.concurrent('Reference to Video begins with Q2 Pro, 720p and 16:9', async () => {
		const parameters = form('referenceToVideo');
		expect(await sent(parameters)).toStrictEqual({
			prompt: 'a fox',
			imageUrls: [IMAGE, LAST_IMAGE],
			duration: '5',
			resolution: '720p',
			aspectRatio: '16:9',
			movementAmplitude: 'auto',
		});
	});

	test.concurrent('a short play is made from a script, with its picture and style', async () => {
		const body = await sent(
			form('shortPlay', { uploadImageUrl: IMAGE, style: 'watercolour', placement: 'panorama' }),
		);
		expect(body).toStrictEqual({
			...MODES.shortPlay,
			uploadImageUrl: IMAGE,
			duration: '5',
			resolution: '1080p',
			aspectRatio: '9:16',
			style: 'watercolour',
			placement: 'panorama',
		});
	});

	test.concurrent(
		'takes numbers and booleans from expressions as what the model wants',
		async () => {
			expect(
				await sent(submitAndWait({ duration: '={{ 5 + 2 }}', bgm: '={{ "false" }}' })),
			).toMatchObject({ duration: '7', bgm: false });
		},
	);

	test.concurrent('a field that nobody filled is not there at all', async () => {
		const body = await sent(
			form('imageToVideo', { model: 'vidu/image-to-video-q3-pro-fast', prompt: '' }),
		);
		expect(Object.keys(body ?? {})).not.toContain('prompt');
	});

	test.concurrent('what was filled in for another model stays behind', async () => {
		const body = await sent(
			submitAndWait({ model: 'vidu/image-to-video-q3-turbo', bgm: false, lastImageUrl: IMAGE }),
		);
		expect(Object.keys(body ?? {}).sort()).toEqual(
			['prompt', 'imageUrl', 'duration', 'resolution', 'audio'].sort(),
		);
	});

	test.concurrent('v2 calls carry the key in the header and nowhere else', async () => {
		await inLab(async ({ simulator, run }) => {
			await run(submitAndWait());
			expect(simulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
				'POST /openapi/v2/vidu/image-to-video-q2-turbo',
				'POST /openapi/v2/query',
			]);
			for (const { headers, body } of simulator.requests) {
				expect(headers.authorization).toMatch(/^Bearer \w{32}$/);
				expect(headers['content-type']).toMatch(/^application\/json/);
				expect(body).not.toContain('piKey');
			}
		});
	});
});

describe('many items', () => {
	test.concurrent('come out in the order in which they went in, each with its own', async () => {
		await inLab(
			async ({ simulator, run }) => {
				const prompts = ['zero [slow]', 'one', 'two [slow]', 'three', 'four'];
				const result = await run(submitAndWait({ prompt: '={{ $json.prompt }}' }), {
					items: itemsOf(...prompts.map((prompt) => ({ prompt }))),
				});
				expect(shown(result)).toBe('');
				expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual(
					prompts.map((_, item) => ({ item })),
				);
				const made = (prompt: string) =>
					simulator.tasks.find(({ body }) => body.prompt === prompt)?.taskId;
				expect(result.items.map(({ json }) => json.taskId)).toEqual(prompts.map(made));
				for (const { json } of result.items) expect(json.url).toContain(String(json.taskId));

				const [first] = [...simulator.tasks].sort((a, b) => Number(a.endedAt) - Number(b.endedAt));
				expect(String(first?.body.prompt)).not.toContain('slow');
			},
			{ defaultTaskScript: { runningMs: 150, end: { kind: 'success' } } },
		);
	});

	test.concurrent('wait in one go, not one after the other', async () => {
		await inLab(
			async ({ run }) => {
				const before = Date.now();
				const items = itemsOf(...Array.from({ length: 12 }, () => ({})));
				const result = await run(submitAndWait(), { items });
				expect(result.items).toHaveLength(12);
				expect(Date.now() - before).toBeLessThan(4_000);
			},
			{ defaultTaskScript: { runningMs: 900, end: { kind: 'success' } } },
		);
	});

	test.concurrent('each chooses its own model and values', async () => {
		await inLab(
			async ({ simulator, run }) => {
				const wanted = [
					{ model: 'vidu/image-to-video-q3-turbo', prompt: 'a', duration: 16 },
					{ model: 'vidu/image-to-video-q2-pro', prompt: 'b', duration: 1 },
					{ model: 'vidu/image-to-video-q3-pro-fast', prompt: 'c', duration: 3 },
				];
				const result = await run(
					submitAndWait({
						model: '={{ $json.model }}',
						prompt: '={{ $json.prompt }}',
						duration: '={{ $json.duration }}',
					}),
					{ items: itemsOf(...wanted) },
				);
				expect(shown(result)).toBe('');
				expect(result.items.map(({ json }) => json.source)).toEqual(
					wanted.map(({ model }) => model),
				);
				expect(
					simulator.submits().map(({ path, json }) => [path, (json as IDataObject).duration]),
				).toEqual(
					expect.arrayContaining(
						wanted.map(({ model, duration }) => [`/openapi/v2/${model}`, String(duration)]),
					),
				);
			},
			{ defaultTaskScript: IMMEDIATE },
		);
	});
});

describe('Submit', () => {
	test.concurrent('goes on at once with the task id', async () => {
		await inLab(
			async ({ simulator, run }) => {
				const result = await run(submit());
				expectTaskShape(jsonOf(result));
				expect(jsonOf(result)).toStrictEqual({
					taskId: simulator.tasks[0]?.taskId,
					status: 'RUNNING',
					source: 'vidu/image-to-video-q2-turbo',
					url: null,
					text: null,
					results: [],
					usage: { coins: null, money: null, thirdPartyMoney: null, seconds: null },
					error: null,
				});
				expect(simulator.requests).toHaveLength(1);
				expect(result.log.join('\n')).toContain(String(jsonOf(result).taskId));
			},
			{ defaultTaskScript: { end: { kind: 'never' } } },
		);
	});

	test.concurrent('gives the result if the answer already holds it', async () => {
		await inLab(
			async ({ run }) => {
				const result = await run(submit());
				expect(jsonOf(result)).toMatchObject({ status: 'SUCCESS', error: null });
				expect(jsonOf(result).url).toMatch(/\.mp4\?/);
			},
			{ defaultTaskScript: IMMEDIATE },
		);
	});
});

test.concurrent('the finished item has exactly the shape that is promised', async () => {
	await inLab(async ({ simulator, run }) => {
		const result = await run(submitAndWait());
		const made = simulator.tasks[0];
		const url = made?.results[0]?.url;
		expect(jsonOf(result)).toStrictEqual({
			taskId: made?.taskId,
			status: 'SUCCESS',
			source: 'vidu/image-to-video-q2-turbo',
			url,
			text: null,
			results: [{ url, type: 'mp4', mimeType: 'video/mp4', text: null, nodeId: '9' }],
			usage: { coins: null, money: null, thirdPartyMoney: made?.cost, seconds: 0 },
			error: null,
		});
		expect(result.items[0]?.pairedItem).toEqual({ item: 0 });
		expect(result.recorded).toHaveLength(1);
	});
});

describe('media', () => {
	test.concurrent('a data: URI is uploaded first, and the model gets the address', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(submitAndWait({ imageUrl: PNG }));
			expect(shown(result)).toBe('');
			expect(simulator.requests.map(({ path }) => path)).toEqual([
				'/openapi/v2/media/upload/binary',
				'/openapi/v2/vidu/image-to-video-q2-turbo',
				'/openapi/v2/query',
			]);
			expect(simulator.uploads).toMatchObject([
				{ contentType: 'image/png', extension: 'png', size: 70 },
			]);
			expect(simulator.submits()[0]?.json).toMatchObject({ imageUrl: simulator.uploads[0]?.url });
		});
	});

	test.concurrent('a list keeps its order, whichever way it is given', async () => {
		await inLab(
			async ({ simulator, run }) => {
				const lists = [
					`${IMAGE}, ${LAST_IMAGE}`,
					`${IMAGE}\n${LAST_IMAGE}\n`,
					`={{ ["${IMAGE}", "${LAST_IMAGE}"] }}`,
				];
				for (const imageUrls of lists) {
					expect(shown(await run(form('referenceToVideo', { imageUrls })))).toBe('');
				}
				expect(
					simulator.submits().map(({ json }) => (json as IDataObject).imageUrls),
				).toStrictEqual(lists.map(() => [IMAGE, LAST_IMAGE]));
			},
			{ defaultTaskScript: IMMEDIATE },
		);
	});

	test.concurrent('a list mixes addresses and data: URIs', async () => {
		await inLab(
			async ({ simulator, run }) => {
				const imageUrls = `${IMAGE}, ${PNG}, ${LAST_IMAGE}`;
				expect(shown(await run(form('referenceToVideo', { imageUrls })))).toBe('');
				expect((simulator.submits()[0]?.json as IDataObject).imageUrls).toStrictEqual([
					IMAGE,
					simulator.uploads[0]?.url,
					LAST_IMAGE,
				]);
			},
			{ defaultTaskScript: IMMEDIATE },
		);
	});

	test.concurrent('an upload that is refused leaves nothing paid', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.switches.uploadMaxBytes = 10;
			const result = await run(submitAndWait({ imageUrl: PNG }));
			expect(shown(result)).toMatch(
				/^The file input.png could not be uploaded: The file is too large for RunningHub/,
			);
			expect(simulator.submits()).toEqual([]);
		});
	});

	test.concurrent('an upload works with the other spelling of its answer', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.switches.uploadFileNameKey = 'filename';
			simulator.switches.successCode = 200;
			expect(shown(await run(submitAndWait({ imageUrl: PNG })))).toBe('');
		});
	});

	const eightImages = Array.from({ length: 8 }, (_, index) => `https://a.example/${index}.jpg`);
	const HOW_TO =
		'give an address that starts with https:// or http://, a data: URI of an image, or the name of a binary field.';
	const READ_IT_FIRST =
		'get the file with an HTTP Request or Read/Write Files node first, and give the name of its binary field instead.';

	test.concurrent.each<[string, INodeParameters, string]>([
		[
			'a local path',
			submitAndWait({ imageUrl: '/home/me/fox.jpg' }),
			`Image is "/home/me/fox.jpg", a file that RunningHub cannot reach; ${READ_IT_FIRST}`,
		],
		[
			'a local path of Windows',
			submitAndWait({ imageUrl: 'C:\\pictures\\fox.jpg' }),
			`Image is "C:\\pictures\\fox.jpg", a file that RunningHub cannot reach; ${READ_IT_FIRST}`,
		],
		[
			'a binary field that is not there',
			submitAndWait({ imageUrl: 'data' }),
			`Image is "data", but there is no binary field of that name: this item has no files; ${HOW_TO}`,
		],
		[
			'an address that is not of the web',
			submitAndWait({ imageUrl: 'ftp://a.example/fox.jpg' }),
			'Image is "ftp://a.example/fox.jpg", which RunningHub cannot open; get the file with n8n’s FTP node, and give the name of its binary field.',
		],
		[
			'a file type that the model does not take',
			submitAndWait({ imageUrl: 'https://a.example/fox.gif' }),
			'Image is a .gif file; Vidu Q2 Turbo takes jpg, png.',
		],
		[
			'a video where a picture belongs',
			submitAndWait({ imageUrl: 'https://a.example/fox.mp4' }),
			'Image is a .mp4 file; Vidu Q2 Turbo takes jpg, png.',
		],
		[
			'text in a data: URI',
			submitAndWait({ imageUrl: 'data:text/plain,hello' }),
			'Image is a data: URI of type "text/plain"; Vidu Q2 Turbo takes an image (jpg, png).',
		],
		[
			'two where one belongs',
			submitAndWait({ imageUrl: `${IMAGE}, ${LAST_IMAGE}` }),
			'Image has 2 entries; Vidu Q2 Turbo takes at most 1.',
		],
		[
			'too many',
			form('referenceToVideo', { imageUrls: eightImages.join(',') }),
			'Reference Images has 8 entries; Vidu Q2 Pro takes at most 7.',
		],
	])('refuses %s before anything is sent', async (_, parameters, sentence) => {
		await inLab(async ({ simulator, run }) => {
			expect(shown(await run(parameters))).toBe(`${sentence} | ${NOTHING_PAID}`);
			expect(simulator.requests).toEqual([]);
		});
	});
});

describe('several items of which some are invalid', () => {
	const items = itemsOf(
		{ prompt: 'good' },
		{ prompt: '' },
		{ prompt: 'good too' },
		{ prompt: 'x'.repeat(4001) },
	);
	const parameters = submitAndWait({ prompt: '={{ $json.prompt }}', imageUrl: PNG });

	test.concurrent('without Continue On Fail nothing at all is sent', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(parameters, { items });
			expect(shown(result)).toMatch(/^Prompt is empty, but Vidu Q2 Turbo needs it\./);
			expect(result.error).toMatchObject({ context: { itemIndex: 1 } });
			expect(simulator.requests).toEqual([]);
		});
	});

	test.concurrent('with it the valid ones are made', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(parameters, { items, ...CONTINUE });
			for (const { json } of result.items) expectTaskShape(json);
			expect(result.items.map(({ json }) => json.status)).toEqual([
				'SUCCESS',
				'FAILED',
				'SUCCESS',
				'FAILED',
			]);
			expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2, 3].map((item) => ({ item })),
			);
			expect(errorOf(jsonOf(result, 3))).toEqual({
				code: null,
				kind: 'validation',
				message: 'Prompt is 4,001 characters long; Vidu Q2 Turbo takes at most 4,000.',
			});
			expect(jsonOf(result, 3).taskId).toBeNull();
			expect(simulator.submits()).toHaveLength(2);
		});
	});
});
