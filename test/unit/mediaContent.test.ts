import { checkMedia } from '../../catalogue/mediaContent';
import type { Model, Param } from '../../catalogue/model';
import { readInput } from '../../catalogue/wireFormat';
import { createFileCheck } from '../../runninghub/files/fileCheck';
import type { BinaryFile } from '../../runninghub/files/media';
import { uploadFile } from '../support/uploadFile';

/** What only the bytes of a file tell, held against what a model takes. */

const PNG = '\x89PNG\r\n\x1a\n';
const JPG = '\xff\xd8\xff\xe0';
const HEIC = '\0\0\0\x18ftypheic\0\0\0\0mif1heic';
const MP4 = '\0\0\0\x18ftypisom\0\0\0\0isomavc1';
const QUICKTIME = '\0\0\0\x14ftypqt  \0\0\0\0qt  ';
const WEBP = 'RIFF\x24\0\0\0WEBPVP8 ';
const PAGE = '<!DOCTYPE html><html>';

const modelWith = (param: Partial<Param>): Model => ({
	endpoint: 'a/b',
	name: 'Fox 1',
	family: 'fox',
	task: 'image-to-video',
	output: 'video',
	status: 'listed',
	paramsKnown: true,
	params: [{ key: 'imageUrl', type: 'image', required: true, ...param }],
	conditions: [],
	aliases: [],
});

const PICTURE = modelWith({ accept: ['jpg', 'png'] });
const CLIP = modelWith({ key: 'videoUrl', type: 'video', accept: ['mp4'] });
const SOUND = modelWith({ key: 'audioUrl', type: 'audio', accept: ['mp3', 'm4a'] });

const noUrl = async (): Promise<never> => {
	throw new Error('no address is opened for a model');
};

const checkOf = (allowPrivateHosts = false) =>
	createFileCheck({ allowPrivateHosts, openUrl: noUrl }, true);

async function problem(
	model: Model,
	given: string,
	{ bytes = '', fileName = 'photo', mimeType = 'binary/octet-stream' } = {},
	check = checkOf(),
): Promise<string> {
	const file: BinaryFile = {
		id: fileName,
		...uploadFile(Buffer.from(bytes, 'latin1'), fileName, mimeType),
		sizeBytes: undefined,
	};
	const key = model.params[0]?.key ?? '';
	const input = readInput(model, { [key]: given }, new Map([['data', file]]));
	return await checkMedia(input, model.name, check).then(
		() => 'taken',
		(error: Error) => error.message,
	);
}

it.each([
	['a picture', PICTURE, PNG],
	['a picture', PICTURE, JPG],
	['a clip', CLIP, MP4],
	['a clip under the other name of its container', CLIP, QUICKTIME],
	['sound in the container of clips', SOUND, MP4],
	['what nobody can tell', PICTURE, 'a fox'],
])('%s whose type says nothing is taken by its first bytes', async (_, model, bytes) => {
	expect(await problem(model, 'data', { bytes })).toBe('taken');
});

it.each([
	['HEIC', HEIC, 'Image ("data") is a HEIC picture, which RunningHub does not take: convert it'],
	['a page', PAGE, 'Image ("data") is a web page, not a file.'],
	['a clip', MP4, 'Image ("data") holds a .mp4 file; Fox 1 takes an image (jpg, png).'],
	['another picture', WEBP, 'Image ("data") is a .webp file; Fox 1 takes jpg, png.'],
	['nothing', '', 'Image ("data") is an empty file; look at what the node before gives out.'],
])('%s behind a type that says nothing is refused', async (_, bytes, sentence) => {
	expect(await problem(PICTURE, 'data', { bytes })).toContain(sentence);
});

it.each([
	['HEIC', HEIC, /HEIC picture/],
	['a page', PAGE, /a web page/],
	['a clip', MP4, /holds a \.mp4 file/],
	['nothing', '', /is an empty file/],
])('%s that calls itself image/jpeg is refused as well', async (_, bytes, sentence) => {
	const file = { bytes, fileName: 'IMG_1.jpg', mimeType: 'image/jpeg' };
	expect(await problem(PICTURE, 'data', file)).toMatch(sentence);
});

