import { CredentialTestContext } from 'n8n-core';
import type { ICredentialDataDecryptedObject, INodeCredentialTestResult } from 'n8n-workflow';
import { RunningHubApi } from '../../credentials/RunningHubApi.credentials';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import {
	SIMULATOR_KEY_CONSUMER,
	SIMULATOR_KEY_EXCLUSIVE,
	SIMULATOR_KEY_FREE,
	SIMULATOR_KEY_OTHER_SITE,
	startSimulator,
	type Simulator,
	type Switches,
} from '../simulator';
import { prepareEngine } from './harness';
import { meaningOf, notReached } from '../support/sentences';
import { CLOSED, KEY, expectNoKey, expectNoKeyInAddresses, startOtherHost } from './support';

jest.setTimeout(30_000);

let simulator: Simulator;

beforeAll(async () => {
	await prepareEngine();
	simulator = await startSimulator();
});
afterAll(async () => await simulator.stop());
beforeEach(() => {
	simulator.reset();
	simulator.addAccount(KEY, { money: 12.5, coins: 3, currency: 'USD' });
});
afterEach(() => expectNoKeyInAddresses(simulator));

/** The Test of the credential's form, as n8n runs a function that a node brings for it. */
async function testOf(
	data: ICredentialDataDecryptedObject,
	context = new CredentialTestContext(),
): Promise<INodeCredentialTestResult> {
	const { runningHubApiTest } = new RunningHub().methods.credentialTest;
	const id = 'runningHubApi';
	const result = await runningHubApiTest.call(context, { id, name: id, type: id, data });
	expectNoKey(result);
	return result;
}

