import { CredentialTestContext } from 'n8n-core';
import type { ILoadOptionsFunctions, INodeParameters } from 'n8n-workflow';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import { RunningHubTrigger } from '../../nodes/RunningHubTrigger/RunningHubTrigger.node';
import type { Fault, Switches } from '../simulator';
import { everyForm, ITEM_WITH_FILE, OPERATIONS } from './everyOperation';
import { submitOf, waitOf } from './everyTask';
import { askForm, callBack, callTrigger } from './harness';
import {
	AT_ONCE,
	CONTINUE,
	ERROR_OUTPUT,
	KEY,
	credential,
	expectNoKey,
	inLab,
	shown,
	startOtherHost,
	submit,
	submitAndWait,
	task,
	type Lab,
	type OtherHost,
} from './support';

/**
 * `run` of the lab looks for the key in everything that a run leaves behind: output, saved run data, errors with all
 * their members and causes, the log, what the editor is told. `inLab` looks for it in the addresses that were called
 * and on the host of the result files.
 */
jest.setTimeout(60_000);

const TASK_ID = '1900000000000000201';
const FORMS = everyForm(TASK_ID);
const MODES = [{}, CONTINUE, ERROR_OUTPUT];
const itemsFor = ({ resource }: INodeParameters) =>
	resource === 'file' ? { items: [ITEM_WITH_FILE] } : {};

const always = { match: {}, times: 'always' } as const;

/** The worst that a server can do: to say the key back, or to ask for it elsewhere. */
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
	'a refusal of an upload that quotes the key': {
		...always,
		kind: 'e2',
		code: 1,
		message: `cannot store api/${KEY}.png?apiKey=${KEY}`,
	},
	'an unknown code that quotes the header': {
		...always,
		kind: 'e3',
		errorCode: '7777',
		errorMessage: `Authorization: Bearer ${KEY} is not welcome`,
	},
	'the key in place of a code': { ...always, kind: 'e3', errorCode: KEY, errorMessage: '' },
	'the key in a long text': {
		...always,
		kind: 'e3',
		errorCode: '1501',
		errorMessage: `${'word '.repeat(118)}${KEY}${' word'.repeat(20_000)}`,
	},
	'a page that quotes the key': {
		...always,
		kind: 'http',
		status: 500,
		contentType: 'text/html',
		body: `<pre>headers: authorization=Bearer ${KEY}</pre>`,
	},
	'HTTP 401': { ...always, kind: 'http', status: 401, body: `{"message":"${KEY}"}` },
	'HTTP 429 that quotes the key': {
		...always,
		kind: 'http',
		status: 429,
		retryAfter: KEY,
		body: `{"code":"${KEY}","msg":"${KEY} is too fast"}`,
	},
	'a success with nothing but the key in it': {
		...always,
		kind: 'e1',
		code: 0,
		msg: KEY,
		data: {},
	},
	'an address with the key in it': {
		...always,
		kind: 'redirect',
		url: `http://127.0.0.1:1/proxy/${KEY}?apiKey=${KEY}`,
		status: 302,
	},
	'an address of another kind': {
		...always,
		kind: 'redirect',
		url: `ftp://${KEY}@a.example/${KEY}`,
	},
	'a connection that breaks': { ...always, kind: 'dropBefore' },
	'a cut-off answer': { ...always, kind: 'truncate' },
};

test('every operation of the node is among those that are looked at', () => {
	expect(Object.keys(FORMS).sort()).toEqual([...OPERATIONS].sort());
	expect(OPERATIONS.length).toBeGreaterThan(20);
});

describe.each(Object.entries(FAULTS))('with %s at every request', (_, fault) => {
	test.concurrent('no operation gives the key away', async () => {
		await inLab(async ({ simulator, run, asTool }) => {
			simulator.addFault(fault);
			await Promise.all(
				Object.values(FORMS).flatMap((form) => [
					...MODES.map(async (mode) => await run(form, { ...itemsFor(form), ...mode })),
					asTool(form, {}),
				]),
			);
			expect(simulator.requests.length).toBeGreaterThan(Object.keys(FORMS).length);
		});
	});

	test.concurrent('no list and no form of the editor gives it away', async () => {
		await inLab(async (lab) => {
			lab.simulator.addFault(fault);
			expectNoKey(await Promise.all(EDITOR.map(async (ask) => await outcomeOf(ask(lab)))));
			expect(lab.simulator.requests.length).toBeGreaterThan(2);
		});
	});

	test.concurrent('neither the trigger nor the test of the credential gives it away', async () => {
		await inLab(async (lab) => {
			lab.simulator.addFault(fault);
			expectNoKey(await outcomeOf(triggered(lab, TASK_ID)));
			expectNoKey(await outcomeOf(testCredential(lab)));
			expect(lab.simulator.requests.length).toBeGreaterThan(1);
		});
	});
});

