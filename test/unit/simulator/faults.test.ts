import {
	SIMULATOR_KEY,
	SIMULATOR_WORKFLOW_ID,
	startSimulator,
	type Simulator,
} from '../../simulator';
import { V1_NAMES, V2_NAMES } from '../../simulator/codes';
import { at, bearer, goodBody, post, query, runToEnd, submit, v1 } from './client';

const SUBMIT = { method: 'POST', path: '/openapi/v2/vidu/' };

describe('faults', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	it('stand in for an answer, and then are over', async () => {
		simulator.addFault({ match: SUBMIT, kind: 'http', status: 429, retryAfter: 3 });
		const url = `${simulator.baseUrl}/openapi/v2/vidu/text-to-video`;
		const refused = await fetch(url, { method: 'POST', body: '{}' });
		expect(refused.status).toBe(429);
		expect(refused.headers.get('retry-after')).toBe('3');
		expect((await submit(simulator)).json.errorCode).toBe('');
		expect(simulator.tasks).toHaveLength(1);
		expect(simulator.submits().map(({ status }) => status)).toEqual([429, 200]);
	});

	it('answer with refusals, HTML, nothing, broken JSON or a redirect', async () => {
		const match = SUBMIT;
		simulator.addFault({ match, kind: 'e1', code: 421, msg: 'TASK_QUEUE_MAXED' });
		simulator.addFault({ match, kind: 'e3', errorCode: '1011', errorMessage: 'busy' });
		simulator.addFault({ match, kind: 'html', status: 502 });
		simulator.addFault({ match, kind: 'emptyBody' });
		simulator.addFault({ match, kind: 'malformedJson' });
		simulator.addFault({ match, kind: 'redirect', url: 'http://elsewhere.example/' });
		expect((await submit(simulator)).json).toMatchObject({ code: 421, data: null });
		expect((await submit(simulator)).json).toMatchObject({ errorCode: '1011', taskId: '' });
		const html = await submit(simulator);
		expect([html.status, html.text.slice(0, 9)]).toEqual([502, '<!DOCTYPE']);
		expect((await submit(simulator)).text).toBe('');
		const broken = await submit(simulator);
		expect(broken.status).toBe(200);
		expect(() => JSON.parse(broken.text) as unknown).toThrow();
		expect((await submit(simulator)).status).toBe(302);
		expect(simulator.tasks).toHaveLength(0);
	});

	it('break the connection before the task is made', async () => {
		simulator.addFault({ match: SUBMIT, kind: 'dropBefore' });
		await expect(submit(simulator)).rejects.toThrow();
		expect(simulator.tasks).toHaveLength(0);
		expect(simulator.submits()[0]).not.toHaveProperty('status');
	});

	it('break the connection, or the answer, after the task was made', async () => {
		simulator.addFault({ match: SUBMIT, kind: 'dropAfter' });
		simulator.addFault({ match: SUBMIT, kind: 'truncate' });
		simulator.addFault({ match: SUBMIT, kind: 'httpAfter' });
		await expect(submit(simulator)).rejects.toThrow();
		await expect(submit(simulator)).rejects.toThrow();
		expect((await submit(simulator)).status).toBe(500);
		expect(simulator.tasks).toHaveLength(3);
	});

	it('make an answer late while the task is made at once', async () => {
		simulator.addFault({ match: SUBMIT, kind: 'slow', delayMs: 60_000 });
		const url = `${simulator.baseUrl}/openapi/v2/vidu/text-to-video`;
		const headers = {
			Authorization: `Bearer ${SIMULATOR_KEY}`,
			'Content-Type': 'application/json',
		};
		const body = JSON.stringify(goodBody());
		const given = new AbortController();
		const answer = fetch(url, { method: 'POST', headers, body, signal: given.signal });
		while (simulator.tasks.length === 0) await new Promise(setImmediate);
		given.abort();
		await expect(answer).rejects.toThrow();
		expect(simulator.tasks).toHaveLength(1);
	});

	it('choose their requests by method, path, pattern, number and order', async () => {
		simulator.addFault({
			match: { path: /\/query$/ },
			after: 1,
			times: 2,
			kind: 'e3',
			errorCode: '1005',
			errorMessage: 'internal error',
		});
		simulator.addFault({ match: { method: 'GET' }, kind: 'dropBefore', times: 'always' });
		const { json } = await submit(simulator);
		const errors = [];
		for (let polls = 0; polls < 4; polls += 1) {
			errors.push((await query(simulator, json.taskId)).json.errorCode);
		}
		expect(errors).toEqual(['', '1005', '1005', '']);
		expect(simulator.tasks[0]?.polls).toBe(2);
	});

	it.each(Object.keys(V1_NAMES).map(Number))(
		'refuse in E1 with code %i and its words',
		async (code) => {
			const path = '/task/openapi/create';
			simulator.addFault({ match: { path }, kind: 'e1', code, data: { hint: 1 } });
			const { json } = await v1(simulator, 'create', { workflowId: SIMULATOR_WORKFLOW_ID });
			expect(json).toMatchObject({ code, data: { hint: 1 } });
			expect(json.msg).not.toBe('');
			expect(simulator.tasks).toHaveLength(0);
		},
	);

	it.each(Object.keys(V2_NAMES))('refuse in E3 with code %s and its words', async (errorCode) => {
		simulator.addFault({ match: SUBMIT, kind: 'e3', errorCode });
		const { json } = await submit(simulator);
		expect(json).toMatchObject({ errorCode, taskId: '' });
		expect(json.errorMessage).toMatch(/^[^|]+ \| [^|]+$/);
		expect(simulator.tasks).toHaveLength(0);
	});

	it('hold ComfyUI’s errors in a 433', async () => {
		simulator.addFault({ match: {}, kind: 'e1', code: 433 });
		const { json } = await v1(simulator, 'create', { workflowId: SIMULATOR_WORKFLOW_ID });
		expect(at(JSON.parse(String(json.msg)), 'node_errors', '12', 'errors')).toHaveLength(1);
	});

	it('refuse in the upload’s own envelope', async () => {
		const path = '/openapi/v2/media/upload/binary';
		simulator.addFault({ match: { path }, kind: 'e2', code: 808 });
		const { json } = await post(`${simulator.baseUrl}${path}`, {}, bearer(SIMULATOR_KEY));
		expect(json).toEqual({ code: 808, message: 'APIKEY_UPLOAD_FAILED', data: null });
	});

	it('are made by a word in a submit', async () => {
		const prompt = (text: string) => submit(simulator, goodBody({ prompt: text }));
		expect((await prompt('a fox [refuse 1011]')).json).toMatchObject({ errorCode: '1011' });
		expect((await prompt('a fox [refuse 421]')).json).toMatchObject({ code: 421 });
		const nodeInfoList = [{ nodeId: '6', fieldName: 'text', fieldValue: '[Refuse 415]' }];
		const body = { workflowId: SIMULATOR_WORKFLOW_ID, nodeInfoList };
		expect((await v1(simulator, 'create', body)).json).toMatchObject({
			code: 415,
			msg: 'TASK_INSTANCE_MAXED',
		});
		expect(simulator.tasks).toHaveLength(0);
		expect((await prompt('a fox')).json.errorCode).toBe('');
	});

	it('hit downloads, too', async () => {
		simulator.nextTaskScripts({
			end: { kind: 'success', files: [{ type: 'mp4', bytes: 50_000 }] },
		});
		const { last } = await runToEnd(simulator);
		const url = String(at(last.json, 'results', 0, 'url'));
		const match = { origin: 'files', path: '/out/' } as const;
		simulator.addFault({ match, kind: 'http', status: 503 });
		simulator.addFault({ match, kind: 'dropBefore' });
		simulator.addFault({ match, kind: 'truncate', bytes: 100 });
		expect((await fetch(url)).status).toBe(503);
		await expect(fetch(url)).rejects.toThrow();
		await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow();
		expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(50_000);
	});
});