const custom = (more: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject => ({
	site: 'custom',
	baseUrl: simulator.baseUrl,
	apiKey: KEY,
	...more,
});
const error = (message: unknown) => ({ status: 'Error', message });

const CHECK_KEY = meaningOf('802').remedy;

it('is the one that the node names for its credential', () => {
	const [wanted] = new RunningHub().description.credentials ?? [];
	expect(wanted).toMatchObject({ name: new RunningHubApi().name, testedBy: 'runningHubApiTest' });
});

it('a good key: connected, with the balance', async () => {
	expect(await testOf(custom())).toEqual({
		status: 'OK',
		message: 'Connected. The account has wallet 12.5 USD and 3 RH coins.',
	});
	expect(simulator.requests.map(({ method, path, json }) => [method, path, json])).toEqual([
		['POST', '/uc/openapi/accountStatus', { apikey: KEY }],
	]);
});

it('a key that was pasted with spaces around it works', async () => {
	expect(await testOf(custom({ apiKey: ` ${KEY}\n` }))).toMatchObject({ status: 'OK' });
});

it('a base URL with slashes at its end works', async () => {
	expect(await testOf(custom({ baseUrl: `${simulator.baseUrl}//` }))).toMatchObject({
		status: 'OK',
	});
});

it.each<[Partial<Switches>]>([
	[{ accountNumbers: 'number' }],
	[{ successCode: 200 }],
	[{ successMessage: '' }],
	[{ errorMessagesMember: true }],
])('reads the account in each of its forms: %j', async (switches) => {
	Object.assign(simulator.switches, switches);
	expect((await testOf(custom())).message).toContain('wallet 12.5 USD');
});

it.each([SIMULATOR_KEY_CONSUMER, SIMULATOR_KEY_EXCLUSIVE])(
	'%s connects, and says that it cannot use Vidu',
	async (apiKey) => {
		const { status, message } = await testOf(custom({ apiKey }));
		expect(status).toBe('OK');
		expect(message).toMatch(
			/This API key cannot use Vidu and the other models: they need an enterprise-shared key\.$/,
		);
	},
);

it('no key', async () => {
	expect(await testOf(custom({ apiKey: ' ' }))).toEqual(
		error('API Key is empty; paste the key of your RunningHub account.'),
	);
	expect(simulator.requests).toEqual([]);
});

it.each<[Switches['badKeyV1']]>([[802], [806], [811], ['http-401']])(
	'a wrong key, where RunningHub answers %s',
	async (badKeyV1) => {
		simulator.switches.badKeyV1 = badKeyV1;
		const { status, message } = await testOf(custom({ apiKey: 'f'.repeat(32) }));
		expect(status).toBe('Error');
		expect(message).toMatch(
			/^RunningHub (did not accept the (enterprise )?API key|has no account for this API key)\. /,
		);
		expect(message).toContain(CHECK_KEY);
	},
);

it('412 is about the address, not about the key', async () => {
	simulator.switches.badKeyV1 = 412;
	expect((await testOf(custom({ apiKey: 'f'.repeat(32) }))).message).toMatch(
		/^RunningHub did not accept an API key at this URL\. Check the Site and the Base URL/,
	);
});

it('a key of the other site', async () => {
	const { status, message } = await testOf(custom({ apiKey: SIMULATOR_KEY_OTHER_SITE }));
	expect(status).toBe('Error');
	expect(message).toMatch(/^RunningHub has no account for this API key\. /);
	expect(message).toContain(CHECK_KEY);
});

it.each([
	['international', 'https://www.runninghub.ai', 'China (www.runninghub.cn)'],
	['china', 'https://www.runninghub.cn', 'International (www.runninghub.ai)'],
])('a wrong key on the site %s: it may be of the other one', async (site, host, other) => {
	const called: unknown[] = [];
	const request = async (options: unknown) => {
		called.push(options);
		return { statusCode: 200, headers: {}, body: '{"code":802,"msg":"APIKEY_UNAUTHORIZED"}' };
	};
	const context = new CredentialTestContext();
	Object.assign(context.helpers, { request });
	expect(await testOf({ site, apiKey: KEY }, context)).toEqual(
		error(
			`RunningHub did not accept the API key. Check the key, or choose the site ${other} if it was made there.`,
		),
	);
	expect(called).toMatchObject([{ uri: `${host}/uc/openapi/accountStatus` }]);
});

it('a free user', async () => {
	expect(await testOf(custom({ apiKey: SIMULATOR_KEY_FREE }))).toEqual(
		error(expect.stringMatching(/^Free accounts cannot use the API\. /)),
	);
});

it.each([
	['a closed port', CLOSED, 'ECONNREFUSED'],
	['an unknown host', 'http://no-such-host.invalid', 'ENOTFOUND'],
])('%s', async (_, baseUrl, code) => {
	const { message, description } = notReached(code);
	expect(await testOf(custom({ baseUrl }))).toEqual(error(`${message} ${description}`));
});

it.each([
	['none', ''],
	['a host name alone', 'www.runninghub.ai'],
	['the key in the wrong field', KEY],
])('an address that is none: %s', async (_, baseUrl) => {
	expect(await testOf(custom({ baseUrl }))).toEqual(
		error(
			'Base URL in the RunningHub credential is not an address. It must start with https:// or http://, for example https://www.runninghub.ai.',
		),
	);
});

describe('a base URL that is no RunningHub', () => {
	const answering = async (
		status: number,
		headers: Record<string, string>,
		body: string,
	): Promise<INodeCredentialTestResult> => {
		const host = await startOtherHost((_, response) => {
			response.writeHead(status, headers).end(body);
		});
		try {
			return await testOf(custom({ baseUrl: host.url }));
		} finally {
			await host.stop();
		}
	};

	it('an HTML page', async () => {
		const { status, message } = await answering(
			200,
			{ 'Content-Type': 'text/html' },
			'<html><body>Welcome</body></html>',
		);
		expect(status).toBe('Error');
		expect(message).toContain('RunningHub’s answer could not be read.');
		expect(message).toContain('check the Base URL in the credential');
		expect(message).not.toContain('Welcome');
	});

	it('404', async () => {
		expect(await answering(404, {}, 'Not found')).toEqual(
			error(
				'There is no RunningHub API at this URL. Check the Site and the Base URL in the credential.',
			),
		);
	});

	it('JSON of something else', async () => {
		const { status, message } = await answering(
			200,
			{ 'Content-Type': 'application/json' },
			'{"hello":"world"}',
		);
		expect(status).toBe('Error');
		expect(message).toContain('RunningHub’s answer could not be read.');
	});

	it('a server error', async () => {
		const { status, message } = await answering(502, {}, 'Bad gateway');
		expect(status).toBe('Error');
		expect(message).toMatch(/^RunningHub is currently unavailable\. /);
	});
});

it.each([301, 302, 307])('a redirect (%s) is not followed', async (status) => {
	const other = await startOtherHost((_, response) => void response.end('{"code":0,"data":{}}'));
	try {
		simulator.addFault({ kind: 'redirect', url: `${other.url}/x`, status, match: {} });
		expect(await testOf(custom())).toEqual(
			error(
				`RunningHub’s URL answered with a redirect to ${new URL(other.url).host}. Redirects are not followed, so that the API key stays with the host it is for. Enter the final URL in the credential.`,
			),
		);
		expect(other.requests).toEqual([]);
	} finally {
		await other.stop();
	}
});

it('a connection that breaks', async () => {
	simulator.addFault({ kind: 'dropBefore', match: {}, times: 'always' });
	expect(await testOf(custom())).toEqual(
		error(
			'RunningHub did not answer. The connection broke or took too long (the other side closed it).',
		),
	);
});
