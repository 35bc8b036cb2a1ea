import dns from 'node:dns';
import { gzipSync } from 'node:zlib';
import type { INodeParameters } from 'n8n-workflow';
import { UNKNOWN_OUTCOME } from '../support/sentences';
import { everyForm, ITEM_WITH_FILE } from './everyOperation';
import { RESOURCES, submitOf, waitOf } from './everyTask';
import type { NodeRun } from './harness';
import {
	CONTINUE,
	credential,
	inLab,
	itemsOf,
	jsonOf,
	KEY,
	shown,
	startOtherHost,
	submit,
	submitAndWait,
	task,
	type Lab,
	type OtherHost,
} from './support';

/** What nobody sends on purpose, and what somebody sends on purpose. */
jest.setTimeout(60_000);

const TASK_ID = '1900000000000000201';
const byId = (value: string): INodeParameters => ({ __rl: true, mode: 'id', value });

/** All that n8n shows or logs of a run, but for what went in and came out. */
const saidBy = ({ error, log, uiMessages }: NodeRun): string =>
	JSON.stringify([error?.message, error, error?.stack, log, uiMessages]);

describe('a text of megabytes', () => {
	const LONG = 'a fox '.repeat((5 * 2 ** 20) / 6);
	const items = itemsOf({ prompt: LONG });

	test.concurrent('as a prompt with a limit is refused in one short sentence', async () => {
		await inLab(async ({ simulator, run }) => {
			for (const mode of [{}, CONTINUE]) {
				const refused = await run(submitOf('vidu'), { items, ...mode });
				const sentence = `Prompt is ${LONG.length.toLocaleString('en')} characters long; Vidu Q2 Turbo takes at most 4,000.`;
				expect(JSON.stringify(refused.error?.message ?? jsonOf(refused))).toContain(sentence);
				expect(saidBy(refused)).not.toContain('a fox a fox');
			}
			expect(simulator.requests).toEqual([]);
		});
	});

	test.concurrent.each([
		['comfyWorkflow', {}],
		['aiApp', {}],
		['quickCreate', {}],
		[
			'model',
			{
				model: byId('minimax/not-in-the-catalogue/text-to-audio'),
				options: { extraFields: '={{ { prompt: $json.prompt } }}' },
			},
		],
	] as const)(
		'as a prompt without one is sent whole, and said nowhere: %s',
		async (resource, more) => {
			await inLab(async ({ simulator, run }) => {
				const sent = await run(submitOf(resource, more), { items });
				const [body] = simulator.submits().map((request) => request.body);
				expect(body).toContain(JSON.stringify(LONG).slice(1, -1));
				expect(saidBy(sent)).not.toContain('a fox a fox');
				expect(JSON.stringify(sent.items)).not.toContain('a fox a fox');
			});
		},
	);

	test.concurrent('in an answer becomes an error that can be read', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({
				kind: 'e1',
				code: 433,
				msg: 'http://'.repeat(700_000),
				match: {},
				times: 'always',
			});
			const refused = await run(submitOf('quickCreate'), { items });
			expect(shown(refused)).toContain('http://http://');
			expect(shown(refused).length).toBeLessThan(2_000);
		});
	});

	const TEXT = '={{ $json.text }}';
	const FIELDS: Array<[string, INodeParameters]> = [
		['Mode', submitOf('vidu', { mode: TEXT })],
		['the model of Vidu', submitOf('vidu', { model: TEXT })],
		['a choice', submitOf('vidu', { resolution: TEXT })],
		['a media field', submitOf('vidu', { imageUrl: TEXT })],
		['a number', submitOf('vidu', { duration: TEXT })],
		['Model', submitOf('model', { model: TEXT })],
		['Model, by its look an endpoint', submitOf('model', { model: '={{ $json.endpoint }}' })],
		['Extra Fields', submitOf('model', { options: { extraFields: TEXT } })],
		['Max Price', submitOf('vidu', { options: { maxPrice: TEXT } })],
		['Callback URL', submitOf('vidu', { options: { callbackUrl: TEXT } })],
		['Workflow', submitOf('comfyWorkflow', { workflowId: TEXT })],
		['Machine Size', submitOf('comfyWorkflow', { options: { instanceType: TEXT } })],
		['Keep Machine', submitOf('comfyWorkflow', { options: { retainSeconds: TEXT } })],
		['Use Personal Queue', submitOf('comfyWorkflow', { options: { usePersonalQueue: TEXT } })],
		['Add Metadata', submitOf('comfyWorkflow', { options: { addMetadata: TEXT } })],
		['Node Info List', submitOf('comfyWorkflow', { options: { nodeInfoList: TEXT } })],
		['Workflow JSON', submitOf('comfyWorkflow', { options: { workflowJson: TEXT } })],
		['AI App', submitOf('aiApp', { webappId: TEXT })],
		['Webapp ID', submitOf('quickCreate', { webappId: TEXT })],
		['Quick Create Code', submitOf('quickCreate', { quickCreateCode: TEXT })],
		['Node Inputs', submitOf('quickCreate', { nodeInputs: TEXT })],
		['Task ID', task('get', { taskId: TEXT })],
		['Days', { resource: 'aiApp', operation: 'getMany', days: TEXT }],
		['Input Binary Field', { resource: 'file', operation: 'upload', binaryPropertyName: TEXT }],
	];

	test.concurrent.each(FIELDS)('in %s is refused in a few sentences', async (_, form) => {
		await inLab(async ({ simulator, run }) => {
			const text = 'a fox '.repeat(50_000);
			const items = itemsOf({ text, endpoint: 'a/a'.repeat(100_000) });
			const refused = await run(form, { items, ...CONTINUE });
			const said = `${JSON.stringify(refused.items)} ${saidBy(refused)}`;
			expect(refused.items).toHaveLength(1);
			expect(jsonOf(refused).error).toBeTruthy();
			expect(said.length).toBeLessThan(10_000);
			expect(simulator.submits()).toEqual([]);
		});
	});
});

