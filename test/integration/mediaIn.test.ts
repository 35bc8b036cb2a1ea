import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { storeBinary } from './harness';
import { CONTINUE, inLab, PNG, submit, type Lab } from './support';

const PIXEL = PNG.split(',')[1] ?? '';

/** An item with a picture in each of the named binary fields. */
const withPictures = (fields: string[], json: IDataObject = {}): INodeExecutionData => ({
	json,
	binary: Object.fromEntries(
		fields.map((field) => [
			field,
			{ data: PIXEL, mimeType: 'image/png', fileName: `${field}.png`, fileExtension: 'png' },
		]),
	),
});

const submitted = ({ simulator }: Lab) => simulator.tasks.map(({ body }) => body);
const references = (imageUrls: string) =>
	submit({
		mode: 'referenceToVideo',
		model: 'vidu/reference-to-video-q2',
		imageUrls,
	});

describe('a binary field', () => {
	test.concurrent('is uploaded as it is, and the model gets its address', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(submit({ imageUrl: 'data' }), { items: [withPictures(['data'])] });
			expect(run.error).toBeUndefined();
			const [upload] = lab.simulator.uploads;
			expect(upload).toMatchObject({
				originalName: 'data.png',
				contentType: 'image/png',
				size: Buffer.from(PIXEL, 'base64').length,
			});
			expect(submitted(lab)).toMatchObject([{ imageUrl: upload?.url }]);
		});
	});

	test.concurrent('given by an expression is the same field', async () => {
		await inLab(async (lab) => {
			await lab.run(submit({ imageUrl: '={{ $binary.photo }}' }), {
				items: [withPictures(['photo'])],
			});
			expect(submitted(lab)).toMatchObject([{ imageUrl: lab.simulator.uploads[0]?.url }]);
		});
	});

	test.concurrent.each(['photo', '_files.photo'])(
		'is found where the workflow combines JSON and files: %s',
		async (imageUrl) => {
			await inLab(async (lab) => {
				const photo = { data: PIXEL, mimeType: 'image/png', fileName: 'a.png' };
				const items = [{ json: { _files: { photo } } }];
				const { error } = await lab.run(submit({ imageUrl }), { items });
				expect(error).toBeUndefined();
				expect(submitted(lab)).toMatchObject([{ imageUrl: lab.simulator.uploads[0]?.url }]);
			});
		},
	);

	test.concurrent('can stand in a list with addresses and other fields, in any order', async () => {
		await inLab(async (lab) => {
			const url = 'https://pictures.example/a.png';
			const run = await lab.run(references(`second, ${url}, first`), {
				items: [withPictures(['first', 'second'])],
			});
			expect(run.error).toBeUndefined();
			const byName = (name: string) =>
				lab.simulator.uploads.find(({ originalName }) => originalName === name)?.url;
			expect(submitted(lab)).toMatchObject([
				{ imageUrls: [byName('second.png'), url, byName('first.png')] },
			]);
		});
	});

	test.concurrent('that several items and fields share is uploaded once', async () => {
		await inLab(async (lab) => {
			// One file in n8n's storage, in all items and fields, as a Merge or a loop makes it.
			const file = await storeBinary(Buffer.from(PIXEL, 'base64'), {
				mimeType: 'image/png',
				fileName: 'logo.png',
			});
			const items = Array.from({ length: 3 }, () => ({
				json: {},
				binary: { data: file, again: file },
			}));
			const run = await lab.run(references('data, again'), { items });
			expect(run.error).toBeUndefined();
			expect(lab.simulator.uploads).toHaveLength(1);
			const [upload] = lab.simulator.uploads;
			expect(submitted(lab).map(({ imageUrls }) => imageUrls)).toEqual(
				Array(3).fill([upload?.url, upload?.url]),
			);
		});
	});

	test.concurrent.each([1, 2])(
		'whose upload fails %d times is tried again: it costs nothing',
		async (times) => {
			await inLab(async (lab) => {
				lab.simulator.addFault({
					kind: 'http',
					status: 503,
					times,
					match: { path: '/openapi/v2/media/upload' },
				});
				const run = await lab.run(submit({ imageUrl: 'data' }), {
					items: [withPictures(['data'])],
				});
				expect(run.error).toBeUndefined();
				expect(lab.simulator.tasks).toHaveLength(1);
			});
		},
	);

	test.concurrent('whose upload is refused is an error before anything is paid', async () => {
		await inLab(async (lab) => {
			lab.simulator.addFault({
				kind: 'e1',
				code: 809,
				msg: 'APIKEY_FILE_SIZE_EXCEEDED',
				times: 'always',
				match: { path: '/openapi/v2/media/upload' },
			});
			const run = await lab.run(submit({ imageUrl: 'data' }), { items: [withPictures(['data'])] });
			expect(run.error?.message).toContain('The file data.png could not be uploaded');
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	test.concurrent.each<[string, INodeExecutionData, RegExp]>([
		['has another name', withPictures(['photo', 'logo']), /"data".*photo and logo/],
		['is not there at all', { json: {} }, /"data".*no binary/i],
		[
			'is of a type that the model refuses',
			{ json: {}, binary: { data: { data: PIXEL, mimeType: 'image/gif', fileName: 'a.gif' } } },
			/Image.*gif.*jpg, png/,
		],
	])('that %s is refused with a sentence, and nothing is sent', async (_, item, sentence) => {
		await inLab(async (lab) => {
			const run = await lab.run(submit({ imageUrl: 'data' }), { items: [item] });
			expect(run.error?.message).toMatch(sentence);
			expect(lab.simulator.requests).toEqual([]);
		});
	});

	test.concurrent('that is wrong takes nothing from the other items', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(submit({ imageUrl: 'data' }), {
				items: [withPictures(['data']), withPictures(['other']), withPictures(['data'])],
				...CONTINUE,
			});
			expect(lab.simulator.tasks).toHaveLength(2);
			expect(run.items.map(({ json }) => json.taskId === null)).toEqual([false, true, false]);
		});
	});
});

