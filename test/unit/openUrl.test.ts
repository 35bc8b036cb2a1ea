import { Readable } from 'node:stream';
import type { FileResponse } from '../../runninghub/files/findFile';
import { openUrl } from '../../runninghub/files/openUrl';
import { bytesOf } from '../support/uploadFile';

const URL_OF_FILE = 'https://pictures.example/fox';

function opening(
	answer: Partial<FileResponse<Buffer>>,
	url = URL_OF_FILE,
	allowPrivateHosts = false,
) {
	const discarded: Buffer[] = [];
	const opened = openUrl<Buffer>(url, {
		allowPrivateHosts,
		get: async () => ({ status: 200, headers: {}, body: Buffer.from('bytes'), ...answer }),
		discard: (body) => void discarded.push(body),
	});
	return { opened, discarded };
}

it('a file has the name, type and size that its host says', async () => {
	const headers = { 'content-type': 'image/png; charset=x', 'content-length': '5' };
	const file = await opening({ headers }).opened;
	expect(file).toMatchObject({ fileName: 'fox.png', mimeType: 'image/png', sizeBytes: 5 });
	expect((await bytesOf(await file.open())).toString()).toBe('bytes');
});

it('a file that was not read is let go of', async () => {
	const { opened, discarded } = opening({});
	(await opened).close();
	expect(discarded).toHaveLength(1);
});

it.each([
	['no length', {}],
	['a length of packed bytes', { 'content-length': '5', 'content-encoding': 'gzip' }],
])('its size is not guessed from %s', async (_, headers) => {
	expect((await opening({ headers }).opened).sizeBytes).toBeUndefined();
});

it.each<[string, Partial<FileResponse<Buffer>>, string, string]>([
	['is gone', { status: 404 }, 'validation', 'Its host says that it no longer exists'],
	['is not there now', { status: 503 }, 'transient', 'Its host answered with HTTP 503.'],
	['is a page', { headers: { 'content-type': 'text/html' } }, 'validation', 'a web page'],
])('what %s cannot be uploaded', async (_, answer, kind, message) => {
	const { opened, discarded } = opening(answer);
	await expect(opened).rejects.toMatchObject({ kind, message: expect.stringContaining(message) });
	expect(discarded).toHaveLength(1);
});

it.each([
	['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'At its address is a HEIC picture'],
	['AVIF', '\0\0\0\x18ftypavif\0\0\0\0mif1avif', 'At its address is an AVIF picture'],
	['a page', '<!doctype html><html>', 'a web page'],
	['nothing', '', 'The file at its address is empty'],
])('%s is told by its first bytes, whatever its host says', async (_, bytes, message) => {
	const headers = { 'content-type': 'image/jpeg' };
	const { opened, discarded } = opening({ headers, body: Buffer.from(bytes, 'latin1') });
	await expect(opened).rejects.toMatchObject({
		kind: 'validation',
		message: expect.stringContaining(message),
	});
	expect(discarded).toHaveLength(1);
});

it('a file of which its host says nothing has the type of its first bytes', async () => {
	const bytes = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1');
	const headers = { 'content-type': 'binary/octet-stream' };
	const file = await opening({ headers, body: bytes }).opened;
	expect(file).toMatchObject({ fileName: 'fox.png', mimeType: 'image/png' });
	expect(await bytesOf(await file.open())).toEqual(bytes);
});

it('a stream that was looked into is sent whole', async () => {
	const pieces = Array.from({ length: 40 }, (_, index) => Buffer.alloc(1_000, index));
	const body = Readable.from(pieces);
	const file = await openUrl<Readable>(URL_OF_FILE, {
		allowPrivateHosts: false,
		get: async () => ({ status: 200, headers: {}, body }),
		discard: (stream) => void stream.destroy(),
	});
	expect(await bytesOf(await file.open())).toEqual(Buffer.concat(pieces));
});

it('a stream that breaks off before its type is seen may be tried again', async () => {
	const body = Readable.from(
		(function* () {
			yield Buffer.from('ab');
			throw new Error('socket hang up');
		})(),
	);
	const opened = openUrl<Readable>(URL_OF_FILE, {
		allowPrivateHosts: false,
		get: async () => ({ status: 200, headers: {}, body }),
		discard: () => {},
	});
	await expect(opened).rejects.toMatchObject({ kind: 'transient', message: 'Its host broke off.' });
});

it('nothing inside n8n’s own network is read', async () => {
	const { opened } = opening({}, 'http://169.254.169.254/latest/meta-data');
	await expect(opened).rejects.toThrow('inside n8n’s own network');
});