describe('half a character, as a text has that was cut in the middle of an emoji', () => {
	const prompt = `a fox ${'🦊'.slice(0, 1)}, and a whole one 🦊`;
	const READABLE = 'a fox �, and a whole one 🦊';

	test.concurrent.each(RESOURCES)(
		'is sent as �, which every server can read: %s',
		async (resource) => {
			await inLab(async ({ simulator, run }) => {
				const sent = await run(submitOf(resource), { items: itemsOf({ prompt }) });
				expect(shown(sent)).toBe('');
				const [request] = simulator.submits();
				expect(JSON.stringify(request?.json)).toContain(READABLE);
				expect(request?.body).not.toMatch(/\\ud83e/i);
			});
		},
	);

	test.concurrent('is also readable inside a workflow that is sent along', async () => {
		await inLab(async ({ simulator, run }) => {
			const workflowJson = {
				'6': { class_type: 'CLIPTextEncode', inputs: { text: 'another' } },
			};
			const form = submitOf('comfyWorkflow', {
				options: { workflowJson: JSON.stringify(workflowJson) },
			});
			expect(shown(await run(form, { items: itemsOf({ prompt }) }))).toBe('');
			expect(JSON.stringify(simulator.submits()[0]?.json)).toContain(READABLE);
		});
	});

	test.concurrent('in other fields breaks nothing', async () => {
		await inLab(async ({ run }) => {
			const cut = '🦊'.slice(0, 1);
			const forms = [
				submitOf('vidu', { imageUrl: cut }),
				task('get', { taskId: cut }),
				submitOf('vidu', { options: { callbackUrl: `https://a.example/${cut}` } }),
				{ resource: 'file', operation: 'uploadLora', loraName: cut },
			];
			for (const form of forms) {
				const { items } = await run(form, { items: [ITEM_WITH_FILE], ...CONTINUE });
				expect(items).toHaveLength(1);
			}
		});
	});
});

describe('an id that was given as a number and lost its last digits', () => {
	const id = Number('1900000000000000201');

	test.concurrent.each(
		Object.entries(everyForm('={{ $json.id }}')).filter(([name]) => name.startsWith('task.')),
	)('is refused, and says what to do: %s', async (_, form) => {
		await inLab(async ({ simulator, run }) => {
			const refused = await run(form, { items: itemsOf({ id }) });
			expect(refused.error?.message).toBe(
				'Task ID was given as a number and lost its last digits (1900000000000000300); keep it as text (in a spreadsheet, format the column as text).',
			);
			expect(simulator.requests).toEqual([]);
		});
	});

	test.concurrent.each([
		['Workflow', submitOf('comfyWorkflow', { workflowId: '={{ $json.id }}' })],
		['AI App', submitOf('aiApp', { webappId: '={{ $json.id }}' })],
		['Webapp ID', submitOf('quickCreate', { webappId: '={{ $json.id }}' })],
	])('of %s is refused as well', async (label, form) => {
		await inLab(async ({ simulator, run }) => {
			const refused = await run(form, { items: itemsOf({ id }) });
			expect(refused.error?.message).toContain(
				`${label} was given as a number and lost its last digits`,
			);
			expect(simulator.requests).toEqual([]);
		});
	});
});