test.concurrent('a file too large for the model is refused before it is uploaded', async () => {
	await inLab(async (lab) => {
		const file = await storeBinary(Buffer.alloc(51 * 1_048_576), {
			mimeType: 'image/png',
			fileName: 'huge.png',
		});
		const run = await lab.run(submit({ imageUrl: 'data' }), {
			items: [{ json: {}, binary: { data: file } }],
		});
		expect(run.error?.message).toMatch(/Image is 51 MB; .* at most 50 MB/);
		expect(lab.simulator.requests).toEqual([]);
	});
});

const HEIC = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1').toString('base64');
const AVIF = Buffer.from('\0\0\0\x18ftypavif\0\0\0\0mif1avif', 'latin1').toString('base64');

/** An item whose third field is to be found unfit. */
const withBinary = (data: string, mimeType: string, fileName = 'photo'): INodeExecutionData => ({
	json: { image: 'photo' },
	binary: { photo: { data, mimeType, fileName } },
});
const withText = (image: string): INodeExecutionData => ({ json: { image } });
const ADDRESS = 'https://pictures.example/a.jpg';

describe('a file that cannot be taken, behind two items that can', () => {
	const stored = async (bytes: Buffer, mimeType: string): Promise<INodeExecutionData> => ({
		json: { image: 'photo' },
		binary: { photo: await storeBinary(bytes, { mimeType, fileName: 'photo' }) },
	});
	const BAD: Array<[string, () => INodeExecutionData | Promise<INodeExecutionData>, RegExp]> = [
		['of no bytes', () => withBinary('', 'image/png'), /"photo"\) is an empty file/],
		[
			'of no bytes in n8n’s storage',
			async () => await stored(Buffer.alloc(0), 'image/png'),
			/"photo"\) is an empty file/,
		],
		['of type image/heic', () => withBinary('QUJD', 'image/heic'), /Image is a \.heic file/],
		[
			'HEIC as a data: URI',
			() => withText('data:image/heic;base64,QUJD'),
			/Image is a \.heic file/,
		],
		['HEIC by its first bytes', () => withBinary(HEIC, 'image/jpeg', 'a.jpg'), /is a HEIC picture/],
		[
			'AVIF by its first bytes, in n8n’s storage',
			async () => await stored(Buffer.from(AVIF, 'base64'), 'binary/octet-stream'),
			/is an AVIF picture/,
		],
		[
			'an error page',
			() => withBinary(Buffer.from('<!doctype html>').toString('base64'), 'image/png', 'a.png'),
			/is a web page, not a file/,
		],
		['base64 of nobody knows what', () => withText(PIXEL), /put data:image\/png;base64, before it/],
	];

	test.concurrent.each(BAD)(
		'%s: nothing is paid where an error stops',
		async (_, item, sentence) => {
			await inLab(async ({ simulator, run }) => {
				const items = [withText(ADDRESS), withText(ADDRESS), await item()];
				const result = await run(submit({ imageUrl: '={{ $json.image }}' }), { items });
				expect(result.error?.message).toMatch(sentence);
				expect(result.error).toMatchObject({ context: { itemIndex: 2 } });
				expect(simulator.requests).toEqual([]);
			});
		},
	);

	test.concurrent.each(BAD)(
		'%s: it alone is an error where the run goes on',
		async (_, item, sentence) => {
			await inLab(async ({ simulator, run }) => {
				const items = [withText(ADDRESS), await item(), withText(ADDRESS)];
				const result = await run(submit({ imageUrl: '={{ $json.image }}' }), {
					items,
					...CONTINUE,
				});
				const errors = result.items.map(({ json }) => json.error as IDataObject | null);
				expect(errors.map((error) => error === null)).toEqual([true, false, true]);
				expect(errors[1]?.message).toMatch(sentence);
				expect(simulator.tasks).toHaveLength(2);
			});
		},
	);
});

