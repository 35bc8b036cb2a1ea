import { randomUUID } from 'node:crypto';
import { itemsOf, type StoredWorkflow, type WorkflowNode } from '../../scripts/lib/n8nApi';
import { type Delivery, type TaskScript, type Simulator, startSimulator } from '../simulator';
import {
	CREDENTIAL,
	credentialData,
	NODE,
	saveCredential,
	type SavedCredential,
} from './support/credential';
import { node, to } from './support/testWorkflow';
import { until } from '../../scripts/lib/until';
import { useN8n } from './support/useN8n';

const TRIGGER = 'n8n-nodes-runninghub.runningHubTrigger';

/** Ends soon; what becomes of its callback is the test's to say. */
const ending = (
	callback: TaskScript['callback'],
	end: TaskScript['end'] = { kind: 'success' },
): TaskScript => ({
	runningMs: 300,
	callback,
	end,
});
const HELD = ending({ kind: 'held' });
const NEVER: TaskScript = { end: { kind: 'never' } };
/** For tasks that end by being asked, and by nothing else. */
const LONG_MS = 600_000;

const NOTHING_STARTED = { status: 200, answer: expect.stringContaining('not started') };
const NOT_ENDED = { status: 503, answer: expect.stringContaining('call again') };

const n8n = useN8n();
let simulator: Simulator;
let credential: SavedCredential;

beforeAll(async () => {
	simulator = await startSimulator({
		defaultTaskScript: ending({ kind: 'normal' }),
		switches: { callbackRetries: 240, callbackRetryDelayMs: 500 },
	});
	credential = await saveCredential(n8n.host.api, credentialData(simulator));
});

afterAll(async () => await simulator?.stop());

beforeEach(() => simulator.reset());

jest.setTimeout(180_000);

const withKey = (key = credential) => ({ credentials: { [CREDENTIAL]: key } });
const start = () => node('Start', 'n8n-nodes-base.manualTrigger', 1, {});

interface Triggered {
	workflow: StoredWorkflow;
	/** Production and test URL, as the editor shows them. */
	url: string;
	testUrl: string;
}

/** RunningHub Trigger → a node behind it. */
async function importTriggered(parameters: Record<string, unknown> = {}): Promise<Triggered> {
	const webhookId = randomUUID();
	const workflow = await n8n.host.api.importWorkflow({
		name: `Triggered ${webhookId}`,
		nodes: [
			node('RunningHub Trigger', TRIGGER, 1, parameters, { webhookId, ...withKey() }),
			node('Behind', 'n8n-nodes-base.noOp', 1, {}),
		],
		connections: { 'RunningHub Trigger': to('Behind') },
		settings: { executionOrder: 'v1' },
	});
	return {
		workflow,
		url: `${n8n.host.url}/webhook/${webhookId}/runninghub`,
		testUrl: `${n8n.host.url}/webhook-test/${webhookId}/runninghub`,
	};
}

async function publishTriggered(parameters?: Record<string, unknown>): Promise<Triggered> {
	const triggered = await importTriggered(parameters);
	await n8n.host.api.publish(triggered.workflow);
	return triggered;
}

/** Runs a workflow that starts by hand, and gives what its last node made. */
async function runByHand(nodes: WorkflowNode[], last: string) {
	const names = ['Start', ...nodes.map(({ name }) => name)];
	const workflow = await n8n.host.api.importWorkflow({
		name: `By hand ${randomUUID()}`,
		nodes: [start(), ...nodes],
		connections: Object.fromEntries(
			names.slice(0, -1).map((name, index) => [name, to(names[index + 1] ?? '')]),
		),
		settings: { executionOrder: 'v1' },
	});
	const id = await n8n.host.api.runWorkflow(workflow, 'Start');
	const execution = await n8n.host.api.finishedExecution(id, 90);
	return { execution, items: itemsOf(execution, last).map(({ json }) => json) };
}

