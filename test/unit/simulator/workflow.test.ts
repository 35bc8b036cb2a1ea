import {
	SIMULATOR_KEY,
	SIMULATOR_KEY_EXCLUSIVE,
	SIMULATOR_PASSWORD,
	SIMULATOR_WORKFLOW_EVERY_VALUE_ID,
	SIMULATOR_WORKFLOW_ID,
	SIMULATOR_WORKFLOW_NEVER_RUN_ID,
	SIMULATOR_WORKFLOW_PRIVATE_ID,
	SIMULATOR_WORKFLOW_PROTECTED_ID,
	startSimulator,
	type Simulator,
} from '../../simulator';
import { at, bearer, isRecord, post, query, uploadSample, v1 } from './client';

describe('ComfyUI workflows', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const create = (changes: Record<string, unknown> = {}, key?: string) =>
		v1(simulator, 'create', { workflowId: SIMULATOR_WORKFLOW_ID, ...changes }, key);
	const run = (body: Record<string, unknown>, id = SIMULATOR_WORKFLOW_ID, key = SIMULATOR_KEY) =>
		post(`${simulator.baseUrl}/openapi/v2/run/workflow/${id}`, body, bearer(key));
	const graphOf = (workflowId: unknown, apiKey = SIMULATOR_KEY) =>
		post(`${simulator.baseUrl}/api/openapi/getJsonApiFormat`, { apiKey, workflowId });
	const change = (nodeId: string, fieldName: string, fieldValue: unknown) => ({
		nodeInfoList: [{ nodeId, fieldName, fieldValue }],
	});

	describe('as JSON', () => {
		it('are a text inside the JSON', async () => {
			const { json } = await graphOf(SIMULATOR_WORKFLOW_ID);
			expect(json).toMatchObject({ code: 0, msg: 'success' });
			const graph: unknown = JSON.parse(String(at(json, 'data', 'prompt')));
			expect(at(graph, '3', 'inputs', 'model')).toEqual(['11', 0]);
			expect(at(graph, '6', '_meta', 'title')).toBe('Prompt');
		});

		it('show every kind of value that an input can have', async () => {
			const { json } = await graphOf(SIMULATOR_WORKFLOW_EVERY_VALUE_ID);
			const inputs = at(JSON.parse(String(at(json, 'data', 'prompt'))), '20', 'inputs');
			const kinds = Object.values(isRecord(inputs) ? inputs : {}).map((value) =>
				Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value,
			);
			expect(new Set(kinds)).toEqual(
				new Set(['string', 'number', 'boolean', 'null', 'object', 'array']),
			);
		});

		it.each([
			['unknown', '1900000000000100999', 380],
			['never run', SIMULATOR_WORKFLOW_NEVER_RUN_ID, 810],
			['missing', undefined, 301],
			['a number', 5, 301],
			['somebody else’s', SIMULATOR_WORKFLOW_PRIVATE_ID, 1],
			['protected', SIMULATOR_WORKFLOW_PROTECTED_ID, 1],
		])('are refused when the id is %s', async (_, id, code) => {
			expect((await graphOf(id)).json).toMatchObject({ code, data: null });
		});

		it('need the key, and give a protected one by a switch', async () => {
			expect((await graphOf(SIMULATOR_WORKFLOW_ID, 'nobody')).json.code).toBe(802);
			simulator.switches.accessRefusal = 412;
			expect((await graphOf(SIMULATOR_WORKFLOW_PROTECTED_ID)).json.code).toBe(412);
			simulator.switches.protectedWorkflowJson = 'given';
			expect((await graphOf(SIMULATOR_WORKFLOW_PROTECTED_ID)).json.code).toBe(0);
		});
	});

	describe('on the v2 path', () => {
		it('run to a file, and tell their tasks in the flat form', async () => {
			const { json } = await run(change('6', 'text', 'a cat'));
			expect(json).toMatchObject({ status: 'QUEUED', errorCode: '', results: null });
			expect(json).not.toHaveProperty('code');
			expect(simulator.tasks[0]).toMatchObject({
				endpoint: `run/workflow/${SIMULATOR_WORKFLOW_ID}`,
				kind: 'comfyWorkflow',
			});
			await query(simulator, json.taskId);
			await query(simulator, json.taskId);
			const done = await query(simulator, json.taskId);
			expect(at(done.json, 'results', 0)).toMatchObject({ outputType: 'png', nodeId: '9' });
			expect(at(done.json, 'usage', 'consumeMoney')).toBe('0');
		});

		it('make what the workflow makes', async () => {
			simulator.nextTaskScripts({ end: { kind: 'success' } });
			const { json } = await run({ nodeInfoList: [] }, SIMULATOR_WORKFLOW_EVERY_VALUE_ID);
			const done = await query(simulator, json.taskId);
			expect(at(done.json, 'results', 0)).toMatchObject({ outputType: 'mp4', nodeId: '29' });
		});

		it('refuse in E1, or in E3 by a switch', async () => {
			const unknown = change('99', 'text', 'a cat');
			expect((await run(unknown)).json).toMatchObject({ code: 803, data: null });
			simulator.switches.runRefusalV2 = 'e3';
			expect((await run(unknown)).json).toMatchObject({ errorCode: '803', taskId: '' });
			simulator.switches.runRefusalV2 = 'e3-v2Codes';
			expect((await run(unknown)).json.errorCode).toBe('1101');
			expect(simulator.tasks).toHaveLength(0);
		});

		it.each([
			['without a list of changes', {}, SIMULATOR_WORKFLOW_ID, 301],
			['with a key in the body', { nodeInfoList: [], apiKey: 'x' }, SIMULATOR_WORKFLOW_ID, 301],
			['with an unknown id', { nodeInfoList: [] }, '1900000000000100999', 380],
			['that never ran', { nodeInfoList: [] }, SIMULATOR_WORKFLOW_NEVER_RUN_ID, 810],
			['that are private', { nodeInfoList: [] }, SIMULATOR_WORKFLOW_PRIVATE_ID, 1],
		])('are refused %s', async (_, body, id, code) => {
			expect((await run(body, id)).json.code).toBe(code);
			expect(simulator.tasks).toHaveLength(0);
		});

		it('look at the header for the key', async () => {
			expect((await run({ nodeInfoList: [] }, SIMULATOR_WORKFLOW_ID, 'nobody')).json).toMatchObject(
				{
					errorCode: '1002',
				},
			);
		});

		it('refuse when the key’s limit is reached', async () => {
			simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: 1 });
			await run({ nodeInfoList: [] });
			expect((await run({ nodeInfoList: [] })).json).toMatchObject({ code: 421 });
			simulator.switches.runRefusalV2 = 'e3-v2Codes';
			expect((await run({ nodeInfoList: [] })).json).toMatchObject({ errorCode: '1520' });
			expect(simulator.tasks).toHaveLength(1);
		});
	});

	it('open with their password only', async () => {
		const workflowId = SIMULATOR_WORKFLOW_PROTECTED_ID;
		expect((await create({ workflowId })).json.code).toBe(1);
		expect((await create({ workflowId, accessPassword: 'guess' })).json.code).toBe(1);
		const right = { accessPassword: SIMULATOR_PASSWORD };
		expect((await create({ workflowId, ...right })).json.code).toBe(0);
		const v2 = () => run({ nodeInfoList: [], ...right }, workflowId);
		expect((await v2()).json.code).toBe(1);
		simulator.switches.accessPasswordV2 = 'honoured';
		expect((await v2()).json.errorCode).toBe('');
	});

	describe('media inputs', () => {
		const picture = (value: unknown) => create(change('10', 'image', value));

		it('take the name of a file that was uploaded, not its address', async () => {
			const { fileName, downloadUrl } = await uploadSample(simulator);
			expect((await picture(fileName)).json.code).toBe(0);
			expect((await picture('example.png')).json.code).toBe(0);
			expect((await picture(downloadUrl)).json.code).toBe(803);
			expect((await picture('https://a.example/a.png')).json.code).toBe(803);
			expect((await picture('openapi/0000.png')).json.code).toBe(803);
			simulator.switches.appMediaUrls = true;
			expect((await picture(downloadUrl)).json.code).toBe(803);
		});

		it.each([
			['22', 'audio'],
			['23', 'file'],
			['24', 'video'],
			['25', 'upload'],
		])('are known of every loading node: %s %s', async (nodeId, fieldName) => {
			const workflowId = SIMULATOR_WORKFLOW_EVERY_VALUE_ID;
			const stranger = change(nodeId, fieldName, 'https://a.example/a');
			expect((await create({ workflowId, ...stranger })).json.code).toBe(803);
		});
	});

	it.each([
		['3', 'steps', '25', 0],
		['3', 'cfg', '7.5', 0],
		['3', 'steps', 'many', 803],
		['3', 'steps', '', 803],
		['3', 'steps', 25, 803],
		['3', 'model', 'x', 803],
	])('check the type of a new value: %s %s %p', async (nodeId, fieldName, value, code) => {
		expect((await create(change(nodeId, fieldName, value))).json.code).toBe(code);
	});

	it('check booleans, and take values that are no strings by a switch', async () => {
		const yes = (value: unknown) =>
			create({ workflowId: SIMULATOR_WORKFLOW_EVERY_VALUE_ID, ...change('20', 'yes', value) });
		expect((await yes('false')).json.code).toBe(0);
		expect((await yes('no')).json.code).toBe(803);
		expect((await yes(false)).json.code).toBe(803);
		simulator.switches.fieldValueTypes = 'any';
		expect((await yes(false)).json.code).toBe(0);
	});

	it('tell what ComfyUI has against a value in the refusal, in its data, or beside the task', async () => {
		const body = change('4', 'ckpt_name', 'x.safetensors');
		const nodeErrors = (text: unknown) => at(JSON.parse(String(text)), 'node_errors', '4');
		const details = "ckpt_name: 'x.safetensors' not in list";
		const expected = { class_type: 'CheckpointLoaderSimple', errors: [{ details }] };
		const first = (await create(body)).json;
		expect(first.code).toBe(433);
		expect(nodeErrors(first.msg)).toMatchObject(expected);

		simulator.switches.comfyValidation = '433-data';
		const second = (await create(body)).json;
		expect(second).toMatchObject({ code: 433, msg: 'VALIDATE_PROMPT_FAILED' });
		expect(nodeErrors(at(second, 'data', 'promptTips'))).toMatchObject(expected);
		expect(simulator.tasks).toHaveLength(0);

		simulator.switches.comfyValidation = 'created';
		const third = (await create(body)).json;
		expect(third.code).toBe(0);
		expect(nodeErrors(at(third, 'data', 'promptTips'))).toMatchObject(expected);
		expect(nodeErrors((await run(body)).json.promptTips)).toMatchObject(expected);
		expect(simulator.tasks).toHaveLength(2);
	});

	it('are not what the editor exports for itself', async () => {
		const inline = (workflow: unknown) =>
			create({ workflowId: '1', workflow: JSON.stringify(workflow) });
		const { json } = await inline({ nodes: [{ id: 1, type: 'KSampler' }], links: [] });
		expect(json.code).toBe(433);
		expect(String(json.msg)).toContain('class_type');
		expect((await inline({ '1': { class_type: 'KSampler', inputs: {} } })).json.code).toBe(0);
	});

	it('check changes against the saved workflow also when an inline one runs', async () => {
		const workflow = '{"1":{"class_type":"A","inputs":{"text":"x"}}}';
		const inline = { workflow, ...change('1', 'text', 'y') };
		expect((await create(inline)).json.code).toBe(803);
		expect((await create({ ...inline, workflowId: '1' })).json.code).toBe(803);
	});

	it('run on the machines that an exclusive key has', async () => {
		const exclusive = (body = {}) => create(body, SIMULATOR_KEY_EXCLUSIVE);
		expect((await exclusive()).json.code).toBe(0);
		expect((await exclusive({ instanceType: 'plus' })).json.code).toBe(435);
		simulator.addAccount(SIMULATOR_KEY_EXCLUSIVE, { machines: ['plus'] });
		expect((await exclusive()).json.code).toBe(435);
		expect((await exclusive({ instanceType: 'plus' })).json.code).toBe(0);
		simulator.addAccount(SIMULATOR_KEY_EXCLUSIVE, { subscriptionExpired: true });
		expect((await exclusive({ instanceType: 'plus' })).json.code).toBe(436);
	});
});