describe('a binary field whose type says nothing', () => {
	test.concurrent.each([
		['binary/octet-stream', 'photo'],
		['application/octet-stream', 'photo'],
		['text/plain', 'photo'],
		['binary/octet-stream', 'photo.PNG'],
	])('(%s, %s) is known by its name or its first bytes', async (mimeType, fileName) => {
		await inLab(async ({ simulator, run }) => {
			const { error } = await run(submit({ imageUrl: 'photo' }), {
				items: [withBinary(PIXEL, mimeType, fileName)],
			});
			expect(error).toBeUndefined();
			expect(simulator.uploads).toMatchObject([{ contentType: 'image/png', extension: 'png' }]);
		});
	});

	test.concurrent('is read from n8n’s storage without loading it', async () => {
		await inLab(async ({ simulator, run }) => {
			const bytes = Buffer.concat([Buffer.from(PIXEL, 'base64'), Buffer.alloc(2 * 1_048_576)]);
			const photo = await storeBinary(bytes, {
				mimeType: 'binary/octet-stream',
				fileName: 'photo',
			});
			const items = [{ json: {}, binary: { photo } }];
			expect((await run(submit({ imageUrl: 'photo' }), { items })).error).toBeUndefined();
			expect(simulator.uploads).toMatchObject([{ contentType: 'image/png', size: bytes.length }]);
		});
	});
});

test.concurrent(
	'the same bytes under two names are two uploads, and each error names its own',
	async () => {
		await inLab(async ({ simulator, run }) => {
			const item = (fileName: string): INodeExecutionData => ({
				json: {},
				binary: { data: { data: PIXEL, mimeType: 'image/png', fileName } },
			});
			const items = [item('scan.bad'), item('scan.png')];
			const result = await run(submit({ imageUrl: 'data' }), { items, ...CONTINUE });
			const errors = result.items.map(({ json }) => json.error as IDataObject | null);
			expect(errors[0]?.message).toContain('The file scan.bad could not be uploaded');
			expect(errors[1]).toBeNull();
			expect(simulator.uploads).toMatchObject([{ originalName: 'scan.png' }]);
		});
	},
);

test.concurrent(
	'a text and a picture in data: URIs of the same payload are told apart',
	async () => {
		await inLab(async ({ simulator, run }) => {
			const items = ['data:image/png,QUJDRA', 'data:image/png;base64,QUJDRA'].map(withText);
			await run(submit({ imageUrl: '={{ $json.image }}' }), { items, ...CONTINUE });
			expect(simulator.uploads.map(({ size }) => size).sort()).toEqual([4, 6]);
		});
	},
);

test.concurrent('addresses are sent as a server reads them', async () => {
	await inLab(async (lab) => {
		const list = [
			'https://res.cloudinary.com/demo/image/upload/c_fill,w_400,h_300/sample.jpg',
			'https://a.example/a.jpg?x-oss-process=image/resize,w_800',
			'https://a.example/产品 图.png',
		];
		const run = await lab.run(references(list.join('，')));
		expect(run.error).toBeUndefined();
		expect(submitted(lab)).toMatchObject([
			{
				imageUrls: [list[0], list[1], 'https://a.example/%E4%BA%A7%E5%93%81%20%E5%9B%BE.png'],
			},
		]);
	});
});