/** Submits a task for each scene, in a workflow of its own that does not wait; gives the task ids. */
async function submit(
	callbackUrl: string,
	scenes: readonly string[] = ['A fox'],
	key = credential,
): Promise<string[]> {
	const jsonOutput = JSON.stringify({ scenes: scenes.map((scene) => ({ scene })) });
	const { execution, items } = await runByHand(
		[
			node('Scenes', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput, options: {} }),
			node('Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'scenes', options: {} }),
			node(
				'Submit',
				NODE,
				1,
				{
					resource: 'vidu',
					operation: 'submit',
					mode: 'imageToVideo',
					model: 'vidu/image-to-video-q2-turbo',
					prompt: '={{ $json.scene }}',
					imageUrl: 'https://example.com/fox.png',
					options: callbackUrl === '' ? {} : { callbackUrl },
				},
				withKey(key),
			),
		],
		'Submit',
	);
	expect(execution.status).toBe('success');
	expect(items).toHaveLength(scenes.length);
	return items.map(({ taskId }) => String(taskId));
}

/** One task; fails without it. */
async function submitOne(callbackUrl: string): Promise<string> {
	const [taskId = ''] = await submit(callbackUrl);
	expect(taskId).toMatch(/^\d{19}$/);
	return taskId;
}

async function allEnded(): Promise<void> {
	await until('all tasks to end', 30, () =>
		simulator.tasks.every(({ endedAt }) => endedAt !== null),
	);
}

/**
 * What each run of the workflow got, the oldest first. n8n creates the execution before it answers a callback, so no
 * run comes after all callbacks have their answers.
 */
async function runsOf({ workflow }: Triggered) {
	// n8n asks for the running and the ended ones apart: one that ends meanwhile may be listed twice, or not at all.
	const listed = [
		...(await n8n.host.api.executions(workflow.id)),
		...(await n8n.host.api.executions(workflow.id)),
	];
	const ids = [...new Set(listed.map(({ id }) => id))].sort((a, b) => Number(a) - Number(b));
	const finished = await Promise.all(
		ids.map(async (id) => await n8n.host.api.finishedExecution(id)),
	);
	return finished.map((execution) => {
		expect(execution.status).toBe('success');
		return itemsOf(execution, 'Behind').map(({ json }) => json);
	});
}

const idsOf = (runs: Awaited<ReturnType<typeof runsOf>>) => runs.flat().map(({ taskId }) => taskId);

/** What the deliveries of this task were answered. */
const answersFor = (taskId: string): Delivery[] =>
	simulator.deliveries.filter((delivery) => delivery.taskId === taskId);

/** The repeated delivery of a task, once n8n has its webhooks again. */
async function repeatedAfterStart(taskId: string): Promise<Delivery> {
	return await until('the webhook after the start', 60, async () => {
		const delivery = await simulator.sendCallback(taskId).catch(() => undefined);
		return delivery?.status !== undefined && delivery.status !== 404 && delivery;
	});
}

async function restart(): Promise<void> {
	await n8n.host.kill();
	await n8n.host.startAgain();
}

