import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import {
	TASK_SCRIPTS,
	SIMULATOR_KEY_CONSUMER,
	SIMULATOR_KEY_EXCLUSIVE,
	SIMULATOR_KEY_FREE,
	SIMULATOR_KEY_NO_BALANCE,
	SIMULATOR_KEY_OTHER_SITE,
	type Switches,
} from '../simulator';
import { meaningOf, NOTHING_PAID, notReached } from '../support/sentences';
import {
	CLOSED,
	CONTINUE,
	ERROR_OUTPUT,
	IMAGE,
	KEY,
	credential,
	errorOf,
	expectTaskShape,
	inLab,
	itemsOf,
	jsonOf,
	shown,
	startOtherHost,
	submit,
	submitAndWait,
	task,
	type Lab,
} from './support';

jest.setTimeout(30_000);

const MODERATED = {
	code: '1501',
	kind: 'moderation',
	message: `${meaningOf('1501').message}: content did not pass review`,
};
const prompts = (...values: string[]) => itemsOf(...values.map((prompt) => ({ prompt })));
const perItem = submitAndWait({ prompt: '={{ $json.prompt }}' });
const idOf = ({ simulator }: Lab, prompt: string) =>
	simulator.tasks.find(({ body }) => body.prompt === prompt)?.taskId;

describe('a task that fails', () => {
	const items = prompts('fine', 'bad [moderation]', 'fine too');

	test.concurrent('with Continue On Fail keeps its id and the whole shape', async () => {
		await inLab(async (lab) => {
			const result = await lab.run(perItem, { items, ...CONTINUE });
			expect(result.error).toBeUndefined();
			expect(result.items.map(({ json }) => json.status)).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
			for (const { json } of result.items) expectTaskShape(json);
			expect(jsonOf(result, 1)).toMatchObject({
				taskId: idOf(lab, 'bad [moderation]'),
				source: 'vidu/image-to-video-q2-turbo',
				usage: { thirdPartyMoney: lab.simulator.tasks[1]?.cost },
			});
			expect(errorOf(jsonOf(result, 1))).toStrictEqual(MODERATED);
			expect(result.items[1]?.pairedItem).toEqual({ item: 1 });
		});
	});

	test.concurrent('with the error output arrives there, with everything about it', async () => {
		await inLab(async (lab) => {
			const result = await lab.run(perItem, { items, ...ERROR_OUTPUT });
			expect(result.items.map(({ json }) => json.taskId)).toEqual([
				idOf(lab, 'fine'),
				idOf(lab, 'fine too'),
			]);
			expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
			for (const { json } of result.items) expectTaskShape(json);

			const taskId = idOf(lab, 'bad [moderation]');
			expect(result.errorItems).toHaveLength(1);
			const json: IDataObject = result.errorItems[0]?.json ?? {};
			expect(json).toMatchObject({
				prompt: 'bad [moderation]',
				message: MODERATED.message,
				error: { ...MODERATED, taskId },
			});
			const { task: whole } = json.error as { task: IDataObject };
			expectTaskShape(whole);
			expect(whole).toMatchObject({ taskId, status: 'FAILED', error: MODERATED });
			expect(result.errorItems[0]?.pairedItem).toEqual({ item: 1 });
			expect(result.outputOf('Error recorder')).toHaveLength(1);
		});
	});

	test.concurrent('with the error output: all fail, none fails', async () => {
		await inLab(async (lab) => {
			const bad = await lab.run(perItem, {
				items: prompts('a [fail]', 'b [fail]'),
				...ERROR_OUTPUT,
			});
			expect([bad.items.length, bad.errorItems.length]).toEqual([0, 2]);
			const good = await lab.run(perItem, { items: prompts('a', 'b'), ...ERROR_OUTPUT });
			expect([good.items.length, good.errorItems.length]).toEqual([2, 0]);
		});
	});

	test.concurrent('stops the run, and names its task and those of the others', async () => {
		await inLab(async (lab) => {
			const result = await lab.run(perItem, { items });
			const bad = idOf(lab, 'bad [moderation]');
			expect(result.run.status).toBe('error');
			expect(result.error?.message).toBe(`${MODERATED.message} (task ${bad}).`);
			expect(result.error).toMatchObject({ context: { itemIndex: 1 } });
			for (const prompt of ['fine', 'fine too']) {
				const other = lab.simulator.tasks.find(({ body }) => body.prompt === prompt);
				expect(shown(result)).toContain(`task ${other?.taskId} SUCCESS http://127.0.0.1:`);
			}
			for (const { taskId } of lab.simulator.tasks) {
				expect(result.log.join('\n')).toContain(taskId);
			}
		});
	});

	test.concurrent.each([
		['moderation', MODERATED.message],
		['fail', 'The task failed in ComfyUI node “KSampler”: torch.OutOfMemoryError: out of memory'],
		['empty', 'RunningHub reports success but returned no result.'],
		['cancel', 'The task was cancelled.'],
	] as const)('says why: %s', async (script, message) => {
		await inLab(
			async ({ run }) => {
				const result = await run(submitAndWait(), CONTINUE);
				expectTaskShape(jsonOf(result));
				expect(errorOf(jsonOf(result)).message).toBe(message);
			},
			{ defaultTaskScript: { end: TASK_SCRIPTS[script].end } },
		);
	});

	test.concurrent.each(['FileNotFoundError', 'ConnectionError: getaddrinfo ENOENT', 'EPERM'])(
		'keeps words in which n8n would find one of Node’s codes: %s',
		async (exceptionMessage) => {
			await inLab(
				async (lab) => {
					const result = await lab.run(submitAndWait());
					expect(result.error?.message).toContain(exceptionMessage);
					expect(result.error?.message).toContain(lab.simulator.tasks[0]?.taskId);
				},
				{ defaultTaskScript: { end: { kind: 'nodeException', exceptionMessage } } },
			);
		},
	);

	test.concurrent('says so where RunningHub gives no reason', async () => {
		await inLab(
			async ({ run }) => {
				const result = await run(submitAndWait(), CONTINUE);
				expect(errorOf(jsonOf(result)).message).toBe(
					'The task failed, and RunningHub gave no reason.',
				);
			},
			{ defaultTaskScript: { end: { kind: 'failed', errorCode: '', errorMessage: 'success' } } },
		);
	});

	test.concurrent('keeps RunningHub’s own words for a code that nobody knows', async () => {
		await inLab(
			async ({ run }) => {
				const result = await run(submitAndWait(), CONTINUE);
				expect(errorOf(jsonOf(result))).toMatchObject({
					code: '7777',
					message: 'RunningHub: the moon is in the wrong house',
				});
			},
			{
				defaultTaskScript: {
					end: {
						kind: 'failed',
						errorCode: '7777',
						errorMessage: 'the moon is in the wrong house',
					},
				},
			},
		);
	});
});

