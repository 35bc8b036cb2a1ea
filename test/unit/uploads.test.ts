import { RunningHubError, type ErrorKind } from '../../runninghub/base/errors';
import { parseMedia, type BinaryFile } from '../../runninghub/files/media';
import type { UploadFile } from '../../runninghub/http/multipart';
import { createUploads } from '../../runninghub/files/uploads';
import { FakeClock } from '../support/fakeClock';
import { bytesOf, uploadFile } from '../support/uploadFile';

const binary = (id: string): BinaryFile => ({ id, ...uploadFile(Buffer.from(id), `${id}.png`) });
const failure = (kind: ErrorKind) => new RunningHubError({ kind, message: 'No.' });

/** An upload call that fails as told, and otherwise reads the file as a server does. */
function lab(...failures: RunningHubError[]) {
	const received: string[] = [];
	const closed: string[] = [];
	const clock = new FakeClock();
	const uploads = createUploads({
		clock,
		random: () => 0.5,
		openUrl: async (url) => {
			const bytes = Buffer.from(url);
			return { ...uploadFile(bytes, 'fetched.png'), close: () => void closed.push(url) };
		},
		client: {
			upload: async ({ fileName, open }: UploadFile) => {
				const error = failures.shift();
				received.push((await bytesOf(await open())).toString());
				if (error !== undefined) throw error;
				return { url: `https://files.example/${fileName}`, fileName: `openapi/${fileName}` };
			},
		},
	});
	return { received, closed, clock, uploads };
}

describe('uploads of one run', () => {
	it('send the same file once, however many items and fields use it', async () => {
		const { uploads, received } = lab();
		const [first, second] = await Promise.all([
			uploads.upload({ type: 'binary', field: 'data', file: binary('fox') }),
			uploads.upload({ type: 'binary', field: 'photo', file: binary('fox') }),
		]);
		expect(first).toEqual({ url: 'https://files.example/fox.png', fileName: 'openapi/fox.png' });
		expect(second).toEqual(first);
		expect(received).toEqual(['fox']);
	});

	it('send the same data: URI once, and another one too', async () => {
		const { uploads, received } = lab();
		for (const text of ['one', 'one', 'two']) {
			const [source] = parseMedia(`data:image/png;base64,${Buffer.from(text).toString('base64')}`);
			if (source?.type === 'data') await uploads.upload(source);
		}
		expect(received).toEqual(['one', 'two']);
	});

	it.each<ErrorKind>(['transient', 'rateLimit', 'protocol'])(
		'are tried again after a %s fault, from the first byte on',
		async (kind) => {
			const { uploads, received, clock } = lab(failure(kind), failure(kind));
			await clock.run(uploads.upload({ type: 'binary', field: 'data', file: binary('fox') }));
			expect(received).toEqual(['fox', 'fox', 'fox']);
		},
	);

	it('give up after the third time, and name the file', async () => {
		const { uploads, clock, received } = lab(...Array(3).fill(failure('transient')));
		const upload = uploads.upload({ type: 'binary', field: 'data', file: binary('fox') });
		await expect(clock.run(upload)).rejects.toThrow('The file fox.png could not be uploaded: No.');
		expect(received).toHaveLength(3);
	});

	it.each<ErrorKind>(['auth', 'validation', 'balance'])(
		'are not tried again where that mends nothing: %s',
		async (kind) => {
			const { uploads, received } = lab(failure(kind));
			const upload = uploads.upload({ type: 'binary', field: 'data', file: binary('fox') });
			await expect(upload).rejects.toMatchObject({ kind });
			expect(received).toHaveLength(1);
		},
	);

	it('fetch what is behind an address once, and let go of it', async () => {
		const { uploads, received, closed } = lab();
		const source = { type: 'url' as const, url: 'https://pictures.example/fox' };
		const [first, second] = await Promise.all([uploads.upload(source), uploads.upload(source)]);
		expect(first).toMatchObject({ fileName: 'openapi/fetched.png' });
		expect(second).toEqual(first);
		expect(received).toEqual([source.url]);
		expect(closed).toEqual([source.url]);
	});

	it('fetch it anew for each try, and name it without what may be a signature', async () => {
		const { uploads, received, closed, clock } = lab(...Array(3).fill(failure('transient')));
		const url = 'https://pictures.example/fox.png?sig=secret';
		const error = await clock
			.run(uploads.upload({ type: 'url', url }))
			.catch((thrown: unknown) => thrown);
		expect(String(error)).toContain('The file https://pictures.example/fox.png could not be');
		expect(String(error)).not.toContain('secret');
		expect(received).toEqual([url, url, url]);
		expect(closed).toEqual([url, url, url]);
	});

	it('send the same bytes once for each name and type that they have', async () => {
		const { uploads } = lab();
		const upload = async (fileName: string, mimeType = 'image/png') =>
			await uploads.upload({
				type: 'binary',
				field: 'data',
				file: { id: 'fox', ...uploadFile(Buffer.from('fox'), fileName, mimeType) },
			});
		const [png, jpg, again] = await Promise.all(
			['a.png', 'a.jpg', 'a.png'].map(async (name) => await upload(name)),
		);
		expect([png?.url, jpg?.url]).toEqual([
			'https://files.example/a.png',
			'https://files.example/a.jpg',
		]);
		expect(again).toBe(png);
	});

	it('that fail name the file that was given, whatever others hold the same bytes', async () => {
		const { uploads } = lab(failure('validation'));
		const file = { id: 'fox', ...uploadFile(Buffer.from('fox'), 'a.bad') };
		await expect(uploads.upload({ type: 'binary', field: 'a', file })).rejects.toThrow('a.bad');
		const good = { ...file, fileName: 'a.png' };
		await expect(uploads.upload({ type: 'binary', field: 'b', file: good })).resolves.toMatchObject(
			{
				url: 'https://files.example/a.png',
			},
		);
	});
});
