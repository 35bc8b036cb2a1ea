import { SIMULATOR_KEY, startSimulator, type Simulator } from '../../simulator';
import { at, bearer, goodBody, post, query, runToEnd, submit, v1 } from './client';
import { startReceiver } from './receiver';

describe('control over HTTP', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const change = (command: string, body: unknown = {}) =>
		post(`${simulator.baseUrl}/__simulator/${command}`, body);
	const read = async (what: string): Promise<unknown> =>
		await (await fetch(`${simulator.baseUrl}/__simulator/${what}`)).json();

	it('reads requests, submits and tasks, and is not itself among them', async () => {
		await submit(simulator);
		await query(simulator, simulator.tasks[0]?.taskId);
		expect(await read('requests')).toHaveLength(2);
		expect(await read('requests?submits=1')).toHaveLength(1);
		expect(at(await read('tasks'), 0)).toMatchObject({ apiKey: SIMULATOR_KEY, status: 'RUNNING' });
		expect(await read('uploads')).toEqual([]);
		expect(at(await read('switches'), 'spelling')).toBe('camel');
	});

	it('scripts tasks by name or in full', async () => {
		const texts = { end: { kind: 'success', texts: ['hi'] } };
		expect((await change('task-scripts', ['moderation', texts])).status).toBe(200);
		expect((await runToEnd(simulator)).last.json.errorCode).toBe('1501');
		expect(at((await runToEnd(simulator)).last.json, 'results', 0, 'text')).toBe('hi');
		await change('default-task-script', '"cancel"');
		expect((await runToEnd(simulator)).last.json.status).toBe('CANCEL');
	});

	it('adds faults, accounts, workflows, and turns switches', async () => {
		await change('faults', { match: { pattern: '^/openapi/v2/vidu' }, kind: 'http', status: 503 });
		expect((await submit(simulator)).status).toBe(503);
		const key = 'n'.repeat(32);
		await change('accounts', { key, settings: { type: 'NORMAL' } });
		expect((await submit(simulator, {}, { key })).json.errorCode).toBe('1014');
		await change('workflows', { id: '77', workflow: { nodes: {} } });
		const body = { apiKey: SIMULATOR_KEY, workflowId: '77' };
		const created = await post(`${simulator.baseUrl}/task/openapi/create`, body);
		expect(created.json.code).toBe(0);
		await change('switches', { successCode: 200 });
		expect(simulator.switches.successCode).toBe(200);
	});

	it('adds apps and Quick Create modules', async () => {
		const fields = [
			{
				nodeId: '1',
				nodeName: 'Text',
				fieldName: 'text',
				fieldValue: 'x',
				fieldType: 'STRING',
				description: 'text',
			},
		];
		await change('apps', { id: '78', app: { name: 'Mine', description: '', fields } });
		const app = { webappId: '78', nodeInfoList: [] };
		expect((await v1(simulator, 'ai-app/run', app)).json.code).toBe(0);
		const module = { codes: ['001'], fields, styles: [] };
		await change('quick-creates', { webappId: '79', module });
		const quick = { webappId: '79', quickCreateCode: '001', nodeInfoList: [] };
		expect((await v1(simulator, 'quick-ai-app/run', quick)).json.code).toBe(0);
		expect(await read('requests?submits=1')).toHaveLength(2);
	});

	it('tells which downloads brought a key along', async () => {
		const url = `${simulator.filesUrl}/preview/a.png`;
		await fetch(url);
		await fetch(url, { headers: bearer(SIMULATOR_KEY) });
		expect(await read('leaks')).toMatchObject([{ credentials: ['header authorization'] }]);
		expect(await read('loras')).toEqual([]);
	});

	it('scripts callbacks, sends them, and reads how they were received', async () => {
		const receiver = await startReceiver();
		await change('default-task-script', { end: { kind: 'success' } });
		expect((await change('callback-plan', { kind: 'held' })).status).toBe(200);
		expect(await read('callback-plan')).toEqual({ kind: 'held' });
		await submit(simulator, goodBody({ webhookUrl: receiver.url }));
		await submit(simulator, goodBody({ webhookUrl: receiver.url }));
		const [first, second] = simulator.tasks.map(({ taskId }) => taskId);
		const released = await change('release-callbacks', { order: 'reverse' });
		expect(JSON.parse(released.text)).toMatchObject([{ taskId: second }, { taskId: first }]);
		const forged = await change('forge', { url: receiver.url, body: '{"ev' });
		expect(forged.json).toMatchObject({ status: 200, body: '{"ev' });
		const overrides = { status: 'FAILED' };
		const sent = await change('send-callback', { taskId: first, overrides });
		expect(sent.json).toMatchObject({ taskId: first, attempt: 1 });
		expect(await read('deliveries')).toHaveLength(4);
		await receiver.close();
	});

	it('resets', async () => {
		await submit(simulator);
		const last = simulator.tasks[0]?.taskId;
		await change('reset');
		expect(simulator.requests).toEqual([]);
		expect(simulator.tasks).toEqual([]);
		await submit(simulator);
		expect(simulator.tasks[0]?.taskId).not.toBe(last);
	});

	it('refuses what it does not know, with a reason', async () => {
		expect((await change('nope')).status).toBe(404);
		expect((await change('task-scripts', { end: { kind: 'explodes' } })).status).toBe(400);
		expect((await change('switches', { spelling: 'none' })).status).toBe(400);
		expect((await change('faults', '{')).status).toBe(400);
		expect((await change('callback-plan', { kind: 'late' })).status).toBe(400);
		expect((await change('release-callbacks', { order: 'sideways' })).status).toBe(400);
		expect((await change('forge', { url: 'nowhere', body: '' })).status).toBe(400);
		expect((await change('send-callback', { taskId: '1' })).text).toContain('no task 1');
		expect((await change('task-scripts', ['nobody'])).text).toContain('no script has this name');
	});
});
