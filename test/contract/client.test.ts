import axios from 'axios';
import { createClient, type Client } from '../../runninghub/api/client';
import type { Credential } from '../../runninghub/http/credential';
import { parseEnvelope } from '../../runninghub/http/envelope';
import { RunningHubError, type ErrorKind } from '../../runninghub/base/errors';
import { isEnded, type Task } from '../../runninghub/api/task';
import type { Transport } from '../../runninghub/http/transport';
import type { JsonObject } from '../../runninghub/base/json';
import { readAccount } from '../../scripts/lib/account';
import { SIMULATOR_KEY, startSimulator } from '../simulator';
import { axiosTransport } from '../support/axiosTransport';
import { CHEAPEST_VIDEO } from '../support/cheapestVideo';
import { modelSubmission } from '../support/unitAnswers';
import { uploadFile } from '../support/uploadFile';

/**
 * What this package takes for granted of RunningHub. Runs against the simulator, and, with RUNNINGHUB_API_KEY set,
 * against the real site (RUNNINGHUB_SITE, international if not set; or whatever is at RUNNINGHUB_BASE_URL): only calls
 * that cost nothing, unless RUNNINGHUB_CONTRACT_PAY=1.
 */
interface Target {
	name: string;
	/** Makes it ready; what comes back ends it. */
	open: () => Promise<{ credential: Credential; close: () => Promise<void> }>;
	/** May tasks be made here? */
	pays: boolean;
	/** How long a video takes at most. */
	patienceMs: number;
	pollMs: number;
}

const simulated: Target = {
	name: 'the simulator',
	open: async () => {
		const simulator = await startSimulator();
		return {
			credential: { site: 'custom', baseUrl: simulator.baseUrl, apiKey: SIMULATOR_KEY },
			close: simulator.stop,
		};
	},
	pays: true,
	patienceMs: 10_000,
	pollMs: 20,
};

function live(): Target[] {
	if (!process.env.RUNNINGHUB_API_KEY?.trim()) return [];
	const { credential, host } = readAccount(process.env);
	return [
		{
			name: `RunningHub (${host})`,
			open: async () => ({ credential, close: async () => {} }),
			pays: process.env.RUNNINGHUB_CONTRACT_PAY === '1',
			patienceMs: 900_000,
			pollMs: 5_000,
		},
	];
}

const { endpoint: ENDPOINT, body: BODY } = CHEAPEST_VIDEO;
const UNKNOWN_ID = '1000000000000000001';
const WRONG_KEY = '0'.repeat(32);
const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);

const failureOf = async (call: Promise<unknown>): Promise<RunningHubError> => {
	const thrown: unknown = await call.then(
		() => new Error('It did not fail'),
		(error: unknown) => error,
	);
	if (thrown instanceof RunningHubError) return thrown;
	throw thrown;
};