const SUBMITS = '^/(?:openapi/v2/(?:run|vidu)/|task/openapi/(?:create|.*/run)$)';

const formsNamed = (pattern: RegExp): INodeParameters[] =>
	Object.entries(FORMS).flatMap(([name, form]) => (pattern.test(name) ? [form] : []));

/** Where on the way of a task it happens; what comes before goes well. */
const PHASES: Record<string, { match: Fault['match']; forms: INodeParameters[] }> = {
	'at the submit': { match: { pattern: SUBMITS }, forms: formsNamed(/\.submitAndWait$/) },
	'at the checks': {
		match: { pattern: '/(?:query|outputs)$' },
		forms: formsNamed(/\.submitAndWait$/),
	},
	'at the host of the files': {
		match: { origin: 'files' },
		forms: formsNamed(/\.submitAndWait$|\.uploadLora$/),
	},
};

describe.each(Object.entries(PHASES))('%s', (_, { match, forms }) => {
	test.concurrent.each(Object.entries(FAULTS))(
		'%s gives the key away nowhere, also not to who resumes a run',
		async (__, fault) => {
			await inLab(
				async (lab) => {
					const suspended = waitOf('vidu', { waitStrategy: 'sleep', downloadResults: true });
					const waiting = await lab.run(suspended, CONTINUE);
					expect(waiting.run.status).toBe('waiting');
					const { taskId } = lab.simulator.tasks[0] ?? {};
					const hit: Fault = { ...fault, match };
					lab.simulator.addFault(hit);
					const before = lab.simulator.requests.length;
					await Promise.all([
						...forms.flatMap((form) =>
							[{}, CONTINUE].map(
								async (mode) => await lab.run(form, { ...itemsFor(form), ...mode }),
							),
						),
						outcomeOf(
							callBack(waiting, {
								path: 'runninghub',
								query: { signature: 'x' },
								body: { taskId },
							}),
						).then((outcome) => expectNoKey(outcome)),
					]);
					expect(lab.simulator.requests.length).toBeGreaterThan(before + forms.length);
				},
				{ switches: { callbackPollMs: 600_000 } },
			);
		},
	);
});

/** What the editor asks the node for while a form is filled in. */
const { listSearch, resourceMapping } = new RunningHub().methods;
const EDITOR = Object.entries({ ...listSearch, ...resourceMapping }).map(
	([name, method]) =>
		async (lab: Lab) => {
			const resource = /App/.test(name) ? 'aiApp' : /Model/.test(name) ? 'model' : 'comfyWorkflow';
			return await askForm(
				{ ...lab.options(submitOf(resource)), node: new RunningHub() },
				async function (this: ILoadOptionsFunctions) {
					const answer: unknown = await Reflect.apply(method, this, []);
					return answer;
				},
			);
		},
);

const triggered = async (lab: Lab, taskId: string) =>
	await callTrigger(
		{
			...lab.options({ statuses: ['SUCCESS', 'FAILED', 'CANCELLED'] }),
			node: new RunningHubTrigger(),
			// A trigger remembers its tasks, and all simulators have the same ids.
			nodeSettings: { id: lab.simulator.baseUrl },
		},
		{ body: { event: 'TASK_END', taskId } },
	);

async function testCredential({ options }: Lab) {
	const { runningHubApiTest } = new RunningHub().methods.credentialTest;
	const { credentials } = options({});
	return await runningHubApiTest.call(new CredentialTestContext(), {
		id: 'runningHubApi',
		name: 'RunningHub',
		type: 'runningHubApi',
		data: credentials.runningHubApi,
	});
}

/** What came back, or what was thrown: n8n shows and saves both. */
async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
	return await work.catch((error: unknown) => error);
}

