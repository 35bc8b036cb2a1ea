import type { INodeParameters } from 'n8n-workflow';
import type { Fault, Switches } from '../simulator';
import {
	AT_ONCE,
	CONTINUE,
	ERROR_OUTPUT,
	KEY,
	PNG,
	credential,
	expectNoKey,
	inLab,
	itemsOf,
	submit,
	submitAndWait,
	task,
	type Lab,
} from './support';

/**
 * `run` of the lab looks for the key in everything that a run leaves behind: output, saved run data, errors with all
 * their members and causes, the log, what the editor is told. `inLab` looks for it in the addresses that were called
 * and on the host of the result files.
 */
jest.setTimeout(60_000);

const OPERATIONS: Record<string, INodeParameters> = {
	submit: submit({ imageUrl: PNG }),
	submitAndWait: submitAndWait({ imageUrl: PNG, timeout: 0.1 }),
	get: task('get', { taskId: '1900000000000000201' }),
	cancel: task('cancel', { taskId: '1900000000000000201' }),
	waitForResult: task('waitForResult', { taskId: '1900000000000000201', timeout: 0.1 }),
};

const always = { match: {}, times: 'always' } as const;

/** The worst that a server can do: to say the key back. */
const FAULTS: Record<string, Fault> = {
	'a refusal that quotes the key': {
		...always,
		kind: 'e3',
		errorCode: '1002',
		errorMessage: `ApiKey verification failed: ${KEY}`,
	},
	'a refusal of v1 that quotes the key': {
		...always,
		kind: 'e1',
		code: 802,
		msg: `no user for ${KEY}`,
	},
	'an unknown code that quotes the header': {
		...always,
		kind: 'e3',
		errorCode: '7777',
		errorMessage: `Authorization: Bearer ${KEY} is not welcome`,
	},
	'a page that quotes the key': {
		...always,
		kind: 'http',
		status: 500,
		contentType: 'text/html',
		body: `<pre>headers: authorization=Bearer ${KEY}</pre>`,
	},
	'HTTP 401': { ...always, kind: 'http', status: 401, body: `{"message":"${KEY}"}` },
	'an address with the key in it': {
		...always,
		kind: 'redirect',
		url: `http://127.0.0.1:1/proxy/${KEY}?apiKey=${KEY}`,
		status: 302,
	},
	'a connection that breaks': { ...always, kind: 'dropBefore' },
	'a cut-off answer': { ...always, kind: 'truncate' },
};

describe.each(Object.entries(FAULTS))('with %s', (_, fault) => {
	test.concurrent('no operation gives the key away', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault(fault);
			await Promise.all(
				Object.values(OPERATIONS).flatMap((parameters) => [
					run(parameters),
					run(parameters, CONTINUE),
					run(parameters, ERROR_OUTPUT),
				]),
			);
			expect(simulator.requests.length).toBeGreaterThan(9);
		});
	});
});

describe('when all goes well', () => {
	test.concurrent.each<[string, Partial<Switches>]>([
		['as documented', {}],
		['in the other spelling', { spelling: 'snake', errorMessagesMember: true }],
	])('%s', async (_, switches) => {
		await inLab(
			async ({ simulator, run, asTool }) => {
				const items = itemsOf({}, {});
				await run(submitAndWait({ imageUrl: PNG }), { items });
				const taskId = simulator.tasks[0]?.taskId ?? '';
				for (const operation of ['get', 'cancel', 'waitForResult'] as const) {
					await run(task(operation, { taskId }));
				}
				await asTool(submitAndWait(), {});
				await asTool(submitAndWait(), {}, 'engine');
				expect(simulator.tasks.length).toBeGreaterThan(3);
			},
			{ defaultLife: AT_ONCE, switches },
		);
	});
});

test.concurrent.each([
	['in the message', 'KSampler', `401 for https://a.example/proxy/${KEY}/view?apiKey=${KEY}`],
	['in the title of the node', `Loader ${KEY}`, 'out of memory'],
])('a failed task that quotes the key %s', async (_, nodeName, exceptionMessage) => {
	await inLab(
		async ({ run }) => {
			await Promise.all(
				[{}, CONTINUE, ERROR_OUTPUT].map(async (more) => await run(submitAndWait(), more)),
			);
		},
		{
			defaultLife: {
				end: { kind: 'nodeException', nodeName, exceptionType: 'HTTPError', exceptionMessage },
			},
		},
	);
});

test.concurrent('an address that cannot be reached', async () => {
	await inLab(async ({ run }) => {
		const credentials = credential({ baseUrl: 'http://127.0.0.1:1' });
		await Promise.all(
			[submit(), task('get', { taskId: '1900000000000000201' })].flatMap((parameters) => [
				run(parameters, { credentials }),
				run(parameters, { credentials, ...CONTINUE }),
			]),
		);
	});
});

test.concurrent('v1 calls carry the key in the body, v2 calls in the header', async () => {
	await inLab(
		async ({ simulator, run }: Lab) => {
			await run(submit());
			const taskId = simulator.tasks[0]?.taskId ?? '';
			await run(task('cancel', { taskId }));
			const withKey = simulator.requests.map(({ path, headers, body }) => [
				path.startsWith('/openapi/v2/') ? 'v2' : 'v1',
				headers.authorization === `Bearer ${KEY}`,
				body.includes(KEY),
			]);
			expect(withKey).toEqual([
				['v2', true, false],
				['v1', true, true],
				['v2', true, false],
			]);
		},
		{ defaultLife: { end: { kind: 'never' } } },
	);
});

test('the search finds a key wherever it hides', () => {
	const hidden = new Error('fine');
	Object.defineProperty(hidden, 'config', { value: { headers: { a: `Bearer ${KEY}` } } });
	const places: unknown[] = [
		`x ${KEY} y`,
		{ a: [{ b: KEY }] },
		new Error(KEY),
		new Error('fine', { cause: new Error(KEY) }),
		hidden,
		new Map([['a', KEY]]),
		Buffer.from(KEY),
		{ [KEY]: 1 },
		Buffer.from(KEY).toString('base64'),
	];
	for (const place of places) expect(() => expectNoKey(place)).toThrow();
	expectNoKey({ taskId: '1900000000000000201' });
});