describe('the production URL as the Callback URL of a submit', () => {
	it('starts the workflow once, with the task', async () => {
		simulator.nextTaskScripts(HELD);
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await allEnded();
		expect(await runsOf(triggered)).toEqual([]);

		await simulator.releaseCallbacks();
		const runs = await runsOf(triggered);
		expect(runs).toEqual([
			[
				{
					taskId,
					status: 'SUCCESS',
					source: null,
					url: expect.stringMatching(simulator.filesUrl),
					text: null,
					results: [expect.objectContaining({ type: 'mp4', mimeType: 'video/mp4' })],
					usage: expect.objectContaining({ coins: null, seconds: expect.any(Number) }),
					error: null,
				},
			],
		]);
		expect(simulator.submits()).toHaveLength(1);
		expect(answersFor(taskId)).toMatchObject([{ status: 200, attempt: 1 }]);
	});

	it('gives out the source that the URL names', async () => {
		const triggered = await publishTriggered();
		const taskId = await submitOne(`${triggered.url}?source=product-videos`);
		await allEnded();
		await simulator.callbacksIdle();
		expect(await runsOf(triggered)).toMatchObject([[{ taskId, source: 'product-videos' }]]);
	});

	it('starts a run for each of many tasks that end at the same time', async () => {
		const triggered = await publishTriggered();
		const scenes = Array.from({ length: 12 }, (_, index) => `Fox ${index}`);
		simulator.nextTaskScripts(...scenes.map(() => HELD));
		const taskIds = await submit(triggered.url, scenes);
		await allEnded();

		await simulator.releaseCallbacks({ atOnce: true, order: 'shuffled' });
		await simulator.callbacksIdle();
		expect(idsOf(await runsOf(triggered)).sort()).toEqual([...taskIds].sort());
	});

	it.each(['string', 'object'] as const)('reads eventData as a %s', async (form) => {
		simulator.switches.callbackEventData = form;
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await allEnded();
		await simulator.callbacksIdle();
		const [sent] = answersFor(taskId);
		expect(typeof JSON.parse(sent?.body ?? '{}').eventData).toBe(form);
		expect(await runsOf(triggered)).toMatchObject([[{ taskId, status: 'SUCCESS' }]]);
	});

	it('reads a body without a wrapper', async () => {
		simulator.switches.callbackBody = 'flat';
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await allEnded();
		await simulator.callbacksIdle();
		expect(JSON.parse(answersFor(taskId)[0]?.body ?? '{}')).not.toHaveProperty('eventData');
		expect(idsOf(await runsOf(triggered))).toEqual([taskId]);
	});

	it('takes a callback without eventData for what it is, a hint', async () => {
		simulator.nextTaskScripts(ending({ kind: 'partial', form: 'noEventData' }));
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await allEnded();
		await simulator.callbacksIdle();
		expect(await runsOf(triggered)).toMatchObject([[{ taskId, status: 'SUCCESS' }]]);
	});
});

describe('repeated deliveries', () => {
	it('start one run', async () => {
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await allEnded();
		await simulator.callbacksIdle();

		for (let repeated = 0; repeated < 3; repeated += 1) {
			expect(await simulator.sendCallback(taskId)).toMatchObject(NOTHING_STARTED);
		}
		expect(idsOf(await runsOf(triggered))).toEqual([taskId]);
	});

	it('start one run when they come at the same time', async () => {
		simulator.nextTaskScripts(ending({ kind: 'doubled', times: 6 }));
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await allEnded();
		await simulator.callbacksIdle();

		const answers = answersFor(taskId);
		// One that comes while n8n starts the run is asked to come again, and then starts nothing.
		const atLast = answers.filter(({ status }) => status !== 503);
		expect(atLast).toHaveLength(6);
		expect(atLast.filter(({ status }) => status !== 200)).toEqual([]);
		expect(atLast.filter(({ answer }) => answer?.includes('not started'))).toHaveLength(5);
		expect(idsOf(await runsOf(triggered))).toEqual([taskId]);
	});

	it('start no second run after n8n was killed and started again', async () => {
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await allEnded();
		await simulator.callbacksIdle();
		expect(idsOf(await runsOf(triggered))).toEqual([taskId]);

		await restart();
		expect(await repeatedAfterStart(taskId)).toMatchObject(NOTHING_STARTED);
		expect(idsOf(await runsOf(triggered))).toEqual([taskId]);
	});

	it('start no second run after a restart, for tasks that ended at the same time', async () => {
		const triggered = await publishTriggered();
		const scenes = Array.from({ length: 8 }, (_, index) => `Fox ${index}`);
		simulator.nextTaskScripts(...scenes.map(() => HELD));
		const taskIds = await submit(triggered.url, scenes);
		await allEnded();
		await simulator.releaseCallbacks({ atOnce: true });
		await simulator.callbacksIdle();
		expect(idsOf(await runsOf(triggered)).sort()).toEqual([...taskIds].sort());

		await restart();
		await repeatedAfterStart(taskIds[0] ?? '');
		for (const taskId of taskIds) {
			expect(await simulator.sendCallback(taskId)).toMatchObject({ status: 200 });
		}
		expect(idsOf(await runsOf(triggered)).sort()).toEqual([...taskIds].sort());
	});

	it('start the run that could not start while n8n was down', async () => {
		simulator.nextTaskScripts(HELD);
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await n8n.host.kill();
		await allEnded();
		// None comes while n8n starts: it then answers success to every call, and starts nothing.
		simulator.switches.callbackRetries = 0;
		const [first] = await simulator.releaseCallbacks();
		expect(first).toMatchObject({ error: expect.any(String) });

		await n8n.host.startAgain();
		expect(await repeatedAfterStart(taskId)).toMatchObject({ status: 200 });
		expect(idsOf(await runsOf(triggered))).toEqual([taskId]);
	});
});