describe('another host that RunningHub names', () => {
	/** It asks for a login in every way there is, and quotes what it should not know. */
	const withHost = async (test: (host: OtherHost) => Promise<void>) => {
		const host = await startOtherHost((_, response) =>
			response
				.writeHead(401, {
					'WWW-Authenticate': `Bearer realm="runninghub", Basic realm="x", Digest realm="x", nonce="${KEY}", qop="auth"`,
					'Set-Cookie': `apiKey=${KEY}`,
				})
				.end(`send apiKey=${KEY}`),
		);
		try {
			await test(host);
			expectNoKey(host.requests);
		} finally {
			await host.stop();
		}
	};
	const inModes = async (lab: Lab, form: INodeParameters) =>
		await Promise.all(
			MODES.map(async (mode) => await lab.run(form, { ...itemsFor(form), ...mode })),
		);

	test.concurrent('as the place of a result gets no key, whatever it asks for', async () => {
		await withHost(async (host) => {
			const redirect = `${host.url}/a.mp4`;
			const files = [{ type: 'mp4', redirect }];
			await inLab(
				async (lab) => {
					await inModes(lab, submitAndWait({ downloadResults: true }));
					expect(host.requests).toHaveLength(3);
				},
				{ defaultTaskScript: { end: { kind: 'success', files } } },
			);
		});
	});

	test.concurrent('as the place of a file that a user names gets no key', async () => {
		await withHost(async (host) => {
			await inLab(async (lab) => {
				const nodeInputs = {
					mappingMode: 'defineBelow',
					value: { '39.image': `${host.url}/a.png` },
				};
				await inModes(lab, submitOf('aiApp', { nodeInputs }));
				expect(host.requests).toHaveLength(3);
				expect(lab.simulator.tasks).toEqual([]);
			});
		});
	});

	test.concurrent('as the place for a LoRA gets its bytes and no key', async () => {
		await withHost(async (host) => {
			await inLab(async (lab) => {
				lab.simulator.addFault({
					kind: 'e1',
					code: 0,
					data: { fileName: 'api-lora-cn/a.safetensors', url: `${host.url}/put?sig=1` },
					match: { path: '/api/openapi/getLoraUploadUrl' },
					times: 'always',
				});
				await lab.run(FORMS['file.uploadLora'] ?? {}, { items: [ITEM_WITH_FILE] });
				expect(host.requests.length).toBeGreaterThan(0);
			});
		});
	});

	test.concurrent.each(
		[301, 302, 303, 307, 308].flatMap((status) => [
			{ status, what: 'a submit', pattern: SUBMITS, forms: formsNamed(/\.submit$/) },
			{
				status,
				what: 'any other request',
				pattern: '^(?!.*getLoraUploadUrl)',
				forms: formsNamed(/\.(?!submit)/),
			},
		]),
	)('is not gone to with $what, which carries the key or a file: $status', async (redirected) => {
		const { status, pattern, forms } = redirected;
		await withHost(async (host) => {
			await inLab(async (lab) => {
				const url = `${host.url}/elsewhere`;
				const match = { pattern };
				lab.simulator.addFault({ kind: 'redirect', url, status, times: 'always', match });
				const runs = forms.map(
					async (form) => await lab.run(form, { ...itemsFor(form), ...CONTINUE }),
				);
				await Promise.all(runs);
				expect(lab.simulator.requests.length).toBeGreaterThanOrEqual(forms.length);
				expect(host.requests).toEqual([]);
			});
		});
	});

	test.concurrent('as a callback URL gets no key', async () => {
		await withHost(async (host) => {
			await inLab(async (lab) => {
				await lab.run(submitOf('vidu', { options: { callbackUrl: `${host.url}/hook` } }));
				await lab.simulator.sendCallback(lab.simulator.tasks[0]?.taskId ?? '');
				expect(host.requests.length).toBeGreaterThan(0);
			});
		});
	});
});

describe('when all goes well', () => {
	test.concurrent.each<[string, Partial<Switches>]>([
		['as documented', {}],
		['in the other spelling', { spelling: 'snake', errorMessagesMember: true }],
	])('%s', async (_, switches) => {
		await inLab(
			async (lab) => {
				const { simulator, run, asTool } = lab;
				const callbackUrl = `${simulator.filesUrl}/hook`;
				await run(submit({ options: { callbackUrl } }));
				await simulator.callbacksIdle();
				const taskId = simulator.tasks[0]?.taskId ?? '';
				const runs = await Promise.all(
					Object.values(everyForm(taskId)).map(async (form) => await run(form, itemsFor(form))),
				);
				expect(runs.map(shown).join('')).toBe('');
				await asTool(submitAndWait(), {});
				await asTool(submitAndWait(), {}, 'engine');
				for (const ask of EDITOR) expectNoKey(await ask(lab));
				const { returned } = await triggered(lab, taskId);
				expect(returned).toMatchObject({ workflowData: [[{ json: { taskId } }]] });
				expectNoKey(returned);
				expect(await testCredential(lab)).toMatchObject({ status: 'OK' });
			},
			{ defaultTaskScript: AT_ONCE, switches: { callbackRetries: 0, ...switches } },
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
			defaultTaskScript: {
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
		{ defaultTaskScript: { end: { kind: 'never' } } },
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