describe('one submit among several is refused', () => {
	test.concurrent('the accepted ones are waited for and named', async () => {
		await inLab(async (lab) => {
			const items = prompts('one', 'two', 'three');
			lab.simulator.addFault({
				kind: 'e3',
				errorCode: '1007',
				errorMessage: 'prompt is not allowed',
				match: { path: '/openapi/v2/vidu/image' },
				after: 1,
			});
			const result = await lab.run(perItem, { items });
			expect(result.error?.message).toBe('RunningHub refused a parameter: prompt is not allowed');
			expect(lab.simulator.tasks).toHaveLength(2);
			for (const { taskId, results } of lab.simulator.tasks) {
				// The whole address, signature and all, would fill the panel.
				const { origin } = new URL(results[0]?.url ?? '');
				expect(shown(result)).toContain(`task ${taskId} SUCCESS ${origin}/…/ComfyUI_00001_.mp4`);
			}
		});
	});

	test.concurrent('those that had not been sent yet are not paid for', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({
				kind: 'e3',
				errorCode: '1007',
				errorMessage: 'no',
				match: { path: '/openapi/v2/vidu/' },
			});
			const items = itemsOf(...Array.from({ length: 30 }, () => ({})));
			const result = await run(submit(), { items });
			expect(simulator.submits().length).toBeLessThanOrEqual(20);
			expect(shown(result)).toContain(
				`Not sent and not paid for: ${30 - simulator.submits().length} more items.`,
			);
		});
	});
});

