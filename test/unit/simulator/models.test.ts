import { TASK_SCRIPTS, SIMULATOR_KEY, startSimulator, type Simulator } from '../../simulator';
import { callableModels } from '../../simulator/facts';
import { bodyFor } from './bodies';
import { at, bearer, goodBody, post, query, runToEnd, submit } from './client';

describe('Standard Models', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	it('takes a task through all its states to a video that can be downloaded', async () => {
		const { statuses, last } = await runToEnd(simulator);
		expect(statuses).toEqual(['QUEUED', 'RUNNING', 'SUCCESS']);
		expect(last.json).toMatchObject({ errorCode: '', errorMessage: '', failedReason: {} });
		expect(at(last.json, 'usage', 'thirdPartyConsumeMoney')).toBe('0.77');
		const [result] = [at(last.json, 'results', 0)];
		expect(result).toMatchObject({ outputType: 'mp4', text: null });

		const file = await fetch(String(at(result, 'url')));
		expect(file.headers.get('content-type')).toBe('video/mp4');
		const bytes = Buffer.from(await file.arrayBuffer());
		expect(bytes.subarray(4, 8).toString()).toBe('ftyp');
		expect(bytes.length).toBe(Number(file.headers.get('content-length')));
	});

	it('answers a submit in the flat form, with an id beyond the safe integers', async () => {
		const { json } = await submit(simulator);
		expect(Object.keys(json)).toEqual([
			'taskId',
			'status',
			'errorCode',
			'errorMessage',
			'results',
			'clientId',
			'promptTips',
		]);
		expect(json.taskId).toMatch(/^\d{19}$/);
		expect(String(Number(json.taskId))).not.toBe(json.taskId);
		expect(at(JSON.parse(String(json.promptTips)), 'node_errors')).toEqual({});
	});

	it('writes what was paid into the ledger and takes it from the wallet', async () => {
		simulator.addAccount(SIMULATOR_KEY, { money: 10 });
		const { json } = await submit(simulator, goodBody({ webhookUrl: 'https://hook.example/x' }));
		expect(simulator.tasks).toHaveLength(1);
		expect(simulator.tasks[0]).toMatchObject({
			taskId: json.taskId,
			apiKey: SIMULATOR_KEY,
			endpoint: 'vidu/text-to-video',
			webhookUrl: 'https://hook.example/x',
			status: 'QUEUED',
			endedAt: null,
			cost: 0.77,
			currency: 'CNY',
		});
		const account = await post(`${simulator.baseUrl}/uc/openapi/accountStatus`, {
			apikey: SIMULATOR_KEY,
		});
		expect(account.json.data).toMatchObject({ remainMoney: '9.23', currentTaskCounts: '1' });
	});

	it.each([
		['a number where a string belongs', { duration: 5 }, 'duration'],
		['an option that is not listed', { resolution: '4k' }, 'resolution'],
		['an unknown key', { fps: '24' }, 'fps'],
		['a key in the body', { apiKey: SIMULATOR_KEY }, 'apiKey'],
		['a missing field', { style: undefined }, 'style'],
		['a null', { style: null }, 'style'],
		['a blank text', { prompt: ' ' }, 'prompt'],
		['a text that is too long', { prompt: 'x'.repeat(4001) }, 'prompt'],
		['a callback address that is none', { webhookUrl: 'hook' }, 'webhookUrl'],
	])('refuses %s and makes no task', async (_, changes, field) => {
		const { status, json } = await submit(simulator, goodBody(changes));
		expect(status).toBe(200);
		expect(json.errorCode).toBe('1007');
		expect(json.errorMessage).toContain(field);
		expect(simulator.tasks).toHaveLength(0);
		expect(simulator.submits()).toHaveLength(1);
	});

	it.each([
		['a local name', { imageUrls: ['a.png'] }],
		['a data URI', { imageUrls: ['data:image/png;base64,AA=='] }],
		['one address where a list belongs', { imageUrls: 'https://a.example/a.png' }],
		['an empty list', { imageUrls: [] }],
		['too many', { imageUrls: Array.from({ length: 8 }, () => 'https://a.example/a.png') }],
		['an integer that is a text', { duration: '5' }],
		['an integer with a fraction', { duration: 5.5 }],
		['an integer beyond its limit', { duration: 17 }],
		['a boolean where the model has words', { audio: true }],
	])('checks media, lists and numbers by the facts: %s', async (_, changes) => {
		const good = {
			prompt: 'a fox',
			imageUrls: ['https://a.example/a.png'],
			duration: 5,
			resolution: '720p',
			audio: 'true',
		};
		const endpoint = 'vidu/reference-to-video-q3';
		expect((await submit(simulator, good, { endpoint })).json.errorCode).toBe('');
		const { json } = await submit(simulator, { ...good, ...changes }, { endpoint });
		expect(json.errorCode).toBe('1007');
		expect(json.errorMessage).toContain(Object.keys(changes)[0]);
	});

	it('accepts for every model in the facts a body that is made by the facts', async () => {
		simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: 1000, money: 1e9 });
		const refused: string[] = [];
		for (const model of callableModels()) {
			const { json } = await submit(simulator, bodyFor(model), { endpoint: model.endpoint });
			if (json.errorCode !== '') refused.push(`${model.endpoint}: ${String(json.errorMessage)}`);
		}
		expect(refused).toEqual([]);
		expect(simulator.tasks.length).toBe(callableModels().length);
	});

	it('does not know an endpoint that is not there, or no more', async () => {
		for (const endpoint of ['vidu/nope', 'run/nope/1', '']) {
			expect((await submit(simulator, {}, { endpoint })).json.errorCode).toBe('1001');
		}
	});

	it('wants JSON with its own content type', async () => {
		const url = `${simulator.baseUrl}/openapi/v2/vidu/text-to-video`;
		const asText = { ...bearer(SIMULATOR_KEY), 'Content-Type': 'text/plain' };
		expect((await post(url, goodBody(), asText)).json.errorCode).toBe('1007');
		expect((await post(url, '{"prompt":', bearer(SIMULATOR_KEY))).json.errorCode).toBe('1007');
		const get = await fetch(url, { headers: bearer(SIMULATOR_KEY) });
		expect(at(await get.json(), 'errorCode')).toBe('1009');
	});

	it('previews a price, with the same checks, and makes no task', async () => {
		const url = `${simulator.baseUrl}/openapi/v2/price-preview/vidu/text-to-video`;
		const good = await post(url, goodBody(), bearer(SIMULATOR_KEY));
		expect(good.json).toMatchObject({ errorCode: '', estimatedPrice: 0.77, currency: 'CNY' });
		const bad = await post(url, goodBody({ duration: 5 }), bearer(SIMULATOR_KEY));
		expect(bad.json.errorCode).toBe('1007');
		expect(simulator.tasks).toHaveLength(0);
		expect(simulator.submits()).toHaveLength(0);
	});

	it('queries only ids that are strings, positive, known, and of this key', async () => {
		const { json } = await submit(simulator);
		const other = 'k'.repeat(32);
		simulator.addAccount(other, {});
		expect((await query(simulator, '0')).json.errorCode).toBe('1007');
		expect((await query(simulator, 5)).json.errorCode).toBe('1007');
		expect((await query(simulator, undefined)).json.errorCode).toBe('1007');
		expect((await query(simulator, '1900000000000999999')).json.errorCode).toBe('1004');
		expect((await query(simulator, json.taskId, other)).json.errorCode).toBe('1004');
		expect((await query(simulator, String(Number(json.taskId)))).json.errorCode).toBe('1004');
	});

	it('can be done in the answer to the submit', async () => {
		simulator.nextTaskScripts(
			{ end: { kind: 'immediate', texts: ['hello'] } },
			TASK_SCRIPTS.success,
		);
		const { json } = await submit(simulator);
		expect(json.status).toBe('SUCCESS');
		expect(json.results).toEqual([{ url: null, nodeId: '9', outputType: 'txt', text: 'hello' }]);
		expect((await submit(simulator)).json.results).toBeNull();
	});
});
