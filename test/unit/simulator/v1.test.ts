import {
	TASK_SCRIPTS,
	SIMULATOR_KEY_CONSUMER,
	SIMULATOR_WORKFLOW_ID,
	SIMULATOR_WORKFLOW_NEVER_RUN_ID,
	startSimulator,
	type Simulator,
} from '../../simulator';
import { at, query, submit, v1 } from './client';

describe('v1', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const create = (changes: Record<string, unknown> = {}, key?: string) =>
		v1(simulator, 'create', { workflowId: SIMULATOR_WORKFLOW_ID, ...changes }, key);
	const override = (fieldValue: unknown, nodeId: unknown = '6', fieldName: unknown = 'text') =>
		create({ nodeInfoList: [{ nodeId, fieldName, fieldValue }] });

	it('runs a workflow through status and outputs to a file', async () => {
		const { json } = await create({
			nodeInfoList: [{ nodeId: 6, fieldName: 'text', fieldValue: 'x' }],
		});
		expect(json).toMatchObject({ code: 0, msg: 'success', data: { taskStatus: 'QUEUED' } });
		expect(at(json, 'data', 'netWssUrl')).toBeNull();
		const taskId = at(json, 'data', 'taskId');
		const status = await v1(simulator, 'status', { taskId });
		expect(status.json).toEqual({ code: 0, msg: '', data: 'QUEUED' });
		const running = await v1(simulator, 'outputs', { taskId });
		expect(running.json).toMatchObject({ code: 804, msg: 'APIKEY_TASK_IS_RUNNING' });
		expect(at(running.json, 'data', 'netWssUrl')).toMatch(/^wss:/);
		const done = await v1(simulator, 'outputs', { taskId });
		expect(at(done.json, 'data', 0)).toMatchObject({ fileType: 'png', nodeId: '9' });
		const file = await fetch(String(at(done.json, 'data', 0, 'fileUrl')));
		expect(file.headers.get('content-type')).toBe('image/png');
		expect((await v1(simulator, 'status', { taskId })).json.data).toBe('SUCCESS');
		expect((await query(simulator, taskId)).json.status).toBe('SUCCESS');
	});

	it('keeps the key out of the ledger’s copy of the request', async () => {
		await create({ webhookUrl: 'https://hook.example' });
		expect(simulator.tasks[0]).toMatchObject({
			endpoint: '/task/openapi/create',
			webhookUrl: 'https://hook.example',
		});
		expect(simulator.tasks[0]?.body).not.toHaveProperty('apiKey');
	});

	it.each([
		['no id', { workflowId: undefined }, 301],
		['an empty id', { workflowId: '' }, 301],
		['the id 0', { workflowId: '0' }, 301],
		['an id that is a number', { workflowId: Number(SIMULATOR_WORKFLOW_ID) }, 301],
		['an unknown id', { workflowId: '1900000000000100999' }, 380],
		['a workflow that never ran', { workflowId: SIMULATOR_WORKFLOW_NEVER_RUN_ID }, 810],
		['an unknown parameter', { workflowID: '1' }, 301],
		['a machine that does not exist', { instanceType: 'huge' }, 301],
		['a retention that is too long', { retainSeconds: 181 }, 301],
		['an inline workflow that is not text', { workflow: {} }, 301],
	])('refuses %s', async (_, changes, code) => {
		expect((await create(changes)).json.code).toBe(code);
		expect(simulator.tasks).toHaveLength(0);
	});

	it('accepts any id beside an inline workflow, but an existing one by a switch', async () => {
		const inline = { workflowId: '1', workflow: '{"1":{"class_type":"A","inputs":{}}}' };
		expect((await create(inline)).json.code).toBe(0);
		simulator.switches.inlineWorkflow = 'existingId';
		expect((await create(inline)).json.code).toBe(380);
	});

	it('checks the overrides of nodes', async () => {
		expect((await override('a cat')).json.code).toBe(0);
		expect((await override('a cat', '99')).json.code).toBe(803);
		expect((await override('a cat', '6', 'nope')).json.code).toBe(803);
		expect((await override(null)).json.code).toBe(803);
		expect((await override('a cat', '6', 'clip')).json.code).toBe(803);
		const invalid = await override('x.safetensors', '4', 'ckpt_name');
		expect(invalid.json.code).toBe(433);
		const errors = at(JSON.parse(String(invalid.json.msg)), 'node_errors', '4', 'errors');
		expect(errors).toHaveLength(1);
	});

	it('pays consumer keys’ tasks in coins', async () => {
		let clock = 1_800_000_000_000;
		const timed = await startSimulator({ now: () => clock });
		timed.nextTaskScripts({ runningMs: 83_000, end: { kind: 'success' } });
		const body = { workflowId: SIMULATOR_WORKFLOW_ID };
		const { json } = await v1(timed, 'create', body, SIMULATOR_KEY_CONSUMER);
		clock += 100_000;
		const taskId = at(json, 'data', 'taskId');
		const done = await v1(timed, 'outputs', { taskId }, SIMULATOR_KEY_CONSUMER);
		await timed.stop();
		expect(at(done.json, 'data', 0)).toMatchObject({
			taskCostTime: '83',
			consumeCoins: '17',
			consumeMoney: null,
		});
	});

	it('gives a text as a file', async () => {
		simulator.nextTaskScripts({ end: { kind: 'success', texts: ['hello'] } });
		const { json } = await create();
		const done = await v1(simulator, 'outputs', { taskId: at(json, 'data', 'taskId') });
		expect(at(done.json, 'data', 0, 'fileType')).toBe('txt');
		const file = await fetch(String(at(done.json, 'data', 0, 'fileUrl')));
		expect(await file.text()).toBe('hello');
	});

	it('says "not yet" in four ways', async () => {
		simulator.nextTaskScripts(TASK_SCRIPTS.never);
		const { json } = await create();
		const taskId = at(json, 'data', 'taskId');
		const outputs = async () => (await v1(simulator, 'outputs', { taskId })).json;
		expect(await outputs()).toMatchObject({ code: 813 });
		simulator.switches.outputsWhilePending = 'nullData';
		expect(await outputs()).toEqual({ code: 0, msg: 'success', data: null });
		simulator.switches.outputsWhilePending = 'stateInMsg';
		expect(await outputs()).toEqual({ code: 0, msg: 'APIKEY_TASK_IS_RUNNING', data: null });
		simulator.switches.outputsWhilePending = 'chineseMsg';
		expect(await outputs()).toEqual({ code: 0, msg: '任务运行中', data: null });
	});

	it('cancels', async () => {
		const { json } = await create();
		const taskId = at(json, 'data', 'taskId');
		const cancelled = await v1(simulator, 'cancel', { taskId });
		expect(cancelled.json).toEqual({ code: 0, msg: 'success', data: null });
		expect((await query(simulator, taskId)).json.status).toBe('CANCEL');
		simulator.switches.cancelStatus = 'CANCELLED';
		expect((await v1(simulator, 'status', { taskId })).json.data).toBe('CANCELLED');
		expect((await v1(simulator, 'outputs', { taskId })).json.code).toBe(805);
		expect((await v1(simulator, 'cancel', { taskId })).json.code).toBe(807);
		expect((await v1(simulator, 'cancel', { taskId: '5' })).json.code).toBe(807);
		simulator.switches.cancelUnknownTask = 423;
		expect((await v1(simulator, 'cancel', { taskId: '5' })).json.msg).toBe('TASK_NOT_FOUNED');
		expect((await v1(simulator, 'cancel', { taskId: '0' })).json.code).toBe(301);
	});

	it.each([
		['works', 0, 'CANCEL'],
		['refused', 807, 'RUNNING'],
		['ignored', 0, 'RUNNING'],
	] as const)('cancels a model’s task as the switch says: %s', async (mode, code, status) => {
		simulator.switches.cancelModelTask = mode;
		simulator.nextTaskScripts({ end: { kind: 'never' } });
		const { json } = await submit(simulator);
		expect((await v1(simulator, 'cancel', { taskId: json.taskId })).json.code).toBe(code);
		expect((await query(simulator, json.taskId)).json.status).toBe(status);
	});

	it('knows models’ tasks only by a switch', async () => {
		const { json } = await submit(simulator);
		const status = async () => (await v1(simulator, 'status', { taskId: json.taskId })).json.code;
		expect(await status()).toBe(807);
		simulator.switches.v1AnswersForModelTasks = true;
		expect(await status()).toBe(0);
	});

	it('does not know other paths', async () => {
		expect((await v1(simulator, 'nope', {})).json.code).toBe(412);
		const get = await fetch(`${simulator.baseUrl}/task/openapi/create`);
		expect(at(await get.json(), 'code')).toBe(412);
	});
});