it('a picture that calls itself another kind of picture is left to RunningHub', async () => {
	const file = { bytes: WEBP, fileName: 'a.jpg', mimeType: 'image/jpeg' };
	expect(await problem(PICTURE, 'data', file)).toBe('taken');
});

it('HEIC is taken where the model takes it', async () => {
	const model = modelWith({ accept: ['jpg', 'heic'] });
	expect(await problem(model, 'data', { bytes: HEIC })).toBe('taken');
});

it('text is no picture, whatever type says nothing of it', async () => {
	const file = { bytes: 'a fox', mimeType: 'text/plain' };
	expect(await problem(PICTURE, 'data', file)).toBe(
		'Image ("data") is a file of type "text/plain"; Fox 1 takes an image (jpg, png).',
	);
	expect(await problem(PICTURE, 'data', { bytes: PNG, mimeType: 'text/plain' })).toBe('taken');
});

it('a data: URI is looked at as well', async () => {
	const uri = (bytes: string) =>
		`data:image/png;base64,${Buffer.from(bytes, 'latin1').toString('base64')}`;
	expect(await problem(PICTURE, uri(PNG))).toBe('taken');
	expect(await problem(PICTURE, uri(HEIC))).toMatch(/^Image is a HEIC picture/);
});

it.each([
	'http://localhost/a.png',
	'http://192.168.1.5:5678/a.png',
	'http://n8n:5678/a.png',
	'http://host.docker.internal/a.png',
])('%s is refused, unless RunningHub is at such an address itself', async (address) => {
	expect(await problem(PICTURE, address)).toMatch(
		/^Image is ".*", an address that RunningHub cannot reach; .*binary field instead\.$/,
	);
	expect(await problem(PICTURE, address, {}, checkOf(true))).toBe('taken');
});

it('a file that many items use is read once', async () => {
	let reads = 0;
	const file: BinaryFile = {
		id: 'filesystem:1',
		...uploadFile(Buffer.from(PNG, 'latin1')),
		open: async () => {
			reads += 1;
			return await uploadFile(Buffer.from(PNG, 'latin1')).open();
		},
	};
	const input = readInput(PICTURE, { imageUrl: 'data' }, new Map([['data', file]]));
	const check = checkOf();
	for (let item = 0; item < 5; item++) await checkMedia(input, 'Fox 1', check);
	expect(reads).toBe(1);
});

it('a file that cannot be read just now is left to its upload, which tries again', async () => {
	const file: BinaryFile = {
		id: 'filesystem:1',
		...uploadFile(Buffer.from(PNG, 'latin1')),
		open: async () => {
			throw new Error('the store is down');
		},
	};
	const input = readInput(PICTURE, { imageUrl: 'data' }, new Map([['data', file]]));
	await expect(checkMedia(input, 'Fox 1', checkOf())).resolves.toBeUndefined();
});

describe('a text that may name a file, or be the id of one', () => {
	const HINT = modelWith({ key: 'videoId', type: 'string', mediaHint: 'video', accept: ['mp4'] });
	const read = (videoId: string) => readInput(HINT, { videoId });

	it.each(['1900000000000000201', 'my-clip_2', 'a clip, of mine'])('is an id: %s', (id) => {
		expect(read(id)).toMatchObject({ values: { videoId: id }, media: [] });
	});

	it.each([
		['AAAAIGZ0eXBpc29tAAACAGlzb21pc28yYXZjMW1wNDE=', 'put data:video/mp4;base64, before it'],
		['/home/me/clip.mp4', 'a file that RunningHub cannot reach'],
		['https://drive.google.com/file/d/1AbC/view', 'the page of a file on Google Drive'],
	])('is refused where it can only have been meant as a file: %s', (given, sentence) => {
		expect(() => read(given)).toThrow(sentence);
	});
});