describe('a callback that is not true', () => {
	it('starts nothing while the task is running', async () => {
		simulator.nextTaskScripts(NEVER);
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);

		const claims = [{}, { status: 'SUCCESS' }, { status: 'FAILED' }] as const;
		for (const claim of claims) {
			expect(await simulator.sendCallback(taskId, claim)).toMatchObject(NOT_ENDED);
		}
		expect(await runsOf(triggered)).toEqual([]);
	});

	it('starts nothing for a task that does not exist', async () => {
		const triggered = await publishTriggered();
		for (const taskId of ['1999999999999999999', '1', '99999999999999999999']) {
			const forged = { event: 'TASK_END', taskId, eventData: { taskId, status: 'SUCCESS' } };
			expect(await simulator.forgeCallback(triggered.url, forged)).toMatchObject(NOTHING_STARTED);
		}
		expect(await runsOf(triggered)).toEqual([]);
	});

	it('starts nothing for a task of another account', async () => {
		const triggered = await publishTriggered();
		const apiKey = 'ab'.repeat(16);
		simulator.addAccount(apiKey, {});
		const data = credentialData(simulator, apiKey);
		const other = { name: 'RunningHub of somebody else', type: CREDENTIAL, data };
		await submit(triggered.url, ['A fox'], await n8n.host.api.saveCredential(other));
		await allEnded();
		await simulator.callbacksIdle();

		expect(simulator.deliveries).toMatchObject([NOTHING_STARTED]);
		expect(await runsOf(triggered)).toEqual([]);
	});

	it('starts nothing when it is garbage', async () => {
		const triggered = await publishTriggered();
		const garbage = [
			{},
			[],
			'',
			'no JSON at all',
			'"text"',
			'null',
			'{"taskId":"19000000',
			{ taskId: null },
			{ taskId: 1_900_000_000 },
			{ taskId: '00000000000000000000' },
			{ taskId: { $ne: '' } },
			{ taskId: '../../uc/openapi/accountStatus' },
			{ eventData: '{"taskId":' },
			{ taskId: '', eventData: '[]' },
			{ body: { taskId: '1' } },
		];
		for (const body of garbage) {
			const { status, error } = await simulator.forgeCallback(triggered.url, body);
			expect({ body, status, error }).toEqual({
				body,
				status: expect.any(Number),
				error: undefined,
			});
			expect(status).toBeLessThan(500);
		}
		expect(await runsOf(triggered)).toEqual([]);
		expect(simulator.requests).toEqual([]);
	});

	it('brings out the true end, where it claims another one', async () => {
		simulator.nextTaskScripts(ending({ kind: 'wrongStatus' }, { kind: 'moderation' }));
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await allEnded();
		await simulator.callbacksIdle();
		expect(await runsOf(triggered)).toMatchObject([
			[{ taskId, status: 'FAILED', url: null, error: { kind: 'moderation' } }],
		]);
	});
});

