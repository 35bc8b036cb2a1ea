import { createHash } from 'node:crypto';
import {
	generated,
	TASK_SCRIPTS,
	SIMULATOR_KEY,
	startSimulator,
	type ResultFile,
	type Simulator,
} from '../../simulator';
import { at, bearer, runToEnd } from './client';

describe('result files', () => {
	let simulator: Simulator;
	let clock = 1_800_000_000_000;
	beforeAll(async () => {
		simulator = await startSimulator({ now: () => clock });
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	/** The URL of a task's one file. */
	async function urlOf(file: ResultFile): Promise<string> {
		simulator.nextTaskScripts({ end: { kind: 'success', files: [file] } });
		const { last } = await runToEnd(simulator);
		return String(at(last.json, 'results', 0, 'url'));
	}

	async function hashOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
		const hash = createHash('sha256');
		let size = 0;
		for await (const chunk of chunks) {
			size += chunk.length;
			hash.update(chunk);
		}
		return { size, sha256: hash.digest('hex') };
	}

	async function download(url: string) {
		const { body } = await fetch(url);
		if (body === null) throw new Error('no body');
		return await hashOf(body);
	}

	it('lie on another origin, where a key that comes along is seen', async () => {
		const url = await urlOf({ type: 'png' });
		expect(new URL(url).origin).toBe(simulator.filesUrl);
		expect(simulator.filesUrl).not.toBe(simulator.baseUrl);
		await (await fetch(url, { headers: bearer(SIMULATOR_KEY) })).arrayBuffer();
		const seen = simulator.requests.filter(({ origin }) => origin === 'files');
		expect(seen).toHaveLength(1);
		expect(seen[0]?.headers.authorization).toContain(SIMULATOR_KEY);
		expect(seen[0]?.status).toBe(200);
	});

	it.each([
		['png', 'image/png', '\x89PNG'],
		['jpg', 'image/jpeg', '\xff\xd8'],
		['glb', 'model/gltf-binary', 'glTF'],
	])('are real ones: %s', async (type, contentType, start) => {
		const response = await fetch(await urlOf({ type }));
		expect(response.headers.get('content-type')).toBe(contentType);
		const bytes = Buffer.from(await response.arrayBuffer());
		expect(bytes.toString('latin1').startsWith(start)).toBe(true);
	});

	it('have any size, and the same bytes each time', async () => {
		const size = 5_000_001;
		const url = await urlOf({ type: 'mp4', bytes: size });
		const expected = await hashOf(generated(size).read(0, size));
		expect(await download(url)).toEqual(expected);
		expect(await download(url)).toEqual(expected);
	});

	it('of a gigabyte are not held in memory', async () => {
		const url = await urlOf({ type: 'mp4', bytes: 1e9 });
		const { body } = await fetch(url);
		if (body === null) throw new Error('no body');
		let size = 0;
		let most = 0;
		let chunks = 0;
		const before = process.memoryUsage().rss;
		for await (const chunk of body) {
			size += chunk.length;
			chunks += 1;
			if (chunks % 500 === 0) most = Math.max(most, process.memoryUsage().rss);
		}
		expect(size).toBe(1e9);
		expect(most - before).toBeLessThan(300e6);
	}, 30_000);

	it('can be had in ranges', async () => {
		const url = await urlOf({ type: 'mp4', bytes: 300_000 });
		const whole = Buffer.concat([...syncBytes(300_000)]);
		const part = await fetch(url, { headers: { Range: 'bytes=65530-200000' } });
		expect(part.status).toBe(206);
		expect(part.headers.get('content-range')).toBe('bytes 65530-200000/300000');
		const bytes = Buffer.from(await part.arrayBuffer());
		expect(bytes.equals(whole.subarray(65530, 200001))).toBe(true);
		const tail = await fetch(url, { headers: { Range: 'bytes=-5' } });
		expect(Buffer.from(await tail.arrayBuffer()).equals(whole.subarray(-5))).toBe(true);
		const beyond = await fetch(url, { headers: { Range: 'bytes=300000-' } });
		expect(beyond.status).toBe(416);
		const head = await fetch(url, { method: 'HEAD' });
		expect(head.headers.get('content-length')).toBe('300000');
	});

	const syncBytes = (size: number) => generated(size).read(0, size) as Iterable<Buffer>;

	it('expire, and are not given without their signature', async () => {
		const url = await urlOf({ type: 'png', expiresInMs: 1000 });
		expect((await fetch(url)).status).toBe(200);
		expect((await fetch(url.replace(/\?.*/, ''))).status).toBe(403);
		clock += 1000;
		expect((await fetch(url)).status).toBe(403);
		expect((await fetch(`${simulator.filesUrl}/out/nope.png`)).status).toBe(404);
	});

	it('redirect, to themselves or elsewhere', async () => {
		const url = await urlOf({ type: 'png', redirect: true });
		const first = await fetch(url, { redirect: 'manual' });
		expect(first.status).toBe(302);
		expect((await fetch(url)).redirected).toBe(true);
		const away = await urlOf({ type: 'png', redirect: 'http://elsewhere.example/a' });
		const second = await fetch(away, { redirect: 'manual' });
		expect(second.headers.get('location')).toBe('http://elsewhere.example/a');
	});

	it('redirect to another origin, where a key that comes along is seen, too', async () => {
		const url = await urlOf({ type: 'png', redirect: 'otherOrigin', redirectStatus: 307 });
		const first = await fetch(url, { redirect: 'manual' });
		expect(first.status).toBe(307);
		const target = String(first.headers.get('location'));
		expect(new URL(target).origin).not.toBe(simulator.filesUrl);
		expect((await fetch(url)).status).toBe(200);
		expect(simulator.leaks()).toEqual([]);
		await fetch(target, { headers: { 'X-Api-Key': SIMULATOR_KEY } });
		await fetch(`${target}&apiKey=${SIMULATOR_KEY}`, { headers: { Authorization: 'Basic x' } });
		expect(simulator.leaks().map(({ credentials }) => credentials)).toEqual([
			['header x-api-key'],
			['header authorization', 'query'],
		]);
	});

	it('redirect for ever', async () => {
		const url = await urlOf({ type: 'png', redirect: 'loop' });
		await expect(fetch(url)).rejects.toThrow();
	});

	it('never end', async () => {
		const url = await urlOf({ type: 'mp4', endless: true });
		const given = new AbortController();
		const { body, headers } = await fetch(url, { signal: given.signal });
		if (body === null) throw new Error('no body');
		expect(headers.has('content-length')).toBe(false);
		let size = 0;
		for await (const chunk of body) {
			size += chunk.length;
			if (size > 50e6) break;
		}
		given.abort();
		expect(size).toBeGreaterThan(50e6);
	});

	it.each([
		[TASK_SCRIPTS.textfile, 'txt', 'text/plain; charset=utf-8', 'A fox'],
		[TASK_SCRIPTS.mesh, 'glb', 'model/gltf-binary', 'glTF'],
	] as const)('are texts and meshes, too', async ({ end }, outputType, contentType, start) => {
		simulator.nextTaskScripts({ end });
		const { last } = await runToEnd(simulator);
		expect(at(last.json, 'results')).toMatchObject([{ outputType, text: null }]);
		const file = await fetch(String(at(last.json, 'results', 0, 'url')));
		expect(file.headers.get('content-type')).toBe(contentType);
		expect((await file.text()).startsWith(start)).toBe(true);
	});

	it('lie about their type', async () => {
		const url = await urlOf({ type: 'mp4', contentType: 'text/html' });
		expect((await fetch(url)).headers.get('content-type')).toBe('text/html');
	});

	it('break once after so many bytes, and then are whole', async () => {
		const url = await urlOf({ type: 'mp4', bytes: 1_000_000, breakAfterBytes: 100_000 });
		const broken = await fetch(url);
		expect(broken.headers.get('content-length')).toBe('1000000');
		await expect(broken.arrayBuffer()).rejects.toThrow();
		expect((await download(url)).size).toBe(1_000_000);
	});

	it('can do without length and type', async () => {
		const url = await urlOf({ type: 'mp4', bytes: 1000, noContentLength: true, contentType: null });
		const response = await fetch(url);
		expect(response.headers.has('content-length')).toBe(false);
		expect(response.headers.has('content-type')).toBe(false);
		expect((await response.arrayBuffer()).byteLength).toBe(1000);
	});

	it('can be slow', async () => {
		const url = await urlOf({ type: 'mp4', bytes: 100_000, bytesPerSecond: 250_000 });
		const start = performance.now();
		expect((await download(url)).size).toBe(100_000);
		// A timer may go off a moment early.
		expect(performance.now() - start).toBeGreaterThan(250);
	});
});
