import {
	SIMULATOR_KEY,
	SIMULATOR_KEY_CONSUMER,
	SIMULATOR_KEY_EXCLUSIVE,
	SIMULATOR_KEY_FREE,
	SIMULATOR_KEY_NO_BALANCE,
	SIMULATOR_KEY_OTHER_SITE,
	SIMULATOR_WORKFLOW_ID,
	startSimulator,
	type Simulator,
	type Switches,
} from '../../simulator';
import { at, bearer, goodBody, post, query, submit, v1 } from './client';

const BAD_KEY = 'x'.repeat(32);

describe('keys', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const account = (body: Record<string, unknown>, headers = {}) =>
		post(`${simulator.baseUrl}/uc/openapi/accountStatus`, body, headers);

	it('are 32 characters long', () => {
		const keys = [
			SIMULATOR_KEY,
			SIMULATOR_KEY_CONSUMER,
			SIMULATOR_KEY_EXCLUSIVE,
			SIMULATOR_KEY_OTHER_SITE,
			SIMULATOR_KEY_NO_BALANCE,
			SIMULATOR_KEY_FREE,
		];
		expect(keys.map((key) => key.length)).toEqual(keys.map(() => 32));
		expect(new Set(keys).size).toBe(keys.length);
	});

	it('are taken on v2 from the Bearer header only', async () => {
		const url = `${simulator.baseUrl}/openapi/v2/query`;
		for (const headers of [
			{},
			{ Authorization: SIMULATOR_KEY },
			bearer(''),
			bearer(BAD_KEY),
			bearer(SIMULATOR_KEY_OTHER_SITE),
		]) {
			const { json } = await post(url, { taskId: '1', apiKey: SIMULATOR_KEY }, headers);
			expect(json.errorCode).toBe('1002');
		}
	});

	it('are taken on v1 from the body only, and for the account in lower case', async () => {
		expect((await account({ apikey: SIMULATOR_KEY })).json.code).toBe(0);
		expect((await account({ apiKey: SIMULATOR_KEY })).json.code).toBe(802);
		expect((await account({}, bearer(SIMULATOR_KEY))).json.code).toBe(802);
		expect((await account({ apikey: SIMULATOR_KEY_OTHER_SITE })).json).toMatchObject({
			code: 806,
			msg: 'user not exist',
		});
		expect((await v1(simulator, 'status', { taskId: '1' }, BAD_KEY)).json.code).toBe(802);
		simulator.switches.accountAcceptsCamelKey = true;
		expect((await account({ apiKey: SIMULATOR_KEY })).json.code).toBe(0);
	});

	it('decide what may be called', async () => {
		for (const key of [SIMULATOR_KEY_CONSUMER, SIMULATOR_KEY_EXCLUSIVE]) {
			expect((await submit(simulator, goodBody(), { key })).json.errorCode).toBe('1014');
			const comfy = await v1(simulator, 'create', { workflowId: SIMULATOR_WORKFLOW_ID }, key);
			expect(comfy.json.code).toBe(0);
		}
		const free = SIMULATOR_KEY_FREE;
		expect((await submit(simulator, goodBody(), { key: free })).json.code).toBe(801);
		expect((await v1(simulator, 'create', {}, free)).json.code).toBe(801);
		expect((await account({ apikey: free })).json.code).toBe(801);
	});

	it.each<[Partial<Switches>, number, Record<string, unknown>]>([
		[{ badKeyV2: '1601' }, 200, { errorCode: '1601' }],
		[{ badKeyV2: 'e2-401' }, 200, { code: 401, data: null }],
		[{ badKeyV2: 'http-401' }, 401, { code: 401 }],
	])('have other refusals on v2 by a switch: %j', async (switches, status, answer) => {
		Object.assign(simulator.switches, switches);
		const refused = await query(simulator, '1', BAD_KEY);
		expect(refused.status).toBe(status);
		expect(refused.json).toMatchObject(answer);
	});

	it.each([806, 811, 412] as const)('have another refusal on v1 by a switch: %d', async (code) => {
		simulator.switches.badKeyV1 = code;
		expect((await account({ apikey: BAD_KEY })).json.code).toBe(code);
	});

	it('without money are refused before the body is looked at', async () => {
		const key = SIMULATOR_KEY_NO_BALANCE;
		const broken = goodBody({ duration: 5 });
		expect((await submit(simulator, broken, { key })).json.code).toBe(416);
		simulator.switches.noBalanceV2 = 'e1-812';
		expect((await submit(simulator, broken, { key })).json.code).toBe(812);
		simulator.switches.noBalanceV2 = 'e3-1000';
		expect((await submit(simulator, broken, { key })).json).toMatchObject({
			errorCode: '1000',
			errorMessage: expect.stringContaining('insufficient balance'),
		});
		expect((await v1(simulator, 'create', {}, key)).json.code).toBe(416);
		simulator.addAccount(SIMULATOR_KEY_CONSUMER, { coins: 0 });
		expect((await v1(simulator, 'create', {}, SIMULATOR_KEY_CONSUMER)).json.code).toBe(414);
		expect(simulator.tasks).toHaveLength(0);
	});

	it('show their account, with numbers as strings or as numbers', async () => {
		expect((await account({ apikey: SIMULATOR_KEY_CONSUMER })).json.data).toEqual({
			remainCoins: '100000',
			currentTaskCounts: '0',
			remainMoney: null,
			currency: null,
			apiType: 'NORMAL',
		});
		simulator.switches.accountNumbers = 'number';
		const { json } = await account({ apikey: SIMULATOR_KEY });
		expect(at(json, 'data', 'remainMoney')).toBe(100_000);
		expect(at(json, 'data', 'currency')).toBe('CNY');
	});

	it('are limited in what they run at one time', async () => {
		simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: 1 });
		await submit(simulator);
		expect((await submit(simulator)).json.errorCode).toBe('1520');
		simulator.switches.capacityV2 = 'e1-421';
		expect((await submit(simulator)).json).toMatchObject({ code: 421, msg: 'TASK_QUEUE_MAXED' });
		simulator.switches.capacityV2 = 'e3-1003';
		expect((await submit(simulator)).json.errorCode).toBe('1003');
		const comfy = { workflowId: SIMULATOR_WORKFLOW_ID };
		expect((await v1(simulator, 'create', comfy)).json.code).toBe(421);
		expect(simulator.tasks).toHaveLength(1);

		for (let polls = 0; polls < 3; polls += 1) await query(simulator, simulator.tasks[0]?.taskId);
		expect((await submit(simulator)).json.errorCode).toBe('');
	});

	it('of rented machines are refused, or wait in their own queue', async () => {
		const key = SIMULATOR_KEY_EXCLUSIVE;
		simulator.addAccount(key, { concurrencyLimit: 1, personalQueueLimit: 1 });
		const comfy = { workflowId: SIMULATOR_WORKFLOW_ID };
		await v1(simulator, 'create', comfy, key);
		expect((await v1(simulator, 'create', comfy, key)).json.code).toBe(415);
		const queued = { ...comfy, usePersonalQueue: 'true' };
		expect((await v1(simulator, 'create', queued, key)).json.code).toBe(0);
		expect((await v1(simulator, 'create', queued, key)).json.code).toBe(814);

		const [first, second] = simulator.tasks;
		expect(second?.held).toBe(true);
		await v1(simulator, 'cancel', { taskId: first?.taskId }, key);
		expect(simulator.tasks[1]?.held).toBe(false);
	});
});