describe.each([simulated, ...live()])('$name', ({ open, pays, patienceMs, pollMs }) => {
	let transport: Transport;
	let client: Client;
	let stranger: Client;
	let close: () => Promise<void>;

	beforeAll(async () => {
		const opened = await open();
		close = opened.close;
		transport = axiosTransport(opened.credential);
		client = createClient(transport);
		stranger = createClient(axiosTransport({ ...opened.credential, apiKey: WRONG_KEY }));
	});
	afterAll(async () => await close());
	jest.setTimeout(patienceMs + 60_000);

	/** Runs a call that must fail, and makes sure that no task came of it. */
	async function refused(call: () => Promise<unknown>): Promise<RunningHubError> {
		const before = await client.account();
		const failure = await failureOf(call());
		expect((await client.account()).runningTasks).toBe(before.runningTasks);
		return failure;
	}

	it('tells the account, its balance and its type', async () => {
		const account = await client.account();
		expect(['NORMAL', 'SHARED', 'EXCLUSIVE']).toContain(account.keyType);
		expect(account.runningTasks).toEqual(expect.any(Number));
		expect(typeof (account.money ?? account.coins)).toBe('number');
	});

	describe('a wrong key', () => {
		it.each<[string, () => Promise<unknown>]>([
			['of v1', async () => await stranger.account()],
			['of v2', async () => await stranger.query(UNKNOWN_ID)],
			['of a submit', async () => await stranger.submit(modelSubmission(ENDPOINT, BODY))],
			['of an upload', async () => await stranger.upload(uploadFile(PNG))],
			['of a cancel', async () => await stranger.cancel(UNKNOWN_ID)],
		])('%s is told so', async (_, call) => {
			expect((await failureOf(call())).kind).toBe<ErrorKind>('auth');
		});
	});

	it('an unknown task', async () => {
		const failure = await failureOf(client.query(UNKNOWN_ID));
		expect([failure.kind, failure.code, failure.taskId]).toEqual(['notFound', '1004', UNKNOWN_ID]);
	});

	it('task 0', async () => {
		const failure = await failureOf(client.query('0'));
		expect([failure.kind, failure.code]).toEqual(['validation', '1007']);
	});

	it('a cancel of an unknown task', async () => {
		const failure = await failureOf(client.cancel(UNKNOWN_ID));
		expect(failure.kind).toBe<ErrorKind>('notFound');
		expect(['807', '423']).toContain(failure.code);
	});

	it.each<[string, JsonObject]>([
		['a value that it does not take', { ...BODY, duration: '99' }],
		['a prompt that is missing', { ...BODY, prompt: '' }],
	])('a model refuses %s, and makes no task', async (_, body) => {
		const failure = await refused(async () => await client.submit(modelSubmission(ENDPOINT, body)));
		expect([failure.kind, failure.code]).toEqual(['validation', '1007']);
	});

	it('an unknown endpoint makes no task', async () => {
		const failure = await refused(
			async () => await client.submit(modelSubmission('vidu/no-such-model', BODY)),
		);
		expect([failure.kind, failure.code]).toEqual(['notFound', '1001']);
	});

	describe('the price preview', () => {
		const preview = async (body: JsonObject) =>
			parseEnvelope(
				await transport({
					method: 'POST',
					path: `/openapi/v2/price-preview/${ENDPOINT}`,
					body: { type: 'json', json: body },
					timeoutMs: 30_000,
				}),
			);

		it('names a price, and makes no task', async () => {
			const before = await client.account();
			const envelope = await preview(BODY);
			if (envelope.shape !== 'flat') throw new Error('A flat answer was expected');
			expect(envelope.errorCode).toBe('');
			expect(Number(envelope.body.estimatedPrice)).toBeGreaterThan(0);
			expect(envelope.body).toMatchObject({
				currency: expect.stringMatching(/^(CNY|USD)$/),
				isFreeThisCall: expect.any(Boolean),
			});
			expect(await client.account()).toMatchObject({
				runningTasks: before.runningTasks,
				money: before.money,
			});
		});

		it('checks the parameters', async () => {
			const envelope = await preview({ ...BODY, duration: '99' });
			expect(envelope).toMatchObject({ shape: 'flat', errorCode: '1007' });
		});
	});

	it('an upload can be read by anybody who has its address', async () => {
		const bytes = PNG;
		const { url, fileName } = await client.upload(uploadFile(bytes, 'pixel.png'));
		expect(fileName).toMatch(/\.png$/);
		expect(url).toMatch(/^https?:\/\//);
		const file = await axios.get<ArrayBuffer>(url, { responseType: 'arraybuffer' });
		expect(Buffer.from(file.data).equals(bytes)).toBe(true);
		expect(JSON.stringify(file.config.headers)).not.toContain('Bearer');
	});

	(pays ? it : it.skip)('a video from submit to result', async () => {
		const submitted = await client.submit(modelSubmission(ENDPOINT, BODY));
		expect(submitted.taskId).toMatch(/^\d{19}$/);
		expect(submitted.results).toEqual([]);

		const deadline = Date.now() + patienceMs;
		let task: Task = submitted;
		while (!isEnded(task) && Date.now() < deadline) {
			await new Promise((resolve) => setTimeout(resolve, pollMs));
			task = await client.query(submitted.taskId);
			expect(task.taskId).toBe(submitted.taskId);
		}
		expect(task.status).toBe('SUCCESS');
		expect(task.results).toMatchObject([{ type: 'mp4', mimeType: 'video/mp4', text: null }]);
		expect(task.usage.thirdPartyMoney ?? task.usage.money).toBeGreaterThan(0);
		const file = await axios.get<ArrayBuffer>(task.results[0]?.url ?? '', {
			responseType: 'arraybuffer',
		});
		expect(file.data.byteLength).toBeGreaterThan(1_000);
	});
});
