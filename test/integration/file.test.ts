import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { IBinaryData, IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { Switches } from '../simulator';
import { storeBinary } from './harness';
import { CONTINUE, errorOf, inLab, itemsOf, jsonOf, KEY, PNG, shown } from './support';

jest.setTimeout(60_000);

const PIXEL = PNG.split(',')[1] ?? '';
const PIXEL_BYTES = Buffer.from(PIXEL, 'base64');
const OLD = '/task/openapi/upload';
const NEW = '/openapi/v2/media/upload/binary';
const LORA = '/api/openapi/getLoraUploadUrl';

const upload = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'file',
	operation: 'upload',
	...more,
});
const older = (more: INodeParameters = {}) => upload({ options: { olderUpload: true }, ...more });
const lora = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'file',
	operation: 'uploadLora',
	loraName: 'paper cut',
	...more,
});

const item = (
	binary: Record<string, Partial<IBinaryData>>,
	json: IDataObject = {},
): INodeExecutionData => ({
	json,
	binary: Object.fromEntries(
		Object.entries(binary).map(([field, data]) => [
			field,
			{ data: PIXEL, mimeType: 'image/png', fileName: `${field}.png`, ...data },
		]),
	),
});
const picture = item({ data: {} });
const PNG_FILE = { mimeType: 'image/png', fileName: 'same.png' };

/** A file that nobody holds in memory: the same piece again and again. */
async function stored(pieces: number, fileName: string, fill = 7): Promise<INodeExecutionData> {
	const piece = Buffer.alloc(1024 * 1024, fill);
	const content = Readable.from(
		(function* () {
			for (let index = 0; index < pieces; index++) yield piece;
		})(),
	);
	return { json: {}, binary: { data: await storeBinary(content, { fileName }) } };
}

