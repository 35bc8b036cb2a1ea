import { errorOf, itemsOf } from '../../scripts/lib/n8nApi';
import { freePort } from '../../scripts/lib/ports';
import { TASK_SCRIPTS, SIMULATOR_KEY } from '../simulator';
import {
	callWebhook,
	type N8nWithSimulator,
	startN8nWithSimulator,
	stopN8nWithSimulator,
	webhookWorkflow,
} from './harness';
import { CREDENTIAL } from './support/credential';
import { START_TIMEOUT } from './support/host';
import { until } from '../../scripts/lib/until';

let n8n: N8nWithSimulator;

beforeAll(async () => {
	n8n = await startN8nWithSimulator();
}, START_TIMEOUT);

afterAll(stopN8nWithSimulator, 60_000);

beforeEach(() => n8n.simulator.reset());

/** A Vidu video from the webhook's own prompt. */
const IMAGE_TO_VIDEO = {
	resource: 'vidu',
	operation: 'submitAndWait',
	mode: 'imageToVideo',
	model: 'vidu/image-to-video-q2-turbo',
	prompt: '={{ $json.body.prompt }}',
	imageUrl: 'https://example.com/fox.png',
	options: { pollInterval: 1 },
};

const taskIdPattern = /^\d{19}$/;

describe('the credential test', () => {
	const test = async (data: Record<string, unknown>) =>
		await n8n.api.testCredential({ ...n8n.credential, type: CREDENTIAL, data });

	it('passes with a good key', async () => {
		const { baseUrl } = n8n.simulator;
		const result = await test({ site: 'custom', baseUrl, apiKey: SIMULATOR_KEY });
		expect(result).toMatchObject({ status: 'OK' });
	});

	it('says that the key is wrong', async () => {
		const { baseUrl } = n8n.simulator;
		const { status, message } = await test({ site: 'custom', baseUrl, apiKey: 'wrong-key' });
		expect(status).toBe('Error');
		expect(message).toMatch(/key/i);
		expect(message).not.toContain('wrong-key');
	});

	it('says that the address cannot be reached', async () => {
		const baseUrl = `http://127.0.0.1:${await freePort()}`;
		const { status, message } = await test({ site: 'custom', baseUrl, apiKey: SIMULATOR_KEY });
		expect(status).toBe('Error');
		expect(message).toMatch(/cannot be reached/);
		expect(message).not.toContain(SIMULATOR_KEY);
	});
});

describe('the editor, before a node has ever run', () => {
	it('is told what comes out', async () => {
		const schemas = `${n8n.url}/schemas/n8n-nodes-runninghub.runningHub/1.0.0`;
		const answer = await fetch(`${schemas}/vidu/submitAndWait.json`);
		expect(await answer.json()).toMatchObject({
			type: 'object',
			properties: { taskId: {}, url: {}, results: { items: { properties: { url: {} } } } },
		});
	});
});

describe('a workflow with a webhook and a Vidu node', () => {
	it('answers with the finished video, paid for once', async () => {
		const { path, workflow } = webhookWorkflow(n8n, IMAGE_TO_VIDEO);
		const stored = await n8n.api.importWorkflow(workflow);
		await n8n.api.publish(stored);

		const { status, answer, execution } = await callWebhook(n8n, stored, path, {
			prompt: 'A fox runs through the snow',
		});

		expect(status).toBe(200);
		expect(answer).toMatchObject({
			taskId: expect.stringMatching(taskIdPattern),
			status: 'SUCCESS',
			source: 'vidu/image-to-video-q2-turbo',
			url: expect.stringMatching(n8n.simulator.filesUrl),
			error: null,
		});
		expect(execution.status).toBe('success');
		const items = itemsOf(execution, 'RunningHub');
		expect(items.map(({ json }) => json)).toEqual([answer]);

		expect(n8n.simulator.tasks.map(({ taskId }) => taskId)).toEqual([items[0]?.json.taskId]);
		expect(n8n.simulator.submits()).toHaveLength(1);
		expect(n8n.simulator.submits()[0]?.json).toMatchObject({
			prompt: 'A fox runs through the snow',
		});
	}, 60_000);

	it('ends in a readable error when the task fails', async () => {
		const { path, workflow } = webhookWorkflow(n8n, IMAGE_TO_VIDEO);
		const stored = await n8n.api.importWorkflow(workflow);
		await n8n.api.publish(stored);
		n8n.simulator.nextTaskScripts(TASK_SCRIPTS.fail);

		const { status, execution } = await callWebhook(n8n, stored, path, { prompt: 'A fox' });

		expect(status).toBe(500);
		expect(execution.status).toBe('error');
		const [task] = n8n.simulator.tasks;
		expect(JSON.stringify(errorOf(execution))).toContain(task?.taskId);
		expect(JSON.stringify(execution.data)).not.toContain(SIMULATOR_KEY);
	}, 60_000);

	it('keeps the id of a failed task with Continue On Fail', async () => {
		const { path, workflow } = webhookWorkflow(n8n, IMAGE_TO_VIDEO, {
			onError: 'continueRegularOutput',
		});
		const stored = await n8n.api.importWorkflow(workflow);
		await n8n.api.publish(stored);
		n8n.simulator.nextTaskScripts(TASK_SCRIPTS.fail);

		const { status, answer, execution } = await callWebhook(n8n, stored, path, {
			prompt: 'A fox',
		});

		expect(status).toBe(200);
		expect(execution.status).toBe('success');
		const [task] = n8n.simulator.tasks;
		expect(answer).toMatchObject({ taskId: task?.taskId, error: expect.anything() });
		expect(task?.taskId).toMatch(taskIdPattern);
	}, 60_000);

	it('stops asking when the execution is stopped', async () => {
		const { path, workflow } = webhookWorkflow(n8n, IMAGE_TO_VIDEO);
		const stored = await n8n.api.importWorkflow(workflow);
		await n8n.api.publish(stored);
		n8n.simulator.nextTaskScripts(TASK_SCRIPTS.never);

		const call = callWebhook(n8n, stored, path, { prompt: 'A fox' }).catch(() => undefined);
		await until('the task to be paid for', 60, () => n8n.simulator.tasks.length === 1);
		const [running] = await n8n.api.executions(stored.id);
		await n8n.api.stopExecution(running?.id ?? '');

		await call;
		const { status } = await n8n.api.finishedExecution(running?.id ?? '');
		expect(status).toBe('canceled');
		expect(n8n.simulator.tasks).toHaveLength(1);
	}, 60_000);
});
