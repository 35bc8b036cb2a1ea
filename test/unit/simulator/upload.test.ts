import { createHash } from 'node:crypto';
import { SIMULATOR_KEY, startSimulator, type Simulator } from '../../simulator';
import { answerOf, at, bearer, submit } from './client';

describe('upload', () => {
	let simulator: Simulator;
	let clock = 1_800_000_000_000;
	beforeAll(async () => {
		simulator = await startSimulator({ now: () => clock });
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const send = async (
		body: FormData | string,
		headers: Record<string, string> = bearer(SIMULATOR_KEY),
	) => {
		const url = `${simulator.baseUrl}/openapi/v2/media/upload/binary`;
		return await answerOf(await fetch(url, { method: 'POST', body, headers }));
	};

	function form(bytes: Uint8Array, { part = 'file', name = 'a.png', type = 'image/png' } = {}) {
		const data = new FormData();
		data.append(part, new Blob([bytes], { type }), name);
		return data;
	}

	it('takes a file, byte for byte, and answers with name, address and size', async () => {
		const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
		bytes.write('\r\n--', 1000);
		const { json } = await send(form(bytes));
		expect(json).toMatchObject({ code: 0, msg: 'success', errorMessages: null });
		expect(json).not.toHaveProperty('message');
		expect(json.data).toMatchObject({ type: 'image', size: '300000' });
		expect(at(json, 'data', 'fileName')).toMatch(/^openapi\/[0-9a-f]{64}\.png$/);
		expect(simulator.uploads[0]).toMatchObject({
			originalName: 'a.png',
			contentType: 'image/png',
			sha256: createHash('sha256').update(bytes).digest('hex'),
		});
		const back = await fetch(String(at(json, 'data', 'download_url')));
		expect(Buffer.from(await back.arrayBuffer()).equals(bytes)).toBe(true);
		const [record] = simulator.requests;
		expect(record?.body).toBe('file: "a.png" (image/png) <binary 300000 bytes>');
	});

	it('keeps the first address good when the same file comes twice', async () => {
		const first = await send(form(Buffer.from('same')));
		clock += 5000;
		await send(form(Buffer.from('same')));
		expect((await fetch(String(at(first.json, 'data', 'download_url')))).status).toBe(200);
	});

	it.each([
		['a part of another name', form(Buffer.from('x'), { part: 'image' }), 301],
		['a type that is not supported', form(Buffer.from('x'), { name: 'a.exe' }), 808],
		['an empty file', form(Buffer.from('')), 808],
	])('refuses %s', async (_, body, code) => {
		expect((await send(body)).json.code).toBe(code);
		expect(simulator.uploads).toHaveLength(0);
	});

	it('refuses what is not multipart, is broken, or names no file', async () => {
		const key = bearer(SIMULATOR_KEY);
		const multipart = { ...key, 'Content-Type': 'multipart/form-data; boundary=b' };
		expect((await send('{}', key)).json.code).toBe(301);
		const half = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nab';
		expect((await send(half, multipart)).json.code).toBe(301);
		const text = '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nab\r\n--b--\r\n';
		expect((await send(text, multipart)).json.code).toBe(301);
	});

	it('refuses files that are too large, and bad keys in its own envelope', async () => {
		expect((await send(form(Buffer.from('x')), bearer('nobody'))).json).toMatchObject({
			code: 401,
			data: null,
		});
		simulator.switches.uploadMaxBytes = 3;
		expect((await send(form(Buffer.from('four')))).json.code).toBe(809);
	});

	it('writes the name as another key by a switch', async () => {
		simulator.switches.uploadFileNameKey = 'filename';
		const { json } = await send(form(Buffer.from('x')));
		expect(at(json, 'data', 'filename')).toMatch(/^openapi/);
	});

	it('gives addresses that models accept while they live, and if the file fits', async () => {
		const endpoint = 'vidu/image-to-video-q2-turbo';
		const body = (imageUrl: unknown) => ({
			prompt: 'a fox',
			imageUrl,
			duration: '5',
			resolution: '720p',
			movementAmplitude: 'auto',
			bgm: true,
		});
		const errorFor = async (upload: { json: unknown }) => {
			const address = at(upload.json, 'data', 'download_url');
			return (await submit(simulator, body(address), { endpoint })).json.errorCode;
		};
		const png = await send(form(Buffer.from('x')));
		const webp = await send(form(Buffer.from('y'), { name: 'a.webp', type: 'image/webp' }));
		expect(await errorFor(png)).toBe('');
		expect(await errorFor(webp)).toBe('1007');
		clock += 24 * 60 * 60 * 1000;
		expect(await errorFor(png)).toBe('1013');
		expect(simulator.tasks).toHaveLength(1);
	});
});
