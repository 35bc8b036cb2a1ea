import {
	SIMULATOR_KEY,
	SIMULATOR_QUICK_CREATE_CODE,
	SIMULATOR_QUICK_CREATE_ID,
	SIMULATOR_STYLE_TYPE,
	startSimulator,
	type Simulator,
} from '../../simulator';
import { at, bearer, post, query, uploadSample, v1 } from './client';

describe('Quick Create', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const item = (changes: Record<string, unknown> = {}) => ({
		nodeId: '52',
		nodeName: 'RH_Translator',
		fieldName: 'prompt',
		fieldType: 'STRING',
		fieldValue: 'a cat',
		description: 'what to draw',
		...changes,
	});
	const run = (changes: Record<string, unknown> = {}, key?: string) =>
		v1(
			simulator,
			'quick-ai-app/run',
			{
				webappId: SIMULATOR_QUICK_CREATE_ID,
				quickCreateCode: SIMULATOR_QUICK_CREATE_CODE,
				nodeInfoList: [item()],
				...changes,
			},
			key,
		);

	it('runs to a file', async () => {
		const { fileName } = await uploadSample(simulator);
		const picture = { nodeId: '39', fieldName: 'image', fieldType: 'IMAGE', fieldValue: fileName };
		const { json } = await run({ nodeInfoList: [item(), item(picture)] });
		expect(json).toMatchObject({ code: 0, data: { taskStatus: 'QUEUED' } });
		expect(simulator.tasks[0]).toMatchObject({ kind: 'quickCreate' });
		const taskId = at(json, 'data', 'taskId');
		await query(simulator, taskId);
		await query(simulator, taskId);
		expect((await query(simulator, taskId)).json.status).toBe('SUCCESS');
		expect(simulator.submits()).toHaveLength(1);
	});

	it.each(['nodeId', 'nodeName', 'fieldName', 'fieldType', 'fieldValue', 'description'])(
		'wants %s in every item, as a string',
		async (name) => {
			expect((await run({ nodeInfoList: [item({ [name]: undefined })] })).json.code).toBe(803);
			const { json } = await run({ nodeInfoList: [item({ [name]: 5 })] });
			expect([json.code, json.msg]).toEqual([803, expect.stringContaining(name)]);
			expect(simulator.tasks).toHaveLength(0);
		},
	);

	it.each([
		['an unknown module', { webappId: '1900000000000300999' }, 901],
		['a code that is a number', { quickCreateCode: 2 }, 301],
		['another module’s code', { quickCreateCode: '006' }, 301],
		['no code', { quickCreateCode: undefined }, 301],
		['no list', { nodeInfoList: undefined }, 301],
		['a member that nobody knows', { transactionId: '1' }, 301],
		['an option that is none', { nodeInfoList: [item({ nodeId: '99' })] }, 803],
	])('refuses %s', async (_, changes, code) => {
		expect((await run(changes)).json.code).toBe(code);
		expect(simulator.tasks).toHaveLength(0);
	});

	it('does with a callback address what the switch says', async () => {
		const webhookUrl = 'https://hook.example/x';
		expect((await run({ webhookUrl })).json.code).toBe(0);
		simulator.switches.quickCreateWebhook = 'refused';
		expect((await run({ webhookUrl })).json.code).toBe(301);
		simulator.switches.quickCreateWebhook = 'honoured';
		expect((await run({ webhookUrl })).json.code).toBe(0);
		expect(simulator.tasks.map((task) => task.webhookUrl)).toEqual([null, webhookUrl]);
	});

	describe('the styles', () => {
		const styles = (body: Record<string, unknown> = {}, headers = bearer(SIMULATOR_KEY)) =>
			post(
				`${simulator.baseUrl}/api/fast/creation/model/params`,
				{ type: SIMULATOR_STYLE_TYPE, webappId: SIMULATOR_QUICK_CREATE_ID, ...body },
				headers,
			);

		it('are those of the type', async () => {
			const { json } = await styles();
			expect(at(json, 'data', 0)).toMatchObject({
				id: '7',
				type: SIMULATOR_STYLE_TYPE,
				webappId: SIMULATOR_QUICK_CREATE_ID,
				modelKey: 'input1',
				modelLoar1FileName: 'papercut.safetensors',
				modelLoar1Weight: 0.7,
				modelLoar2FileName: null,
			});
			const preview = await fetch(String(at(json, 'data', 0, 'modelPreviewUrl')));
			expect(preview.status).toBe(200);
			expect((await styles({ type: 9 })).json.data).toEqual([]);
		});

		it('are refused without type, module or key', async () => {
			expect((await styles({ type: '2' })).json.code).toBe(301);
			expect((await styles({ webappId: undefined })).json.code).toBe(301);
			expect((await styles({ webappId: '1900000000000300999' })).json.code).toBe(901);
			expect((await styles({}, {})).json.errorCode).toBe('1002');
		});

		it('want the key where the switch says', async () => {
			simulator.switches.quickCreateStylesAuth = 'body';
			expect((await styles()).json.code).toBe(802);
			expect((await styles({ apiKey: SIMULATOR_KEY }, {})).json.code).toBe(0);
			simulator.switches.quickCreateStylesAuth = 'none';
			expect((await styles({}, {})).json.code).toBe(0);
		});
	});
});
