import { TASK_SCRIPTS, startSimulator, type Simulator, type Switches } from '../../simulator';
import { at, goodBody, query, runToEnd, submit } from './client';

describe('switches', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator({ switches: { successMessage: 'SUCCESS' } });
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const turn = (switches: Partial<Switches>) => Object.assign(simulator.switches, switches);

	it('go back on reset to how the simulator was started', () => {
		turn({ successMessage: '', successCode: 200 });
		simulator.reset();
		expect(simulator.switches).toMatchObject({ successMessage: 'SUCCESS', successCode: 0 });
	});

	it('write ids as JSON numbers without losing a digit', async () => {
		turn({ taskIdInSubmit: 'number', taskUsageList: 'number' });
		simulator.nextTaskScripts({ end: { kind: 'success' } });
		const { text } = await submit(simulator);
		const taskId = simulator.tasks[0]?.taskId ?? '';
		expect(text).toContain(`"taskId":${taskId},`);
		const answer = await query(simulator, taskId);
		expect(answer.text).toContain(`"taskUsageList":[{"taskId":${taskId},`);
		expect(answer.text).toContain(`{"taskId":"${taskId}",`);
	});

	it('spell the members in snake case', async () => {
		turn({ spelling: 'snake' });
		expect((await submit(simulator)).json).toMatchObject({
			task_id: simulator.tasks[0]?.taskId,
			error_code: '',
			error_message: '',
		});
	});

	it.each<[Switches['promptTips'], unknown]>([
		['empty', ''],
		['null', null],
		['invalid', '{"result": true, "err'],
	])('change promptTips: %s', async (promptTips, value) => {
		turn({ promptTips });
		expect((await submit(simulator)).json.promptTips).toBe(value);
	});

	it('report node errors on a task that was made', async () => {
		turn({ promptTips: 'nodeErrors' });
		const tips: unknown = JSON.parse(String((await submit(simulator)).json.promptTips));
		expect(at(tips, 'node_errors', '12', 'class_type')).toBe('CheckpointLoaderSimple');
		expect(simulator.tasks).toHaveLength(1);
	});

	it.each<[Switches['refusalBody'], string | null]>([
		['empty', ''],
		['null', null],
	])('refuse with an empty id and state, or with none: %s', async (refusalBody, nothing) => {
		turn({ refusalBody, refusalWords: 'english', modelsNotOffered: ['vidu/text-to-video'] });
		const { json } = await submit(simulator, goodBody(), { endpoint: 'vidu/text-to-video' });
		expect(json).toMatchObject({ taskId: nothing, status: nothing, errorCode: '40310' });
		expect(json.errorMessage).not.toContain('|');
		expect(simulator.tasks).toHaveLength(0);
	});

	it('word a success', async () => {
		turn({ successWord: 'COMPLETED' });
		simulator.nextTaskScripts({ end: { kind: 'success' } });
		const taskId = String((await submit(simulator)).json.taskId);
		expect((await query(simulator, taskId)).json.status).toBe('COMPLETED');
	});

	it.each<[Switches['resultsForm'], (url: string) => unknown]>([
		['list', (url) => ({ results: [{ url }] })],
		['addresses', (url) => ({ results: [url] })],
		['address', (url) => ({ results: url })],
		['object', (url) => ({ results: { url } })],
		['jsonText', (url) => ({ results: expect.stringContaining(`"url":"${url}"`) as unknown })],
		['besideStatus', (url) => ({ results: null, outputUrl: url })],
	])('give results as %s', async (resultsForm, form) => {
		turn({ resultsForm });
		simulator.nextTaskScripts({ end: { kind: 'success' } });
		const taskId = String((await submit(simulator)).json.taskId);
		const { json } = await query(simulator, taskId);
		expect(json).toMatchObject(Object(form(simulator.tasks[0]?.results[0]?.url ?? '')));
	});

	it.each<[Switches['textLength'], string]>([
		['utf16', '1007'],
		['codePoints', ''],
	])('count a text in %s', async (textLength, errorCode) => {
		turn({ textLength });
		const { json } = await submit(simulator, goodBody({ prompt: '🦊'.repeat(3_000) }));
		expect(json.errorCode).toBe(errorCode);
	});

	it('change the words and members of results', async () => {
		turn({
			outputType: 'word',
			resultUrlKey: 'outputUrl',
			resultTextKey: 'content',
			statusCase: 'lower',
			taskCostTime: 'number',
			emptyFailedReason: 'null',
		});
		simulator.nextTaskScripts({
			end: { kind: 'success', files: [{ type: 'mp4' }], texts: ['hi'] },
		});
		const { last } = await runToEnd(simulator);
		expect(last.json).toMatchObject({ status: 'success', failedReason: null });
		expect(at(last.json, 'usage', 'taskCostTime')).toBe(0);
		expect(at(last.json, 'results', 0)).toMatchObject({ outputType: 'video', content: null });
		expect(at(last.json, 'results', 0, 'outputUrl')).toMatch(/^http/);
		expect(at(last.json, 'results', 1)).toMatchObject({ outputType: 'text', content: 'hi' });
	});

	it('fill the error code while the task runs', async () => {
		turn({ errorCodeWhileRunning: '1005' });
		const { json } = await submit(simulator);
		expect((await query(simulator, json.taskId)).json.errorCode).toBe('');
		const running = await query(simulator, json.taskId);
		expect(running.json).toMatchObject({ status: 'RUNNING', errorCode: '1005' });
		expect((await query(simulator, json.taskId)).json.errorCode).toBe('');
	});

	it('write the reason of a failure as a string', async () => {
		turn({ failedReason: 'string' });
		simulator.nextTaskScripts(TASK_SCRIPTS.fail);
		const { last } = await runToEnd(simulator);
		expect(typeof last.json.failedReason).toBe('string');
	});

	it('accept data URIs, send refusals with another HTTP status, take the price preview away', async () => {
		turn({ acceptDataUris: true, errorHttpStatusV2: 400, pricePreview: 'missing' });
		const endpoint = 'vidu/start-end-to-video-q3-pro-fast';
		const image = 'data:image/png;base64,AA==';
		const body = { firstImageUrl: image, lastImageUrl: image };
		expect((await submit(simulator, body, { endpoint })).json.errorCode).toBe('');
		const refused = await submit(simulator, goodBody({ duration: 5 }));
		expect([refused.status, refused.json.errorCode]).toEqual([400, '1007']);
		const preview = await submit(simulator, goodBody(), {
			endpoint: 'price-preview/vidu/text-to-video',
		});
		expect(preview.json.errorCode).toBe('1001');
	});
});