describe('who may not call is told so in one sentence', () => {
	const as = (apiKey: string, { simulator }: Lab) => ({
		credentials: credential({ apiKey, baseUrl: simulator.baseUrl }),
	});

	test.concurrent.each([
		['a wrong key', 'f'.repeat(32), '1002'],
		['a key of the other site', SIMULATOR_KEY_OTHER_SITE, '1002'],
		['a consumer key', SIMULATOR_KEY_CONSUMER, '1014'],
		['an exclusive key', SIMULATOR_KEY_EXCLUSIVE, '1014'],
		['no balance', SIMULATOR_KEY_NO_BALANCE, '416'],
		['a free user', SIMULATOR_KEY_FREE, '801'],
	])('%s', async (_, key, code) => {
		const { message, remedy } = meaningOf(code);
		await inLab(async (lab) => {
			const result = await lab.run(submitAndWait(), as(key, lab));
			expect(result.error?.message).toBe(`${message}.`);
			expect(shown(result)).toContain(remedy);
			expect(lab.simulator.submits()).toHaveLength(1);
			expect(lab.simulator.tasks).toEqual([]);
			const kept = await lab.run(submitAndWait(), { ...as(key, lab), ...CONTINUE });
			expectTaskShape(jsonOf(kept));
			expect(jsonOf(kept)).toMatchObject({ taskId: null, status: 'FAILED' });
		});
	});

	test.concurrent.each<[Partial<Switches>]>([
		[{ badKeyV2: '1601' }],
		[{ badKeyV2: '806' }],
		[{ badKeyV2: 'e2-401' }],
		[{ refusalBody: 'null' }],
		[{ refusalWords: 'english' }],
		[{ badKeyV2: 'http-401' }],
		[{ errorHttpStatusV2: 400 }],
		[{ spelling: 'snake' }],
	])('a wrong key, however RunningHub says it: %j', async (switches) => {
		await inLab(
			async (lab) => {
				const result = await lab.run(submit(), as('f'.repeat(32), lab));
				const { message: sentence } = meaningOf(switches.badKeyV2 === '806' ? '806' : '1002');
				expect(result.error?.message).toBe(`${sentence}.`);
				const got = await lab.run(task('get', { taskId: '1900000000000000201' }), {
					...as('f'.repeat(32), lab),
				});
				expect(got.error?.message).toBe(`${sentence} (task 1900000000000000201).`);
				expect(lab.simulator.submits()).toHaveLength(1);
			},
			{ switches },
		);
	});

	test.concurrent.each<[Switches['noBalanceV2'], RegExp]>([
		['e1-416', /^The wallet balance is too low for this task\./],
		['e1-414', /^The account has no RH coins left\./],
		['e1-812', /^The enterprise balance is too low for this task\./],
		['e3-416', /^The wallet balance is too low for this task\./],
		// 1000 leaves open whether there is a task, whatever its words are.
		['e3-1000', /^RunningHub may or may not .*“insufficient balance/],
	])('no balance, however RunningHub says it: %s', async (noBalanceV2, sentence) => {
		await inLab(
			async (lab) => {
				expect(shown(await lab.run(submit(), as(SIMULATOR_KEY_NO_BALANCE, lab)))).toMatch(sentence);
			},
			{ switches: { noBalanceV2 } },
		);
	});
});

test.concurrent(
	'a model that this site has given up is refused once, with where it is',
	async () => {
		await inLab(
			async ({ simulator, run }) => {
				const result = await run(submitAndWait(), CONTINUE);
				expect(jsonOf(result)).toMatchObject({
					taskId: null,
					status: 'FAILED',
					error: { code: '40310', kind: 'site' },
				});
				expect(shown(await run(submitAndWait()))).toMatch(/Site of www\.runninghub\.ai.*已下线/);
				expect(simulator.submits()).toHaveLength(2);
				expect(simulator.tasks).toEqual([]);
			},
			{ switches: { modelsNotOffered: ['vidu/image-to-video-q2-turbo'] } },
		);
	},
);

