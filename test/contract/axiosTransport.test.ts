import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TransportError } from '../../runninghub/http/transport';
import { SIMULATOR_KEY, startSimulator, type Simulator } from '../simulator';
import { axiosTransport } from '../support/axiosTransport';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.stop());
beforeEach(() => simulator.reset());

const call = async (path: string, baseUrl = simulator.baseUrl, timeoutMs = 5_000) =>
	await axiosTransport({ site: 'custom', baseUrl, apiKey: SIMULATOR_KEY })({
		method: 'POST',
		path,
		body: { type: 'json', json: { taskId: '1900000000000000201' } },
		timeoutMs,
	});

it('puts the key where each family of calls looks for it', async () => {
	await call('/openapi/v2/query');
	await call('/task/openapi/outputs');
	await call('/uc/openapi/accountStatus');
	const [v2, v1, account] = simulator.requests;
	expect(v2?.headers.authorization).toBe(`Bearer ${SIMULATOR_KEY}`);
	expect(v2?.json).toEqual({ taskId: '1900000000000000201' });
	expect(v1?.json).toMatchObject({ apiKey: SIMULATOR_KEY });
	expect(account?.json).toMatchObject({ apikey: SIMULATOR_KEY });
});

it('gives back any status, with the text as it came', async () => {
	const body = '{"taskId": 1900000000000000201, "a":1.0}';
	simulator.addFault({ kind: 'http', status: 503, body, match: {} });
	const answer = await call('/openapi/v2/query');
	expect(answer).toMatchObject({ status: 503, text: body });
	expect(answer.headers['content-type']).toMatch(/^application\/json/);
});

it('follows no redirect', async () => {
	const url = `${simulator.baseUrl}/openapi/v2/elsewhere`;
	simulator.addFault({ kind: 'redirect', url, status: 307, match: {} });
	const answer = await call('/openapi/v2/query');
	expect([answer.status, answer.headers.location]).toEqual([307, url]);
	expect(simulator.requests).toHaveLength(1);
});

describe('without an answer', () => {
	const failure = async (sent: Promise<unknown>): Promise<unknown> =>
		await sent.catch((error: unknown) => error);

	it.each([
		['a closed port', 'http://127.0.0.1:1', 'ECONNREFUSED'],
		['an unknown host', 'http://no-such-host.invalid', /^(ENOTFOUND|EAI_AGAIN)$/],
	])('%s: the request was never there', async (_, baseUrl, code) => {
		const error = await failure(call('/openapi/v2/query', baseUrl));
		expect(error).toBeInstanceOf(TransportError);
		expect(error).toMatchObject({ reached: 'no', code: expect.stringMatching(code) });
		expect(JSON.stringify(error)).not.toContain(SIMULATOR_KEY);
	});

	it.each(['dropBefore', 'dropAfter', 'truncate'] as const)(
		'%s: the request may have been there',
		async (kind) => {
			simulator.addFault({ kind, match: {} });
			expect(await failure(call('/openapi/v2/query'))).toMatchObject({
				name: 'TransportError',
				reached: 'perhaps',
			});
		},
	);

	it('too slow: the request may have been there', async () => {
		const server = createServer(() => {}).listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		const { port } = server.address() as AddressInfo;
		const error = await failure(call('/x', `http://127.0.0.1:${port}`, 200));
		expect(error).toMatchObject({ name: 'TransportError', reached: 'perhaps' });
		server.close();
		server.closeAllConnections();
	});
});
