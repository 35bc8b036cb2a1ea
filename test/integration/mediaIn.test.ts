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
		expect(run.error?.message).toMatch(/Image is 51.0 MB; .* at most 50 MB/);
		expect(lab.simulator.requests).toEqual([]);
	});
});