describe('an address where there is no RunningHub', () => {
	const at = (baseUrl: string) => ({ credentials: credential({ baseUrl }) });

	test.concurrent.each([
		['a closed port', CLOSED, 'ECONNREFUSED'],
		['an unknown host', 'http://no-such-host.invalid', 'ENOTFOUND'],
	])('%s', async (_, baseUrl, code) => {
		const { message, description } = notReached(code);
		await inLab(async ({ run }) => {
			const result = await run(submitAndWait(), at(baseUrl));
			expect(shown(result)).toBe(`${message} | ${description}`);
			const kept = await run(task('get', { taskId: '1900000000000000201' }), {
				...at(baseUrl),
				...CONTINUE,
			});
			expectTaskShape(jsonOf(kept));
			expect(jsonOf(kept)).toMatchObject({
				taskId: '1900000000000000201',
				status: 'UNKNOWN',
				error: { kind: 'transient' },
			});
		});
	});

	test.concurrent.each([
		['none', ''],
		['without a scheme', 'runninghub.example'],
		['of another scheme', 'ftp://runninghub.example'],
		['the key in the wrong field', KEY],
	])('%s', async (_, baseUrl) => {
		await inLab(async ({ run }) => {
			for (const parameters of [submitAndWait(), task('get', { taskId: '1900000000000000201' })]) {
				expect(shown(await run(parameters, at(baseUrl)))).toBe(
					'Base URL in the RunningHub credential is not an address. | It must start with https:// or http://, for example https://www.runninghub.ai.',
				);
				const kept = await run(parameters, { ...at(baseUrl), ...CONTINUE });
				expectTaskShape(jsonOf(kept));
				expect(errorOf(jsonOf(kept)).kind).toBe('site');
			}
		});
	});

	test.concurrent.each([
		[404, 'There is no RunningHub API at this URL.'],
		[405, 'There is no RunningHub API at this URL.'],
		[501, 'There is no RunningHub API at this URL.'],
	])('a web server that answers %s', async (status, sentence) => {
		const host = await startOtherHost((_, response) => {
			response.writeHead(status, { 'Content-Type': 'text/html' }).end('<h1>no</h1>');
		});
		await inLab(async ({ run }) => {
			const result = await run(submitAndWait(), at(host.url));
			expect(shown(result)).toBe(
				`${sentence} | Check the Site and the Base URL in the credential.`,
			);
			expect(host.requests).toHaveLength(1);
		}).finally(host.stop);
	});

	test.concurrent('a base URL with a path and a slash at its end works', async () => {
		await inLab(async ({ simulator, run }) => {
			const proxy = await startOtherHost((request, response) => {
				response.writeHead(307, { Location: `${simulator.baseUrl}${request.url}` }).end();
			});
			const result = await run(submit(), at(`${proxy.url}/rh/`));
			expect(proxy.requests.map(({ url }) => url)).toEqual([
				'/rh/openapi/v2/vidu/image-to-video-q2-turbo',
			]);
			expect(result.error?.message).toContain('answered with a redirect');
			await proxy.stop();
		});
	});
});