describe('Upload', () => {
	test.concurrent('gives both values, and what they are the values of', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(upload(), { items: [picture] });
			expect(shown(result)).toBe('');
			const [kept] = simulator.uploads;
			expect(jsonOf(result)).toEqual({
				fileName: kept?.fileName,
				url: kept?.url,
				type: 'image',
				mimeType: 'image/png',
				sizeBytes: PIXEL_BYTES.length,
				originalName: 'data.png',
			});
			expect(kept?.fileName).toMatch(/^openapi\/[0-9a-f]+\.png$/);
			expect(result.items[0]?.pairedItem).toEqual({ item: 0 });
			expect(simulator.requests.map(({ path }) => path)).toEqual([NEW]);
		});
	});

	test.concurrent('the URL is one for models', async () => {
		await inLab(async ({ simulator, run }) => {
			const { url } = jsonOf(await run(upload(), { items: [picture] }));
			const fetched = await fetch(String(url));
			expect(Buffer.from(await fetched.arrayBuffer())).toEqual(PIXEL_BYTES);
			expect(simulator.leaks()).toEqual([]);
		});
	});

	test.concurrent.each([
		['of another name', 'photo', item({ data: {}, photo: {} }), 'photo.png'],
		['by an expression', '={{ $binary.photo }}', item({ photo: {} }), 'photo.png'],
		['as a data: URI', PNG, { json: {} }, 'input.png'],
		['without a name', 'data', item({ data: { fileName: undefined } }), 'data.png'],
		['without an extension', 'data', item({ data: { fileName: 'fox' } }), 'fox.png'],
	])('takes a file %s', async (_, binaryPropertyName, given, originalName) => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(upload({ binaryPropertyName }), { items: [given] });
			expect(shown(result)).toBe('');
			expect(simulator.uploads).toMatchObject([{ originalName, size: PIXEL_BYTES.length }]);
		});
	});

	test.concurrent(
		'sends the same file of many items once, and pairs each with its own',
		async () => {
			await inLab(async ({ simulator, run }) => {
				const other = Buffer.from('another picture').toString('base64');
				const same = { json: {}, binary: { data: await storeBinary(PIXEL_BYTES, PNG_FILE) } };
				const items = [same, item({ data: { data: other } }), same];
				const result = await run(upload(), { items });
				expect(simulator.uploads).toHaveLength(2);
				expect(result.items.map(({ json }) => json.sizeBytes)).toEqual([
					PIXEL_BYTES.length,
					'another picture'.length,
					PIXEL_BYTES.length,
				]);
				expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual(
					[0, 1, 2].map((index) => ({ item: index })),
				);
			});
		},
	);

	test.concurrent.each<[string, string, INodeExecutionData, string]>([
		[
			'a field that the item has not',
			'photo',
			picture,
			'Input Binary Field is "photo", but the item has no binary field with that name: it has data.',
		],
		[
			'an item without files',
			'data',
			{ json: {} },
			'Input Binary Field is "data", but the item has no binary field with that name: it has no files.',
		],
		['nothing', '={{ "" }}', picture, 'Input Binary Field is empty.'],
		[
			'two fields',
			'data, photo',
			item({ data: {}, photo: {} }),
			'Input Binary Field names 2 files, but each item can upload only one.',
		],
		[
			'an address',
			'https://a.example/x.png?sig=private',
			picture,
			'Input Binary Field is a URL, which RunningHub does not download: download the file with an HTTP Request node first.',
		],
		[
			'a path',
			'/home/me/x.png',
			picture,
			'Input Binary Field is "/home/me/x.png", a file that RunningHub cannot reach; get the file with an HTTP Request or Read/Write Files node first, and give the name of its binary field instead.',
		],
	])('refuses %s before anything is sent', async (_, binaryPropertyName, given, sentence) => {
		await inLab(async ({ simulator, run }) => {
			for (const parameters of [upload({ binaryPropertyName }), lora({ binaryPropertyName })]) {
				const { error } = await run(parameters, { items: [given] });
				expect(error?.message).toBe(sentence);
			}
			expect(simulator.requests).toEqual([]);
		});
	});

	test.concurrent('an empty file is not sent', async () => {
		await inLab(async ({ simulator, run }) => {
			const empty: INodeExecutionData = {
				json: {},
				binary: { data: await storeBinary(Buffer.alloc(0), { fileName: 'a.png' }) },
			};
			const uploaded = await run(upload(), { items: [empty] });
			expect(uploaded.error?.message).toBe('The file a.png could not be uploaded: It is empty.');
			const sent = await run(lora(), { items: [empty] });
			expect(sent.error?.message).toBe('The LoRA paper cut could not be uploaded: It is empty.');
			expect(simulator.requests).toEqual([]);
		});
	});

	test.concurrent(
		'a failure that passes is tried again, since an upload costs nothing',
		async () => {
			await inLab(async ({ simulator, run }) => {
				simulator.addFault({ kind: 'dropBefore', match: { path: NEW } });
				const result = await run(upload(), { items: [picture] });
				expect(shown(result)).toBe('');
				expect(simulator.uploads).toHaveLength(1);
				expect(simulator.requests).toHaveLength(2);
			});
		},
	);

	test.concurrent('what RunningHub does not take is told with its name and the types', async () => {
		await inLab(async ({ run }) => {
			const items = [item({ data: { fileName: 'notes.pdf', mimeType: 'application/pdf' } })];
			const kept = await run(upload(), { items: [...items, picture], ...CONTINUE });
			expect(errorOf(jsonOf(kept)).message).toBe(
				'The file notes.pdf could not be uploaded: RunningHub could not store the uploaded file.',
			);
			expect(jsonOf(kept, 1)).toMatchObject({ type: 'image' });
			const stopped = await run(upload(), { items });
			expect(shown(stopped)).toMatch(/PNG.*MP4.*ZIP/);
		});
	});
});

describe('Upload by the older call', () => {
	test.concurrent('gives a fileName and no URL, with the key in the form', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(older(), { items: [picture] });
			expect(shown(result)).toBe('');
			expect(jsonOf(result)).toEqual({
				fileName: simulator.uploads[0]?.fileName,
				url: null,
				type: 'image',
				mimeType: 'image/png',
				sizeBytes: PIXEL_BYTES.length,
				originalName: 'data.png',
			});
			expect(simulator.uploads[0]?.fileName).toMatch(/^api\//);
			const [request] = simulator.requests;
			expect(request?.path).toBe(OLD);
			expect(request?.parts?.map(({ name, value }) => [name, value])).toEqual([
				['file', undefined],
				['fileType', 'input'],
				['apiKey', KEY],
			]);
		});
	});

	test.concurrent('refuses more than 30 MB before it sends a byte', async () => {
		await inLab(async ({ simulator, run }) => {
			const large = await stored(31, 'large.mp4');
			const result = await run(older(), { items: [large] });
			expect(shown(result)).toBe(
				'The file large.mp4 could not be uploaded: It has 31 MB, and the older upload takes at most 30 MB. | Nothing was sent. Turn off the Use Older Upload option.',
			);
			expect(simulator.requests).toEqual([]);
			const byTheNew = await run(upload(), { items: [large] });
			expect(jsonOf(byTheNew)).toMatchObject({ type: 'video', sizeBytes: 31 * 1024 * 1024 });
		});
	});

	test.concurrent('is a choice of each item', async () => {
		await inLab(async ({ simulator, run }) => {
			await run(upload({ options: { olderUpload: '={{ $json.older }}' } }), {
				items: [item({ data: {} }, { older: true }), item({ data: {} }, { older: false })],
			});
			expect(simulator.requests.map(({ path }) => path).sort()).toEqual([NEW, OLD]);
		});
	});
});