describe('names that could change what every object is', () => {
	const EVIL =
		'"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"prototype":{"polluted":true}';
	afterEach(() => {
		expect(Object.keys(Object.prototype)).toEqual([]);
		expect(Reflect.get({}, 'polluted')).toBeUndefined();
	});

	test.each(['__proto__', 'constructor', 'prototype'])(
		'%s in Extra Fields is refused',
		async (name) => {
			await inLab(async ({ simulator, run }) => {
				for (const extraFields of [`{"${name}":{"polluted":true}}`, `{"a":[{"${name}":1}]}`]) {
					const refused = await run(submitOf('model', { options: { extraFields } }));
					expect(refused.error?.message).toBe(
						`Extra Fields holds the name ${name}, which is not allowed.`,
					);
				}
				expect(simulator.requests).toEqual([]);
			});
		},
	);

	test('in entries of lists are left out', async () => {
		await inLab(async ({ simulator, run }) => {
			const nodeInfoList = `[{"nodeId":"6","fieldName":"text","fieldValue":"a hen",${EVIL}}]`;
			const comfy = await run(submitOf('comfyWorkflow', { options: { nodeInfoList } }));
			const nodeInputs = `[{"nodeId":"52","nodeName":"RH_Translator","fieldName":"prompt","fieldType":"STRING","fieldValue":"a hen","description":"",${EVIL}}]`;
			const quick = await run(submitOf('quickCreate', { nodeInputs }));
			expect([shown(comfy), shown(quick)]).toEqual(['', '']);
			for (const { body } of simulator.submits()) {
				expect(body).toContain('a hen');
				expect(body).not.toMatch(/polluted|__proto__|prototype/);
			}
		});
	});

	test.each(['__proto__', 'constructor', 'prototype'])(
		'are no nodes and no inputs: %s',
		async (name) => {
			await inLab(async ({ simulator, run }) => {
				for (const [nodeId, fieldName] of [
					[name, 'text'],
					['6', name],
				]) {
					const nodeInfoList = JSON.stringify([{ nodeId, fieldName, fieldValue: 'polluted' }]);
					const refused = await run(submitOf('comfyWorkflow', { options: { nodeInfoList } }));
					expect(refused.error?.message).toContain(
						`Node Info List sets ${fieldName} of node ${nodeId}, but there is no`,
					);
				}
				expect(simulator.submits()).toEqual([]);
			});
		},
	);

	test('in a whole workflow are sent as what they are, values set beside them', async () => {
		await inLab(async ({ simulator, run }) => {
			const workflowJson = `{"6":{"class_type":"CLIPTextEncode","inputs":{"text":"x",${EVIL}}},"__proto__":{"class_type":"A","inputs":{"polluted":1}},"constructor":{"class_type":"A","inputs":{"prototype":1}}}`;
			await run(submitOf('comfyWorkflow', { options: { workflowJson } }), {
				items: itemsOf({ prompt: 'a hen' }),
			});
			const sent = String(Object(simulator.submits()[0]?.json).workflow);
			expect(JSON.parse(sent)).toEqual(JSON.parse(workflowJson.replace('"x"', '"a hen"')));
		});
	});

	test('in RunningHub’s answers harm nothing', async () => {
		await inLab(async ({ simulator, run }) => {
			const answer = (path: string, body: string) =>
				simulator.addFault({ kind: 'http', status: 200, body, match: { path }, times: 'always' });
			const results = `[{"url":"${simulator.filesUrl}/preview/a.png","outputType":"__proto__",${EVIL}}]`;
			answer(
				'/openapi/v2/query',
				`{"taskId":"${TASK_ID}","status":"SUCCESS","results":${results},"usage":{${EVIL}},${EVIL}}`,
			);
			answer(
				'/uc/openapi/accountStatus',
				`{"code":0,"data":{"remainCoins":"5","apiType":"__proto__",${EVIL}},${EVIL}}`,
			);
			answer(
				'/api/webapp/apiCallDemo',
				`{"code":0,"data":{"webappName":"constructor","nodeInfoList":[{"nodeId":"__proto__","fieldName":"prototype","fieldValue":"x","fieldType":"constructor",${EVIL}}],${EVIL}}}`,
			);
			answer(
				'/openapi/v2/vidu',
				`{"__proto__":{"taskId":"${TASK_ID}"},"constructor":{"taskId":"${TASK_ID}"}}`,
			);

			const got = await run(
				waitOf('vidu', {
					operation: 'waitForResult',
					resource: 'task',
					taskId: TASK_ID,
					options: { rawResponse: true },
					downloadResults: true,
				}),
			);
			expect(jsonOf(got)).toMatchObject({ taskId: TASK_ID, status: 'SUCCESS' });
			expect(shown(await run({ resource: 'account', operation: 'get' }))).toBe('');
			expect(shown(await run(submitOf('aiApp', { operation: 'getParameters' })))).toBe('');
			// An inherited member is no answer.
			expect((await run(submit())).error?.message).toContain(UNKNOWN_OUTCOME);
		});
	});
});