describe('input that the model would refuse', () => {
	const NOTHING_SENT = ` | ${NOTHING_PAID}`;

	test.concurrent.each<[string, INodeParameters, string]>([
		[
			'no prompt',
			submit({ prompt: '={{ "" }}' }),
			`Prompt is empty, but Vidu Q2 Turbo needs it.${NOTHING_SENT}`,
		],
		[
			'a prompt of spaces',
			submit({ prompt: '={{ "  \\n " }}' }),
			`Prompt is empty, but Vidu Q2 Turbo needs it.${NOTHING_SENT}`,
		],
		[
			'a prompt that is missing in the item',
			submit({ prompt: '={{ $json.nothing }}' }),
			`Prompt is empty, but Vidu Q2 Turbo needs it.${NOTHING_SENT}`,
		],
		[
			'a prompt that is too long',
			submit({ prompt: 'x'.repeat(4001) }),
			`Prompt is 4,001 characters long; Vidu Q2 Turbo takes at most 4,000.${NOTHING_SENT}`,
		],
		[
			'a prompt that is an object',
			submit({ prompt: '={{ { a: 1 } }}' }),
			`Prompt is "{"a":1}"; it must be text.${NOTHING_SENT}`,
		],
		[
			'a length that the model does not make',
			submit({ duration: '30' }),
			`Duration (Seconds) is "30"; Vidu Q2 Turbo takes 1 to 10.${NOTHING_SENT}`,
		],
		[
			'a size of another model',
			submit({ resolution: '2k' }),
			`Resolution is "2k"; Vidu Q2 Turbo takes 540p, 720p, 1080p.${NOTHING_SENT}`,
		],
		[
			'a length that is too short for this model alone',
			submit({
				mode: 'referenceToVideo',
				model: 'vidu/reference-to-video-q3',
				imageUrls: IMAGE,
				duration: '={{ 2 }}',
			}),
			`Duration (Seconds) is "2"; Vidu Q3 takes a whole number from 3 to 16.${NOTHING_SENT}`,
		],
		[
			'a switch that is neither on nor off',
			submit({ bgm: '={{ "maybe" }}' }),
			`Background Music is "maybe"; it must be true or false.${NOTHING_SENT}`,
		],
		[
			'no picture',
			submit({ imageUrl: '={{ "" }}' }),
			`Image is empty, but Vidu Q2 Turbo needs it: give the URL of an image, or the name of a binary field.${NOTHING_SENT}`,
		],
		[
			'several things at once',
			submit({ prompt: '={{ "" }}', imageUrl: 'fox.jpg', duration: '99' }),
			`Prompt is empty, but Vidu Q2 Turbo needs it. | Image is "fox.jpg", which is not a URL; give an address that starts with https:// or http://, a data: URI of an image, or the name of a binary field. Duration (Seconds) is "99"; Vidu Q2 Turbo takes 1 to 10. ${NOTHING_PAID}`,
		],
		[
			'a model of another mode',
			submit({ model: 'vidu/text-to-video' }),
			`Model is "vidu/text-to-video"; Image to Video offers vidu/image-to-video-q2-pro, vidu/image-to-video-q2-pro-fast, vidu/image-to-video-q2-turbo, vidu/image-to-video-q3-pro, vidu/image-to-video-q3-pro-fast, vidu/image-to-video-q3-turbo.${NOTHING_SENT}`,
		],
		[
			'a Vidu model that this package does not know',
			submit({ model: '={{ "vidu/text-to-video-q9" }}' }),
			`Model is "vidu/text-to-video-q9"; Image to Video offers vidu/image-to-video-q2-pro, vidu/image-to-video-q2-pro-fast, vidu/image-to-video-q2-turbo, vidu/image-to-video-q3-pro, vidu/image-to-video-q3-pro-fast, vidu/image-to-video-q3-turbo. A Vidu model newer than this package is under the resource Model, marked (new).${NOTHING_SENT}`,
		],
	])('%s', async (_, parameters, sentence) => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(parameters);
			expect(shown(result)).toBe(sentence);
			expect(result.error).toMatchObject({ context: { itemIndex: 0 } });
			expect(simulator.requests).toEqual([]);

			const kept = await run(parameters, CONTINUE);
			expectTaskShape(jsonOf(kept));
			expect(jsonOf(kept)).toMatchObject({
				taskId: null,
				status: 'FAILED',
				error: { kind: 'validation', code: null, message: sentence.split(' | ')[0] },
			});
			expect(simulator.requests).toEqual([]);
		});
	});

	test.concurrent.each<[Switches['textLength'], string]>([
		['codePoints', 'SUCCESS'],
		['utf16', 'FAILED'],
	])(
		'a prompt at the limit in emoji is left to RunningHub, which counts in %s',
		async (textLength, status) => {
			await inLab(
				async ({ simulator, run }) => {
					const fits = await run(submitAndWait({ prompt: '🦊'.repeat(4_000) }), CONTINUE);
					expect(jsonOf(fits).status).toBe(status);
					const more = await run(submitAndWait({ prompt: '🦊'.repeat(4_001) }));
					expect(shown(more)).toBe(
						`Prompt is 4,001 characters long; Vidu Q2 Turbo takes at most 4,000.${NOTHING_SENT}`,
					);
					expect(simulator.submits()).toHaveLength(1);
				},
				{ switches: { textLength } },
			);
		},
	);

	const FAILS = '={{ $json.ok ?? $("Nope").item.json.x }}';
	const byId = (value: string): INodeParameters => ({ __rl: true, mode: 'id', value });
	const LOOKS: Array<[string, INodeParameters]> = [
		...['get', 'cancel', 'waitForResult', 'getWebhookEvent', 'resendWebhookEvent'].map(
			(operation): [string, INodeParameters] => [
				`Task: ${operation}`,
				{ resource: 'task', operation, taskId: FAILS },
			],
		),
		['File: upload', { resource: 'file', operation: 'upload', binaryPropertyName: FAILS }],
		[
			'File: uploadLora',
			{ resource: 'file', operation: 'uploadLora', loraName: FAILS, binaryPropertyName: 'data' },
		],
		['AI App: getMany', { resource: 'aiApp', operation: 'getMany', days: FAILS }],
		[
			'AI App: getParameters',
			{ resource: 'aiApp', operation: 'getParameters', webappId: byId(FAILS) },
		],
		[
			'Workflow: getJson',
			{ resource: 'comfyWorkflow', operation: 'getJson', workflowId: byId(FAILS) },
		],
		[
			'Quick Create: getStyles',
			{ resource: 'quickCreate', operation: 'getStyles', webappId: FAILS },
		],
		['Vidu: estimatePrice', submitAndWait({ operation: 'estimatePrice', prompt: FAILS })],
	];

	test.concurrent.each(LOOKS)(
		'an expression that fails is an error of its item alone, where no task is made: %s',
		async (_, parameters) => {
			await inLab(async ({ run }) => {
				// What the first is, nothing is known of at RunningHub, or it has no file: a plain error of its own.
				const items = itemsOf({ ok: '1900000000000999999' }, {});
				const result = await run(parameters, { items, ...CONTINUE });
				expect(result.error).toBeUndefined();
				const failed = result.items.find(({ pairedItem }) => pairedIndexOf(pairedItem) === 1);
				expect(errorOf(failed?.json ?? {})).toMatchObject({
					kind: 'validation',
					message: expect.stringMatching(/Nope|node/),
				});
				expect(result.items.some(({ json }) => 'ok' in json)).toBe(false);

				const stopped = await run(parameters, { items: itemsOf({}) });
				expect(stopped.error).toMatchObject({ context: { itemIndex: 0 } });
			});
		},
	);

	test.concurrent('an expression that fails is an error of its item alone', async () => {
		await inLab(async ({ simulator, run }) => {
			const items = itemsOf({ ok: 'a fox' }, {});
			const result = await run(submitAndWait({ prompt: FAILS }), { items, ...CONTINUE });
			expect(result.items.map(({ json }) => json.status)).toEqual(['SUCCESS', 'FAILED']);
			for (const { json } of result.items) expectTaskShape(json);
			// What n8n says of it, not that the field is empty.
			expect(errorOf(jsonOf(result, 1))).toMatchObject({
				kind: 'validation',
				message: "Referenced node doesn't exist",
			});
			expect(simulator.submits()).toHaveLength(1);

			const stopped = await run(submitAndWait({ prompt: FAILS }), { items });
			expect(stopped.error?.message).toBe("Referenced node doesn't exist");
			expect(simulator.submits()).toHaveLength(1);
		});
	});
});

const pairedIndexOf = (paired: INodeExecutionData['pairedItem']) =>
	typeof paired === 'object' && !Array.isArray(paired) ? paired.item : undefined;

test.concurrent('the key of the run is the one that the credential names', async () => {
	await inLab(async ({ simulator, run }) => {
		await run(submitAndWait({ operation: 'submit' }), {
			credentials: credential({ baseUrl: simulator.baseUrl, apiKey: ` ${KEY}\n` }),
		});
		expect(simulator.requests.map(({ headers }) => headers.authorization)).toEqual([
			`Bearer ${KEY}`,
		]);
	});
});