describe('Upload LoRA', () => {
	const weights = Buffer.from('weights of a paper cut');
	const md5 = createHash('md5').update(weights).digest('hex');
	const file = (fileName = 'cut.safetensors'): INodeExecutionData => ({
		json: {},
		binary: {
			data: {
				data: weights.toString('base64'),
				mimeType: 'application/octet-stream',
				fileName,
			},
		},
	});

	test.concurrent('gives the name for RHLoraLoader, and sends bytes without the key', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(lora(), { items: [file()] });
			expect(shown(result)).toBe('');
			const fileName = `api-lora-cn/${md5}.safetensors`;
			expect(jsonOf(result)).toEqual({
				loraName: 'paper cut',
				fileName,
				md5,
				sizeBytes: weights.length,
				alreadyThere: false,
			});
			expect(simulator.loras).toEqual([{ fileName, name: 'paper cut', md5, size: weights.length }]);
			const [ask, put] = simulator.requests;
			expect(ask).toMatchObject({
				path: LORA,
				json: { loraName: 'paper cut', md5Hex: md5, apiKey: KEY },
			});
			expect(put).toMatchObject({ origin: 'files', method: 'PUT', status: 200 });
			expect(put?.headers).toMatchObject({
				'content-type': 'application/octet-stream',
				'content-length': String(weights.length),
			});
			expect(simulator.leaks()).toEqual([]);
		});
	});

	test.concurrent.each<Switches['loraUrlWhenPresent']>(['missing', 'null'])(
		'what RunningHub has already is not sent again, where its answer has the address %s',
		async (loraUrlWhenPresent) => {
			await inLab(async ({ simulator, run }) => {
				simulator.switches.loraUrlWhenPresent = loraUrlWhenPresent;
				const result = await run(lora(), { items: [file(), file('same.safetensors')] });
				expect(result.items.map(({ json }) => json.alreadyThere)).toEqual([false, true]);
				expect(jsonOf(result, 1).fileName).toBe(jsonOf(result).fileName);
				expect(simulator.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
			});
		},
	);

	test.concurrent('a file that nobody holds in memory arrives whole', async () => {
		await inLab(async ({ simulator, run }) => {
			const large = await stored(40, 'large.safetensors');
			const result = await run(lora(), { items: [large] });
			expect(shown(result)).toBe('');
			expect(simulator.loras).toMatchObject([{ size: 40 * 1024 * 1024, md5: jsonOf(result).md5 }]);
		});
	});

	test.concurrent('a broken connection or an address that has expired is tried again', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({ kind: 'dropBefore', match: { method: 'PUT' } });
			simulator.addFault({ kind: 'http', status: 403, match: { method: 'PUT' } });
			const result = await run(lora(), { items: [file()] });
			expect(shown(result)).toBe('');
			expect(simulator.loras).toHaveLength(1);
			const addresses = simulator.requests
				.filter(({ method }) => method === 'PUT')
				.map(({ query }) => query.sig);
			expect(new Set(addresses).size).toBe(3);
		});
	});

	test.concurrent('a storage that goes on refusing is an error without its address', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({ kind: 'http', status: 500, times: 'always', match: { method: 'PUT' } });
			const result = await run(lora(), { items: [file()] });
			expect(result.error?.message).toBe(
				'The LoRA paper cut could not be uploaded: RunningHub’s file storage answered with HTTP 500.',
			);
			expect(shown(result)).not.toMatch(/sig=|https?:/);
		});
	});

	test.concurrent('a redirect of the storage is not followed', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({
				kind: 'redirect',
				status: 307,
				url: `${simulator.baseUrl}/elsewhere`,
				times: 'always',
				match: { method: 'PUT' },
			});
			const result = await run(lora(), { items: [file()] });
			expect(shown(result)).toMatch(/HTTP 307/);
			expect(simulator.requests.some(({ path }) => path === '/elsewhere')).toBe(false);
		});
	});

	test.concurrent('needs a name', async () => {
		await inLab(async ({ simulator, run }) => {
			const { error } = await run(lora({ loraName: '={{ $json.name }}' }), {
				items: itemsOf({ name: ' ' }),
			});
			expect(error?.message).toBe(
				'LoRA Name is empty; enter the name that RunningHub should show.',
			);
			expect(simulator.requests).toEqual([]);
		});
	});
});
