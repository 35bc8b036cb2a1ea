import { createHash } from 'node:crypto';
import { request } from 'node:http';
import {
	SIMULATOR_KEY,
	SIMULATOR_WORKFLOW_ID,
	startSimulator,
	type Simulator,
} from '../../simulator';
import { answerOf, at, bearer, post, v1 } from './client';

const BYTES = Buffer.from('weights');
const MD5 = createHash('md5').update(BYTES).digest('hex');
const BINARY = { 'Content-Type': 'application/octet-stream' };

describe('LoRA upload', () => {
	let simulator: Simulator;
	let clock = 1_800_000_000_000;
	beforeAll(async () => {
		simulator = await startSimulator({ now: () => clock });
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const ask = (changes: Record<string, unknown> = {}, apiKey = SIMULATOR_KEY) =>
		post(`${simulator.baseUrl}/api/openapi/getLoraUploadUrl`, {
			apiKey,
			loraName: 'paper cut',
			md5Hex: MD5,
			...changes,
		});
	const urlOf = async () => String(at((await ask()).json, 'data', 'url'));
	const put = async (url: string, body: Buffer = BYTES, headers: Record<string, string> = BINARY) =>
		await answerOf(await fetch(url, { method: 'PUT', body, headers }));

	it('gives a name and an address on the files origin, takes the bytes, and then knows them', async () => {
		const { json } = await ask();
		expect(json).toMatchObject({
			code: 0,
			data: { fileName: `api-lora-cn/${MD5}.safetensors` },
		});
		const url = String(at(json, 'data', 'url'));
		expect(url.startsWith(simulator.filesUrl)).toBe(true);
		expect((await put(url)).status).toBe(200);
		expect(simulator.loras).toEqual([
			{ fileName: at(json, 'data', 'fileName'), name: 'paper cut', md5: MD5, size: BYTES.length },
		]);
		expect((await ask({ loraName: 'again' })).json.data).toEqual({
			fileName: at(json, 'data', 'fileName'),
		});
		simulator.switches.loraUrlWhenPresent = 'null';
		expect(at((await ask()).json, 'data', 'url')).toBeNull();
	});

	it('makes the LoRA known to its node', async () => {
		const use = (fieldValue: string) =>
			v1(simulator, 'create', {
				workflowId: SIMULATOR_WORKFLOW_ID,
				nodeInfoList: [{ nodeId: '11', fieldName: 'lora_name', fieldValue }],
			});
		const fileName = `api-lora-cn/${MD5}.safetensors`;
		expect((await use(fileName)).json.code).toBe(433);
		await put(await urlOf());
		expect((await use(fileName)).json.code).toBe(0);
	});

	it.each([
		['a blank name', { loraName: ' ' }],
		['no MD5', { md5Hex: undefined }],
		['an MD5 in capitals', { md5Hex: MD5.toUpperCase() }],
		['a member that nobody knows', { size: 7 }],
	])('refuses %s', async (_, changes) => {
		expect((await ask(changes)).json.code).toBe(301);
	});

	it('wants the key for the address, and none with the bytes', async () => {
		expect((await ask({}, 'nobody')).json.code).toBe(802);
		const url = await urlOf();
		expect((await put(url, BYTES, { ...BINARY, ...bearer(SIMULATOR_KEY) })).status).toBe(400);
		expect((await put(url, BYTES, { ...BINARY, 'X-Key': SIMULATOR_KEY })).status).toBe(400);
		expect((await put(`${url}&apiKey=${SIMULATOR_KEY}`)).status).toBe(400);
		expect(simulator.leaks().map(({ credentials }) => credentials)).toEqual([
			['header authorization'],
			['header x-key'],
			['query'],
		]);
		expect(simulator.loras).toHaveLength(0);
	});

	it('refuses other bytes, another type, a wrong signature and an address that is too old', async () => {
		const url = await urlOf();
		const wrong = await put(url, Buffer.from('other'));
		expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('BadDigest')]);
		expect((await put(url, BYTES, { 'Content-Type': 'text/plain' })).status).toBe(403);
		expect((await put(url.replace(/sig=.*/, 'sig=0'))).status).toBe(403);
		clock += simulator.switches.loraUrlLifetimeMs;
		expect((await put(url)).status).toBe(403);
		expect(simulator.loras).toHaveLength(0);
	});

	it('wants to know the length, but for a switch', async () => {
		const url = await urlOf();
		expect(await putInChunks(url)).toBe(411);
		simulator.switches.loraPutNeedsLength = false;
		expect(await putInChunks(url)).toBe(200);
	});

	function putInChunks(url: string): Promise<number | undefined> {
		return new Promise((resolve, reject) => {
			const headers = { ...BINARY, 'Transfer-Encoding': 'chunked' };
			const outgoing = request(url, { method: 'PUT', headers }, (response) => {
				response.resume();
				resolve(response.statusCode);
			});
			outgoing.on('error', reject);
			outgoing.write(BYTES.subarray(0, 3));
			outgoing.end(BYTES.subarray(3));
		});
	}

	it('can fail', async () => {
		const url = await urlOf();
		simulator.addFault({ match: { method: 'PUT', origin: 'files' }, kind: 'http', status: 503 });
		simulator.addFault({ match: { method: 'PUT', origin: 'files' }, kind: 'dropBefore' });
		expect((await put(url)).status).toBe(503);
		await expect(put(url)).rejects.toThrow();
		expect((await put(url)).status).toBe(200);
	});
});