describe('a callback that comes too early', () => {
	it('is sent again, and then starts the workflow', async () => {
		simulator.switches.callbackPollMs = LONG_MS;
		simulator.nextTaskScripts({
			runningPolls: 3,
			callback: { kind: 'early', andAtEnd: false },
			end: { kind: 'success' },
		});
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await simulator.callbacksIdle();

		const answers = answersFor(taskId);
		expect(answers).toMatchObject([NOT_ENDED, NOT_ENDED, NOT_ENDED, { status: 200, attempt: 4 }]);
		expect(await runsOf(triggered)).toMatchObject([[{ taskId, status: 'SUCCESS' }]]);
	});

	it('is sent again too when RunningHub cannot be asked', async () => {
		simulator.nextTaskScripts(HELD);
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await allEnded();
		simulator.addFault({
			kind: 'http',
			status: 502,
			times: 2,
			match: { path: '/openapi/v2/query' },
		});

		await simulator.releaseCallbacks();
		await simulator.callbacksIdle();
		expect(answersFor(taskId).map(({ status }) => status)).toEqual([503, 503, 200]);
		expect(idsOf(await runsOf(triggered))).toEqual([taskId]);
	});
});

describe('the filters', () => {
	const FAILS = ending({ kind: 'normal' }, { kind: 'moderation' });
	const SUCCEEDS = ending({ kind: 'normal' });
	const CANCELLED = ending({ kind: 'normal' }, { kind: 'cancelled' });

	/** One task of each end, all reported. */
	async function reportAllEnds(url: string): Promise<string[]> {
		simulator.switches.callbackOnCancel = true;
		simulator.nextTaskScripts(SUCCEEDS);
		const [success = ''] = await submit(url);
		simulator.nextTaskScripts(FAILS);
		const [failure = ''] = await submit(url);
		simulator.nextTaskScripts(CANCELLED);
		const [cancelled = ''] = await submit(url);
		await allEnded();
		await simulator.callbacksIdle();
		expect(simulator.deliveries.map(({ status }) => status)).toEqual([200, 200, 200]);
		return [success, failure, cancelled];
	}

	it('take every end if nothing is said', async () => {
		const triggered = await publishTriggered();
		const taskIds = await reportAllEnds(triggered.url);
		expect((await runsOf(triggered)).flat()).toMatchObject([
			{ taskId: taskIds[0], status: 'SUCCESS', error: null },
			{ taskId: taskIds[1], status: 'FAILED', error: { kind: 'moderation' } },
			{ taskId: taskIds[2], status: 'CANCELLED', error: { message: expect.any(String) } },
		]);
	});

	it.each([
		['SUCCESS', 0],
		['FAILED', 1],
		['CANCELLED', 2],
	] as const)('let %s alone through', async (status, position) => {
		const triggered = await publishTriggered({ statuses: [status] });
		const taskIds = await reportAllEnds(triggered.url);
		expect((await runsOf(triggered)).flat()).toMatchObject([{ taskId: taskIds[position], status }]);
	});

	it('let one source alone through', async () => {
		const triggered = await publishTriggered({ source: 'product-videos' });
		const wanted = await submitOne(`${triggered.url}?source=product-videos`);
		const others = [
			await submitOne(`${triggered.url}?source=holiday-videos`),
			await submitOne(triggered.url),
		];
		await allEnded();
		await simulator.callbacksIdle();

		expect(await runsOf(triggered)).toMatchObject([[{ taskId: wanted, source: 'product-videos' }]]);
		for (const other of others) expect(answersFor(other)).toMatchObject([NOTHING_STARTED]);
	});
});

