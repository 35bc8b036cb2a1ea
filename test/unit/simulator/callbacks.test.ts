import type { ServerResponse } from 'node:http';
import {
	TASK_SCRIPTS,
	SIMULATOR_KEY_CONSUMER,
	SIMULATOR_APP_ID,
	SIMULATOR_WORKFLOW_ID,
	startSimulator,
	type CallbackPlan,
	type Delivery,
	type TaskScript,
	type Simulator,
	type Switches,
} from '../../simulator';
import { at, goodBody, query, submit, v1 } from './client';
import { hangsUp, neverAnswers, redirects, startReceiver, type Receiver } from './receiver';

const AT_ONCE: TaskScript = { end: { kind: 'success' } };
const NEVER: TaskScript = { end: { kind: 'never' } };

/** As a receiver reads a body: with every digit of the ids lost that came as numbers. */
const read = (text: string | undefined): unknown => JSON.parse(text ?? '');

describe('callbacks', () => {
	let simulator: Simulator;
	let receiver: Receiver;
	const events: Delivery[] = [];
	beforeAll(async () => {
		simulator = await startSimulator({
			defaultTaskScript: AT_ONCE,
			switches: { callbackRetryDelayMs: 20, callbackPollMs: 20 },
			onDelivery: (delivery) => events.push(delivery),
		});
	});
	beforeEach(async () => {
		receiver = await startReceiver();
	});
	afterEach(async () => {
		simulator.reset();
		events.length = 0;
		await receiver.close();
	});
	afterAll(() => simulator.stop());

	const turn = (switches: Partial<Switches>) => Object.assign(simulator.switches, switches);

	async function modelTask(script?: TaskScript): Promise<string> {
		if (script !== undefined) simulator.nextTaskScripts(script);
		const { json } = await submit(simulator, goodBody({ webhookUrl: receiver.url }));
		return String(json.taskId);
	}

	async function v1Task(script?: TaskScript): Promise<string> {
		if (script !== undefined) simulator.nextTaskScripts(script);
		const body = { workflowId: SIMULATOR_WORKFLOW_ID, webhookUrl: receiver.url };
		const { json } = await v1(simulator, 'create', body);
		return String(at(json, 'data', 'taskId'));
	}

	const planned = (callback: CallbackPlan, script: TaskScript = AT_ONCE): TaskScript => ({
		...script,
		callback,
	});
	const detail = async (taskId: string, key?: string) =>
		(await v1(simulator, 'getWebhookDetail', { taskId }, key)).json;

	describe('say', () => {
		it('for a model’s task the same as the v2 query, as an object', async () => {
			const taskId = await modelTask();
			const [call] = await receiver.called(1);
			expect(call).toMatchObject({ method: 'POST', path: '/hook' });
			expect(call?.headers['content-type']).toBe('application/json');
			const eventData = (await query(simulator, taskId)).json;
			expect(eventData.status).toBe('SUCCESS');
			expect(read(call?.text)).toEqual({ event: 'TASK_END', taskId, eventData });
		});

		it.each([
			['run/workflow', SIMULATOR_WORKFLOW_ID],
			['run/ai-app', SIMULATOR_APP_ID],
		])('for a task of %s the same as the v2 query', async (path, id) => {
			simulator.nextTaskScripts(AT_ONCE);
			const body = { nodeInfoList: [], webhookUrl: receiver.url };
			const { json } = await submit(simulator, body, { endpoint: `${path}/${id}` });
			const [call] = await receiver.called(1);
			const eventData = (await query(simulator, json.taskId)).json;
			expect(read(call?.text)).toEqual({ event: 'TASK_END', taskId: json.taskId, eventData });
		});

		it('for a v1 task of an app the same as v1 outputs', async () => {
			simulator.nextTaskScripts(AT_ONCE);
			const body = { webappId: SIMULATOR_APP_ID, nodeInfoList: [], webhookUrl: receiver.url };
			const { json } = await v1(simulator, 'ai-app/run', body);
			const [call] = await receiver.called(1);
			const taskId = at(json, 'data', 'taskId');
			const { text } = await v1(simulator, 'outputs', { taskId });
			expect(read(call?.text)).toEqual({ event: 'TASK_END', taskId, eventData: text });
		});

		it('for a v1 task the same as v1 outputs, as a string', async () => {
			const taskId = await v1Task();
			const [call] = await receiver.called(1);
			const { text } = await v1(simulator, 'outputs', { taskId });
			expect(text).toContain('"fileUrl":"http');
			expect(read(call?.text)).toEqual({ event: 'TASK_END', taskId, eventData: text });
		});

		it('how a task failed, in both forms', async () => {
			await modelTask(planned({ kind: 'normal' }, { end: { kind: 'moderation' } }));
			await v1Task({ end: { kind: 'nodeException' } });
			const [model, old] = await receiver.called(2);
			expect(at(read(model?.text), 'eventData')).toMatchObject({
				status: 'FAILED',
				errorCode: '1501',
			});
			const inner = read(String(at(read(old?.text), 'eventData')));
			expect(inner).toMatchObject({ code: 805, data: { failedReason: { node_id: '3' } } });
		});

		it('it in a form that is forced', async () => {
			turn({ callbackEventData: 'string' });
			await modelTask();
			turn({ callbackEventData: 'object' });
			await v1Task();
			turn({ callbackBody: 'flat' });
			await v1Task();
			await modelTask();
			const bodies = (await receiver.called(4)).map(({ text }) => read(text));
			expect(read(String(at(bodies[0], 'eventData')))).toMatchObject({ status: 'SUCCESS' });
			expect(at(bodies[1], 'eventData', 'code')).toBe(0);
			expect(bodies[2]).toMatchObject({ code: 0, msg: 'success' });
			expect(bodies[3]).toMatchObject({ status: 'SUCCESS', errorCode: '' });
		});

		it('numbers where the answers have strings', async () => {
			turn({ callbackTaskCostTime: 'number', callbackUsageListIds: 'number' });
			await v1Task();
			const modelId = await modelTask();
			const [old, model] = await receiver.called(2);
			const inner = read(String(at(read(old?.text), 'eventData')));
			expect(at(inner, 'data', 0, 'taskCostTime')).toBe(0);
			expect(model?.text).toContain(`"taskUsageList":[{"taskId":${modelId},`);
			expect(model?.text).toContain('"taskCostTime":0');
			const answer = (await query(simulator, modelId)).json;
			expect(answer.taskUsageList).toBeNull();
			expect(at(answer, 'usage', 'taskCostTime')).toBe('0');
		});

		it('nothing of a cancelled task, but by a switch', async () => {
			const silent = await modelTask({ end: { kind: 'cancelled' } });
			await simulator.callbacksIdle();
			expect(receiver.calls).toHaveLength(0);
			expect(await detail(silent)).toMatchObject({ code: 1, msg: 'webhook event not exists' });
			turn({ callbackOnCancel: true });
			const told = await modelTask(NEVER);
			await v1(simulator, 'cancel', { taskId: told });
			const [call] = await receiver.called(1);
			expect(read(call?.text)).toMatchObject({ taskId: told, eventData: { status: 'CANCEL' } });
		});
	});

	describe('come without anybody asking', () => {
		it('for scripts by milliseconds and for scripts by polls', async () => {
			const timed = await modelTask({ queuedMs: 10, runningMs: 10, end: { kind: 'success' } });
			const polled = await modelTask({
				createPolls: 1,
				queuedPolls: 1,
				runningPolls: 1,
				end: { kind: 'unknownStatus', status: 'PAUSED', polls: 1 },
			});
			const calls = await receiver.called(2);
			expect(calls.map(({ text }) => at(read(text), 'taskId'))).toEqual([timed, polled]);
			const task = simulator.tasks[1];
			expect(task).toMatchObject({ polls: 0, status: 'SUCCESS' });
			expect((task?.endedAt ?? 0) - (task?.createdAt ?? 0)).toBe(80);
		});

		it('or as soon as the polls have come', async () => {
			turn({ callbackPollMs: 1e6 });
			const taskId = await modelTask(TASK_SCRIPTS.success);
			const statuses: unknown[] = [];
			for (let polls = 0; polls < 3; polls += 1) {
				statuses.push((await query(simulator, taskId)).json.status);
			}
			expect(statuses).toEqual(['QUEUED', 'RUNNING', 'SUCCESS']);
			await receiver.called(1);
		});

		it('once, and only to those who gave an address', async () => {
			await submit(simulator);
			await modelTask();
			await receiver.called(1);
			await simulator.callbacksIdle();
			expect(receiver.calls).toHaveLength(1);
			expect(simulator.deliveries).toHaveLength(1);
		});
	});

	describe('are delivered', () => {
		it('again after a refusal, a broken connection or silence, until one is heard', async () => {
			turn({ callbackTimeoutMs: 400 });
			receiver.respond(503, hangsUp, neverAnswers, 204);
			const taskId = await modelTask();
			await receiver.called(4);
			await simulator.callbacksIdle();
			const { url, deliveries } = { ...receiver, ...simulator };
			expect(deliveries).toMatchObject([
				{ taskId, url, attempt: 1, status: 503, answer: '{"heard":1}' },
				{ taskId, url, attempt: 2, error: 'I/O error: socket hang up' },
				{ taskId, url, attempt: 3, error: 'I/O error: no answer within 400 ms' },
				{ taskId, url, attempt: 4, status: 204 },
			]);
			expect(deliveries.map(({ body }) => body)).toEqual(receiver.calls.map(({ text }) => text));
			expect(events).toEqual(deliveries);
			expect(await detail(taskId)).toMatchObject({
				data: { callbackStatus: 'SUCCESS', retryCount: 3 },
			});
		});

		it('no more often than told', async () => {
			turn({ callbackRetries: 1 });
			receiver.respond(500, 500, 500);
			const taskId = await modelTask();
			await receiver.called(2);
			await simulator.callbacksIdle();
			expect(receiver.calls).toHaveLength(2);
			expect(await detail(taskId)).toMatchObject({
				data: { callbackStatus: 'FAILED', retryCount: 1, callbackResponse: '{"heard":2}' },
			});
		});

		it('not to where a redirect points, but by a switch', async () => {
			turn({ callbackRetries: 0 });
			receiver.respond(redirects('/elsewhere', 307));
			await modelTask();
			await receiver.called(1);
			await simulator.callbacksIdle();
			expect(simulator.deliveries).toMatchObject([{ status: 307 }]);
			expect(receiver.calls).toHaveLength(1);

			turn({ callbackRedirects: 'followed' });
			receiver.respond(redirects('/elsewhere', 307), 200, redirects('/get', 302));
			await modelTask();
			await receiver.called(3);
			await modelTask();
			await receiver.called(5);
			expect(receiver.calls.slice(2)).toMatchObject([
				{ method: 'POST', path: '/elsewhere', text: receiver.calls[1]?.text },
				{ method: 'POST', path: '/hook' },
				{ method: 'GET', path: '/get', text: '' },
			]);
		});

		it('to nobody, with the reason told', async () => {
			turn({ callbackRetries: 0 });
			await receiver.close();
			await modelTask();
			await simulator.callbacksIdle();
			expect(simulator.deliveries[0]?.error).toMatch(/^I\/O error: connect ECONNREFUSED/);
		});
	});

	describe('misbehave', () => {
		it('late', async () => {
			const taskId = await modelTask(planned({ kind: 'late', delayMs: 50 }));
			expect(await detail(taskId)).toMatchObject({ data: { callbackStatus: 'PENDING' } });
			await receiver.called(1);
			const endedAt = simulator.tasks[0]?.endedAt ?? Infinity;
			await simulator.callbacksIdle();
			expect((simulator.deliveries[0]?.at ?? 0) - endedAt).toBeGreaterThanOrEqual(49);
		});

		it('lost', async () => {
			const taskId = await modelTask(planned({ kind: 'lost' }));
			await simulator.callbacksIdle();
			expect(receiver.calls).toHaveLength(0);
			expect(await detail(taskId)).toMatchObject({
				data: { callbackStatus: 'PENDING', callbackResponse: '', retryCount: 0 },
			});
		});

		it('doubled, at once or spaced', async () => {
			await modelTask(planned({ kind: 'doubled' }));
			await modelTask(planned({ kind: 'doubled', times: 3, everyMs: 20 }));
			await receiver.called(5);
			await simulator.callbacksIdle();
			const [first, ...others] = simulator.deliveries.filter(
				({ taskId }) => taskId === simulator.tasks[1]?.taskId,
			);
			expect(others).toHaveLength(2);
			const endedAt = simulator.tasks[1]?.endedAt ?? Infinity;
			expect((others[1]?.at ?? 0) - endedAt).toBeGreaterThanOrEqual(39);
			expect(others.every(({ body }) => body === first?.body)).toBe(true);
		});

		it('early, with a success that is none, and rightly at the end', async () => {
			simulator.callbackPlan = { kind: 'early' };
			const taskId = await modelTask(NEVER);
			const [early] = await receiver.called(1);
			expect((await query(simulator, taskId)).json.status).toBe('RUNNING');
			const claim = read(early?.text);
			expect(claim).toMatchObject({ taskId, eventData: { taskId, status: 'SUCCESS' } });
			const url = String(at(claim, 'eventData', 'results', 0, 'url'));
			expect((await fetch(url)).status).toBe(404);
			expect(await detail(taskId)).toMatchObject({ code: 1 });
			turn({ callbackOnCancel: true });
			await v1(simulator, 'cancel', { taskId });
			const [, end] = await receiver.called(2);
			expect(at(read(end?.text), 'eventData', 'status')).toBe('CANCEL');
		});

		it('early, and never again', async () => {
			const early = planned({ kind: 'early', andAtEnd: false }, { ...AT_ONCE, runningMs: 100 });
			const v1Id = await v1Task(early);
			const [call] = await receiver.called(1);
			expect(read(String(at(read(call?.text), 'eventData')))).toMatchObject({ code: 0 });
			const ended = async () => (await detail(v1Id)).code === 0;
			while (!(await ended()));
			await simulator.callbacksIdle();
			expect(receiver.calls).toHaveLength(1);
		});

		it('with the wrong end', async () => {
			simulator.callbackPlan = { kind: 'wrongStatus' };
			await modelTask();
			await v1Task();
			await modelTask({ end: { kind: 'moderation' } });
			const bodies = (await receiver.called(3)).map(({ text }) => read(text));
			expect(at(bodies[0], 'eventData')).toMatchObject({
				status: 'FAILED',
				errorCode: '1015',
				results: null,
			});
			expect(read(String(at(bodies[1], 'eventData')))).toMatchObject({ code: 805 });
			expect(at(bodies[2], 'eventData')).toMatchObject({ status: 'SUCCESS', errorCode: '' });
			expect(at(bodies[2], 'eventData', 'results')).toHaveLength(1);
		});

		it('for a task that nobody has', async () => {
			const taskId = await modelTask(planned({ kind: 'unknownTask' }));
			await modelTask(planned({ kind: 'unknownTask', taskId: '7' }));
			const bodies = (await receiver.called(2)).map(({ text }) => read(text));
			const named = String(at(bodies[0], 'taskId'));
			expect(named).toMatch(/^\d{19}$/);
			expect(simulator.tasks.map((task) => task.taskId)).not.toContain(named);
			expect(at(bodies[0], 'eventData', 'taskId')).toBe(named);
			expect(at(bodies[1], 'taskId')).toBe('7');
			await simulator.callbacksIdle();
			expect(simulator.deliveries[0]?.taskId).toBe(taskId);
		});

		it('in parts', async () => {
			await modelTask(planned({ kind: 'partial' }));
			const taskId = await modelTask(planned({ kind: 'partial', form: 'noEventData' }));
			const [broken, empty] = await receiver.called(2);
			expect(broken?.text).toMatch(/^\{"event":"TASK_END","taskId":"\d{19}"/);
			expect(() => read(broken?.text)).toThrow(SyntaxError);
			expect(read(empty?.text)).toEqual({ event: 'TASK_END', taskId });
		});
	});

	describe('held', () => {
		const held = async (count: number): Promise<string[]> => {
			simulator.callbackPlan = { kind: 'held' };
			const ids: string[] = [];
			while (ids.length < count) ids.push(await modelTask());
			await simulator.callbacksIdle();
			expect(receiver.calls).toHaveLength(0);
			return ids;
		};
		const named = () => receiver.calls.map(({ text }) => String(at(read(text), 'taskId')));

		it('are released in order, in reverse, shuffled', async () => {
			const ids = await held(3);
			const deliveries = await simulator.releaseCallbacks();
			expect(deliveries).toMatchObject(ids.map((taskId) => ({ taskId, status: 200 })));
			expect(named()).toEqual(ids);
			receiver.calls.length = 0;
			const others = await held(3);
			await simulator.releaseCallbacks({ order: 'reverse' });
			expect(named()).toEqual(others.toReversed());
			receiver.calls.length = 0;
			const last = await held(3);
			await simulator.releaseCallbacks({ order: 'shuffled' });
			expect(named().sort()).toEqual(last.sort());
			expect(await simulator.releaseCallbacks()).toEqual([]);
		});

		it('are released one after another, or all at once', async () => {
			await held(2);
			const open = new Set<ServerResponse>();
			const answerAll = () => {
				for (const response of open) response.end();
				open.clear();
			};
			let most = 0;
			const slow = (response: ServerResponse) => {
				most = Math.max(most, open.add(response).size);
				setTimeout(answerAll, 30);
			};
			receiver.respond(slow, slow);
			await simulator.releaseCallbacks();
			expect(most).toBe(1);

			receiver.calls.length = 0;
			await held(2);
			const together = (response: ServerResponse) => {
				if (open.add(response).size === 2) answerAll();
			};
			receiver.respond(together, together);
			const both = await simulator.releaseCallbacks({ atOnce: true });
			expect(both).toMatchObject([{ status: 200 }, { status: 200 }]);
		});

		it('are retried when they are not heard', async () => {
			const [taskId] = await held(1);
			receiver.respond(409);
			expect(await simulator.releaseCallbacks()).toMatchObject([{ status: 409, attempt: 1 }]);
			await receiver.called(2);
			await simulator.callbacksIdle();
			expect(simulator.deliveries).toMatchObject([
				{ taskId, attempt: 1 },
				{ taskId, attempt: 2, status: 200 },
			]);
		});
	});

	describe('by hand', () => {
		it('tell how a task stands, or what they are told to', async () => {
			const taskId = await modelTask(NEVER);
			await simulator.sendCallback(taskId);
			const other = `${receiver.url}/other?x=1`;
			await simulator.sendCallback(taskId, { url: other, status: 'FAILED', event: 'TASK_STOP' });
			await simulator.sendCallback(taskId, { taskId: '5', eventData: false });
			const bodies = receiver.calls.map(({ text }) => read(text));
			expect(at(bodies[0], 'eventData', 'status')).toBe('RUNNING');
			expect(receiver.calls[1]?.path).toBe('/hook/other?x=1');
			expect(bodies[1]).toMatchObject({ event: 'TASK_STOP', eventData: { status: 'FAILED' } });
			expect(bodies[2]).toEqual({ event: 'TASK_END', taskId: '5' });
		});

		it('need a task and an address', async () => {
			await expect(simulator.sendCallback('5')).rejects.toThrow('no task 5');
			const { json } = await submit(simulator);
			await expect(simulator.sendCallback(String(json.taskId))).rejects.toThrow('webhookUrl');
		});

		it('are forged, and tried once', async () => {
			receiver.respond(500);
			const body = { event: 'TASK_END', taskId: '1', eventData: {} };
			const delivery = await simulator.forgeCallback(receiver.url, body);
			expect(delivery).toMatchObject({ taskId: '1', attempt: 1, status: 500 });
			expect(await simulator.forgeCallback(receiver.url, '{"ev')).toMatchObject({ taskId: '' });
			expect((await simulator.forgeCallback('nowhere', '')).error).toContain('Invalid URL');
			await simulator.callbacksIdle();
			expect(receiver.calls.map(({ text }) => text)).toEqual([JSON.stringify(body), '{"ev']);
			expect(simulator.deliveries).toHaveLength(3);
		});
	});

	describe('on record', () => {
		it('are described', async () => {
			const taskId = await v1Task();
			await receiver.called(1);
			await simulator.callbacksIdle();
			const { text } = await v1(simulator, 'outputs', { taskId });
			const { code, data } = await detail(taskId);
			expect(code).toBe(0);
			const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) as unknown;
			expect(data).toEqual({
				id: expect.stringMatching(/^\d{19}$/) as unknown,
				userApiKey: 'simu********0000',
				taskId,
				webhookUrl: receiver.url,
				eventData: text,
				callbackStatus: 'SUCCESS',
				callbackResponse: '{"heard":1}',
				retryCount: 0,
				createTime: time,
				updateTime: time,
			});
		});

		it('are nobody else’s, and not there without an address', async () => {
			const taskId = await modelTask();
			const { json } = await submit(simulator);
			const missing = { code: 1, msg: 'webhook event not exists', data: null };
			expect(await detail(String(json.taskId))).toEqual(missing);
			expect(await detail(taskId, SIMULATOR_KEY_CONSUMER)).toEqual(missing);
			expect(await detail('12')).toEqual(missing);
			expect(await detail('0')).toMatchObject({ code: 301 });
			expect(await detail(taskId, 'nobody')).toMatchObject({ code: 802 });
		});

		it('are sent again, rightly, to the same or to a new address', async () => {
			const taskId = await modelTask(planned({ kind: 'lost' }));
			const webhookId = at(await detail(taskId), 'data', 'id');
			const again = async (more = {}) =>
				(await v1(simulator, 'retryWebhook', { webhookId, ...more })).json;
			expect(await again()).toEqual({ code: 0, msg: '', data: null });
			await receiver.called(1);
			await simulator.callbacksIdle();
			expect(await detail(taskId)).toMatchObject({
				data: { callbackStatus: 'SUCCESS', retryCount: 1 },
			});
			const webhookUrl = `${receiver.url}/new`;
			expect(await again({ webhookUrl })).toMatchObject({ code: 0 });
			await receiver.called(2);
			await simulator.callbacksIdle();
			expect(receiver.calls[1]).toMatchObject({ path: '/hook/new', text: receiver.calls[0]?.text });
			expect(await detail(taskId)).toMatchObject({ data: { webhookUrl, retryCount: 2 } });
		});

		it('take the place of the retries that still wait', async () => {
			turn({ callbackRetryDelayMs: 1000 });
			receiver.respond(500);
			const taskId = await modelTask();
			await receiver.called(1);
			const webhookId = at(await detail(taskId), 'data', 'id');
			await v1(simulator, 'retryWebhook', { webhookId });
			await simulator.callbacksIdle();
			expect(receiver.calls).toHaveLength(2);
			expect(simulator.deliveries).toMatchObject([{ status: 500 }, { status: 200, attempt: 1 }]);
		});

		it('are not sent again for wrong ids, wrong addresses and strangers', async () => {
			const taskId = await modelTask(planned({ kind: 'lost' }));
			const webhookId = at(await detail(taskId), 'data', 'id');
			const code = async (body: Record<string, unknown>, key?: string) =>
				(await v1(simulator, 'retryWebhook', body, key)).json.code;
			expect(await code({ webhookId: taskId })).toBe(1);
			expect(await code({ webhookId }, SIMULATOR_KEY_CONSUMER)).toBe(1);
			expect(await code({})).toBe(301);
			expect(await code({ webhookId, webhookUrl: 'ftp://x' })).toBe(301);
			await simulator.callbacksIdle();
			expect(receiver.calls).toHaveLength(0);
		});
	});

	describe('end', () => {
		it('with a reset: what waits, what is on its way, what is held', async () => {
			turn({ callbackRetryDelayMs: 1e6 });
			receiver.respond(neverAnswers, 500);
			await modelTask();
			await receiver.called(1);
			await modelTask();
			await receiver.called(2);
			await modelTask(planned({ kind: 'late', delayMs: 1e6 }));
			await modelTask(planned({ kind: 'held' }));
			simulator.callbackPlan = { kind: 'lost' };
			simulator.reset();
			await simulator.callbacksIdle();
			expect(simulator.deliveries).toEqual([]);
			expect(simulator.callbackPlan).toEqual({ kind: 'normal' });
			expect(await simulator.releaseCallbacks()).toEqual([]);
			await modelTask();
			await receiver.called(3);
			await simulator.callbacksIdle();
			expect(simulator.deliveries).toHaveLength(1);
		});

		it('in the middle of a release', async () => {
			simulator.callbackPlan = { kind: 'held' };
			await modelTask();
			await modelTask();
			receiver.respond(neverAnswers);
			const released = simulator.releaseCallbacks();
			await receiver.called(1);
			simulator.reset();
			expect(await released).toHaveLength(1);
			expect(receiver.calls).toHaveLength(1);
			expect(simulator.deliveries).toEqual([]);
		});

		it('with a stop, and what was delivered stays readable', async () => {
			const other = await startSimulator({
				defaultTaskScript: AT_ONCE,
				callbackPlan: { kind: 'doubled', everyMs: 1e6 },
			});
			await submit(other, goodBody({ webhookUrl: receiver.url }));
			await receiver.called(1);
			receiver.respond(neverAnswers);
			const sent = other.forgeCallback(receiver.url, {});
			await receiver.called(2);
			await other.stop();
			await other.callbacksIdle();
			expect((await sent).error).toContain('aborted');
			expect(other.deliveries).toHaveLength(1);
			expect((await other.forgeCallback(receiver.url, {})).error).toContain('aborted');
			expect(receiver.calls).toHaveLength(2);
		});
	});
});