/** Names of the internet that lead to this machine, so that what RunningHub names looks public. */
async function withPublicNames(test: () => Promise<void>): Promise<void> {
	const { lookup } = dns;
	const known = (name: string) => (name.endsWith('.example') ? '127.0.0.1' : name);
	const replaced = (name: string, ...rest: unknown[]) =>
		Reflect.apply(lookup, dns, [known(name), ...rest]);
	Object.assign(dns, { lookup: replaced });
	try {
		await test();
	} finally {
		Object.assign(dns, { lookup });
	}
}

describe('an address inside n8n’s own network', () => {
	/** A simulator that looks as if it were on the internet, and a service that is not for the internet. */
	const inPublicLab = async (test: (lab: Lab, local: OtherHost) => Promise<void>) => {
		const local = await startOtherHost((_, response) => response.end('secrets of this network'));
		try {
			await withPublicNames(
				async () =>
					await inLab(async (lab) => await test(lab, local), {
						publicHost: 'runninghub.example',
					}),
			);
		} finally {
			await local.stop();
		}
	};
	const withImage = (form: INodeParameters, imageUrl: string): INodeParameters =>
		form.resource === 'vidu'
			? { ...form, imageUrl }
			: {
					...form,
					parameters: {
						mappingMode: 'defineBelow',
						value: {
							prompt: 'a fox',
							imageUrl,
							duration: '5',
							resolution: '720p',
							movementAmplitude: 'auto',
							bgm: true,
						},
					},
				};
	const localUrls = ({ url }: OtherHost) => [
		`${url}/a.mp4`,
		`${url.replace('127.0.0.1', 'localhost')}/a.mp4`,
		`${url.replace('127.0.0.1', '2130706433')}/a.mp4`,
	];

	test('is not gone to for a result, wherever its public address leads', async () => {
		await inPublicLab(async (lab, local) => {
			for (const redirect of localUrls(local)) {
				lab.simulator.nextTaskScripts({
					end: { kind: 'success', files: [{ type: 'mp4', redirect }] },
				});
				const run = await lab.run(submitAndWait({ downloadResults: true }));
				expect(run.error?.message).toMatch(/leads to .*, which is inside n8n’s own network/);
				expect(run.error?.message).toContain(lab.simulator.tasks.at(-1)?.taskId);
			}
			expect(local.requests).toEqual([]);
		});
	});

	test.each(['vidu', 'model'] as const)(
		'is not sent to RunningHub, which cannot reach it: %s',
		async (resource) => {
			await inPublicLab(async ({ simulator, run }, local) => {
				const form = submitOf(resource);
				for (const address of [...localUrls(local), 'http://192.168.1.5/a.png', 'file:///a.png']) {
					const refused = await run(withImage(form, address.replace('.mp4', '.png')));
					expect(shown(refused)).toMatch(
						/^Image is ".*", an? .* that RunningHub cannot reach; .* its binary field instead\. \| Nothing was sent/,
					);
				}
				expect(simulator.requests).toEqual([]);
			});
		},
	);

	test('is not gone to for a file of a workflow or app, and nothing is paid', async () => {
		await inPublicLab(async (lab, local) => {
			const redirecting = `${lab.simulator.filesUrl}/a.png`;
			const match = { origin: 'files' } as const;
			lab.simulator.addFault({ kind: 'redirect', url: `${local.url}/a.png`, match });
			for (const address of [...localUrls(local), redirecting]) {
				const nodeInputs = { mappingMode: 'defineBelow', value: { '39.image': address } };
				const run = await lab.run(submitOf('aiApp', { nodeInputs }));
				expect(run.error?.message).toMatch(
					address === redirecting
						? /leads to .*, which is inside n8n’s own network/
						: /an address that RunningHub cannot reach; .* its binary field instead/,
				);
			}
			const asked = lab.simulator.requests.filter(({ origin }) => origin === 'files');
			expect(asked).toHaveLength(1);
			expect(local.requests).toEqual([]);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	test('gets no LoRA', async () => {
		await inPublicLab(async (lab, local) => {
			const data = { fileName: 'api-lora-cn/a.safetensors', url: `${local.url}/put` };
			const match = { path: '/api/openapi/getLoraUploadUrl' };
			lab.simulator.addFault({ kind: 'e1', code: 0, data, match, times: 'always' });
			const form = { resource: 'file', operation: 'uploadLora', loraName: 'cut' };
			const run = await lab.run(form, { items: [ITEM_WITH_FILE] });
			expect(shown(run)).toContain('inside n8n’s own network');
			expect(local.requests).toEqual([]);
		});
	});

	test('is refused as a Callback URL, since RunningHub could not reach it', async () => {
		await inPublicLab(async (lab, local) => {
			const run = await lab.run(
				submitOf('vidu', { options: { callbackUrl: `${local.url}/hook` } }),
			);
			expect(run.error?.message).toContain('which RunningHub cannot reach from the internet');
			expect(run.error?.description).toMatch(
				/WEBHOOK_URL.+ Nothing was sent and nothing was paid for\.$/,
			);
			expect(lab.simulator.requests).toEqual([]);
		});
	});

	test('is told from a public one, which is gone to', async () => {
		await inPublicLab(async (lab, local) => {
			const redirect = `${local.url.replace('127.0.0.1', 'files.example')}/a.mp4`;
			lab.simulator.nextTaskScripts({
				end: { kind: 'success', files: [{ type: 'mp4', redirect }] },
			});
			const run = await lab.run(submitAndWait({ downloadResults: true }));
			expect(shown(run)).toBe('');
			expect(local.requests).toHaveLength(1);
			expect(JSON.stringify(local.requests)).not.toContain(KEY);
		});
	});
});

/** So many MB of spaces, packed as gzip: about a thousandth of that. */
function packed(megabytes: number): Buffer {
	const one = gzipSync(Buffer.alloc(2 ** 20, ' '));
	return Buffer.concat(Array.from({ length: megabytes }, () => one));
}

describe('a small body that unpacks to a large one', () => {
	const withBomb = async (megabytes: number, test: (host: OtherHost) => Promise<void>) => {
		const body = packed(megabytes);
		const host = await startOtherHost((_, response) =>
			response
				.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
				.end(body),
		);
		await test(host).finally(async () => await host.stop());
	};

	test.concurrent('is not read to its end as an answer of the API', async () => {
		await withBomb(1_000, async (host) => {
			await inLab(async ({ run }) => {
				const credentials = credential({ baseUrl: host.url });
				const unknown = await run(submit(), { credentials });
				expect(unknown.error?.message).toContain(UNKNOWN_OUTCOME);
				expect(shown(unknown)).toContain('it is larger than 32 MB');
				const got = await run(task('get', { taskId: TASK_ID }), { credentials });
				expect(shown(got)).toContain('it is larger than 32 MB');
				expect(got.error?.message).toContain(TASK_ID);
			});
		});
	});

	test.concurrent('is stored as it comes where it is a result', async () => {
		await withBomb(100, async (host) => {
			const files = [{ type: 'mp4', redirect: `${host.url}/a.mp4` }];
			await inLab(
				async ({ run }) => {
					const done = await run(submitAndWait({ downloadResults: true }));
					expect((await done.readBinary(done.items[0], 'data')).length).toBe(100 * 2 ** 20);
					// A host that obeys sends nothing packed in the first place.
					expect(host.requests[0]?.headers).toContain('"accept-encoding":"identity"');
				},
				{ defaultTaskScript: { end: { kind: 'success', files } } },
			);
		});
	});
});

describe('an option that an expression has made something else of', () => {
	test.concurrent.each<[string, INodeParameters, string]>([
		[
			'a limit in words',
			{ options: { maxConcurrentTasks: 'five' } },
			'Max Concurrent Tasks is "five"; it must be a number.',
		],
		[
			'half a task',
			{ options: { maxConcurrentTasks: 0.5 } },
			'Max Concurrent Tasks is 0.5; it must be a whole number, or 0 for no limit.',
		],
		['a time in words', { timeout: 'soon' }, 'Timeout (Minutes) is "soon"; it must be a number.'],
		[
			'a switch in words',
			{ options: { resubmitUnknown: 'maybe' } },
			'Submit Again if Unsure is "maybe"; it must be true or false.',
		],
	])('is refused before anything is paid: %s', async (_, parameters, sentence) => {
		await inLab(async ({ simulator, run }) => {
			const { error } = await run(submitAndWait(parameters));
			expect(error?.message).toBe(sentence);
			expect(simulator.requests).toEqual([]);
		});
	});
});