describe('the test URL', () => {
	/** What "Listen for test event" in the editor does. */
	const listen = async ({ workflow }: Triggered) =>
		await n8n.host.api.runWorkflow(workflow, 'RunningHub Trigger');

	it('starts the workflow once for each time that the editor listens', async () => {
		const triggered = await importTriggered();
		simulator.nextTaskScripts(HELD);
		const taskId = await submitOne(`${triggered.testUrl}?source=test`);
		await allEnded();
		expect(await simulator.sendCallback(taskId)).toMatchObject({ status: 404 });

		await listen(triggered);
		expect(await simulator.sendCallback(taskId)).toMatchObject({ status: 200 });
		expect(await runsOf(triggered)).toMatchObject([[{ taskId, source: 'test' }]]);
		expect(await simulator.sendCallback(taskId)).toMatchObject({ status: 404 });

		await listen(triggered);
		expect(await simulator.sendCallback(taskId)).toMatchObject({ status: 200 });
		expect(idsOf(await runsOf(triggered))).toEqual([taskId, taskId]);
	});

	it('goes on listening after a callback that starts nothing', async () => {
		const triggered = await importTriggered();
		simulator.switches.callbackPollMs = LONG_MS;
		simulator.nextTaskScripts({
			runningPolls: 1,
			callback: { kind: 'held' },
			end: { kind: 'success' },
		});
		const taskId = await submitOne(triggered.testUrl);
		await listen(triggered);
		expect(await simulator.sendCallback(taskId)).toMatchObject(NOT_ENDED);
		expect(await simulator.sendCallback(taskId)).toMatchObject({ status: 200 });
		expect(idsOf(await runsOf(triggered))).toEqual([taskId]);
	});

	it('leaves the task to the active workflow', async () => {
		const triggered = await publishTriggered();
		simulator.nextTaskScripts(HELD);
		const taskId = await submitOne(triggered.url);
		await allEnded();
		await listen(triggered);
		await simulator.sendCallback(taskId, { url: triggered.testUrl });
		await simulator.releaseCallbacks();
		expect(idsOf(await runsOf(triggered))).toEqual([taskId, taskId]);
	});
});

describe('Task > Get Webhook Event and Resend Webhook Event', () => {
	const onTask = async (operation: string, taskId: string, options: object = {}) => {
		const parameters = { resource: 'task', operation, taskId, options };
		const { execution, items } = await runByHand(
			[node('RunningHub', NODE, 1, parameters, withKey())],
			'RunningHub',
		);
		return { execution, event: items[0] };
	};

	it('show and resend a callback that got lost', async () => {
		simulator.nextTaskScripts(ending({ kind: 'lost' }));
		const triggered = await publishTriggered();
		const taskId = await submitOne(triggered.url);
		await allEnded();

		const { event: lost } = await onTask('getWebhookEvent', taskId);
		expect(lost).toEqual({
			taskId,
			webhookId: expect.stringMatching(/^\d{19}$/),
			url: triggered.url,
			status: 'PENDING',
			response: '',
			retries: 0,
			createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
		});
		expect(await runsOf(triggered)).toEqual([]);

		const { event: resent } = await onTask('resendWebhookEvent', taskId);
		expect(resent).toMatchObject({ taskId, webhookId: lost?.webhookId, url: triggered.url });
		await simulator.callbacksIdle();
		expect(idsOf(await runsOf(triggered))).toEqual([taskId]);

		const { event: delivered } = await onTask('getWebhookEvent', taskId);
		expect(delivered).toMatchObject({
			status: 'SUCCESS',
			retries: 1,
			response: answersFor(taskId).at(-1)?.answer,
		});
	});

	it('resend a callback to another address', async () => {
		const wrong = await importTriggered();
		const right = await publishTriggered();
		simulator.switches.callbackRetries = 1;
		const taskId = await submitOne(wrong.url);
		await allEnded();
		await simulator.callbacksIdle();
		const { event: failed } = await onTask('getWebhookEvent', taskId);
		expect(failed).toMatchObject({ url: wrong.url, status: 'FAILED', retries: 1 });

		await onTask('resendWebhookEvent', taskId, { callbackUrl: right.url });
		await simulator.callbacksIdle();
		expect(idsOf(await runsOf(right))).toEqual([taskId]);
		const { event } = await onTask('getWebhookEvent', taskId);
		expect(event).toMatchObject({ url: right.url, status: 'SUCCESS' });
	});

	it('say that a task has no callback', async () => {
		const taskId = await submitOne('');
		await allEnded();
		for (const operation of ['getWebhookEvent', 'resendWebhookEvent']) {
			const { execution } = await onTask(operation, taskId);
			expect(execution.status).toBe('error');
			expect(execution.data.resultData.error?.message).toContain(`no callback for task ${taskId}`);
		}
	});
});
