import type { IDataObject, INodeParameters } from 'n8n-workflow';
import {
	SIMULATOR_PASSWORD,
	SIMULATOR_WORKFLOW_EVERY_VALUE_ID as EVERY_VALUE,
	SIMULATOR_WORKFLOW_ID as WORKFLOW,
	SIMULATOR_WORKFLOW_NEVER_RUN_ID as NEVER_RUN,
	SIMULATOR_WORKFLOW_PRIVATE_ID as PRIVATE,
	SIMULATOR_WORKFLOW_PROTECTED_ID as PROTECTED,
	type AccountSettings,
	type Fault,
} from '../simulator';
import { NOTHING_PAID } from '../support/sentences';
import { callBack, retryRun, storeBinary } from './harness';
import { form, formsOf, listOf, PIXEL, sent, withPicture } from './comfySupport';
import {
	CONTINUE,
	ERROR_OUTPUT,
	KEY,
	PNG,
	credential,
	errorOf,
	expectTaskShape,
	inLab,
	itemsOf,
	jsonOf,
	shown,
	startOtherHost,
	type Lab,
	type More,
} from './support';

jest.setTimeout(30_000);

/** Nobody can look at a workflow. */
const UNREADABLE: Fault = {
	kind: 'http',
	match: { path: '/api/openapi/getJsonApiFormat' },
	status: 502,
	times: 'always',
};

const DEFAULTS = { '3.steps': 20, '6.text': 'a fox', '10.image': 'example.png' };

const { submit, submitAndWait } = formsOf('comfyWorkflow', 'workflowId', WORKFLOW);

const info = (nodeId: string, fieldName: string, fieldValue: unknown) => ({
	nodeId,
	fieldName,
	fieldValue,
});

describe('a workflow', () => {
	test.concurrent('runs as it is saved where nothing is changed', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(submitAndWait(form({}, DEFAULTS)));
			expect(shown(run)).toBe('');
			expectTaskShape(jsonOf(run));
			expect(jsonOf(run)).toMatchObject({ status: 'SUCCESS', source: WORKFLOW, error: null });
			expect(jsonOf(run).url).toMatch(/\.png/);
			expect(sent(lab)).toEqual([{ workflowId: WORKFLOW, nodeInfoList: [] }]);
			// Nothing to check: nobody looks at the workflow.
			expect(lab.simulator.requests.some(({ path }) => path.includes('getJson'))).toBe(false);
		});
	});

	test.concurrent('gets what was changed in the form and nothing else, as text', async () => {
		await inLab(async (lab) => {
			const changes = { '3.steps': 30, '6.text': 'an owl' };
			const run = await lab.run(submit(form(changes, { ...DEFAULTS, '3.denoise': 1 })));
			expect(shown(run)).toBe('');
			expect(listOf(lab)).toEqual([info('3', 'steps', '30'), info('6', 'text', 'an owl')]);
			expect(jsonOf(run)).toMatchObject({ taskId: lab.simulator.tasks[0]?.taskId });
		});
	});

	test.concurrent(
		'draws its seed anew unless somebody names one, which arrives digit by digit',
		async () => {
			await inLab(async (lab) => {
				await lab.run(submit(form({ '3.seed': null, '3.steps': 21 }, { '3.seed': 1 })));
				expect(listOf(lab)).toEqual([info('3', 'steps', '21')]);
				await lab.run(submit(form({ '3.seed': '18446744073709551615' })));
				expect(listOf(lab, 1)).toEqual([info('3', 'seed', '18446744073709551615')]);
			});
		},
	);

	test.concurrent('takes expressions, each item its own', async () => {
		await inLab(async (lab) => {
			const text = form(
				{ '6.text': '={{ $json.prompt }}', '3.steps': '={{ $json.steps }}' },
				DEFAULTS,
			);
			const items = itemsOf({ prompt: 'a cat', steps: 20 }, { prompt: '', steps: '' }, {});
			const run = await lab.run(submit(text), { items });
			expect(shown(run)).toBe('');
			const lists = sent(lab).map(({ nodeInfoList }) => nodeInfoList);
			expect(lists).toHaveLength(3);
			expect(lists).toContainEqual([info('3', 'steps', '20'), info('6', 'text', 'a cat')]);
			// A text can be empty; a number that is empty stays as it is.
			expect(lists).toContainEqual([info('6', 'text', '')]);
			expect(lists).toContainEqual([]);
		});
	});

	test.concurrent.each([
		['the address of its page', 'url', `https://www.runninghub.ai/workflow/${WORKFLOW}`],
		['an address with more behind it', 'url', `https://www.runninghub.cn/workflow/${WORKFLOW}?a=1`],
		['its id', 'id', ` ${WORKFLOW} `],
		['its id, in the mode that the form opens with', 'url', WORKFLOW],
		['its address, in the mode for ids', 'id', `https://www.runninghub.ai/workflow/${WORKFLOW}`],
		['an expression', 'url', '={{ $json.page }}'],
	])('is found by %s', async (_, mode, value) => {
		await inLab(async (lab) => {
			const items = itemsOf({ page: `https://www.runninghub.ai/workflow/${WORKFLOW}` });
			const run = await lab.run(submit({ workflowId: { __rl: true, mode, value } }), { items });
			expect(shown(run)).toBe('');
			expect(sent(lab)).toMatchObject([{ workflowId: WORKFLOW }]);
		});
	});

	test.concurrent.each([
		['={{ 1900000000000100201 }}', /was given as a number and lost its last digits/],
		['={{ "" }}', /Workflow is empty; enter the URL/],
		[
			'={{ "https://www.runninghub.ai/ai-detail/1900000000000100201" }}',
			/This is the address of an AI App: choose AI App as the Resource/,
		],
	])('is not found by %s, which costs nothing', async (value, sentence) => {
		await inLab(async (lab) => {
			const run = await lab.run(submit({ workflowId: { __rl: true, mode: 'id', value } }));
			expect(shown(run)).toMatch(sentence);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	test.concurrent.each(['url', 'id'])(
		'is not taken from the page of an app, which is said where it stands: mode %s',
		async (mode) => {
			await inLab(async (lab) => {
				const value = 'https://www.runninghub.ai/ai-detail/1900000000000100201';
				const run = await lab.run(submit({ workflowId: { __rl: true, mode, value } }));
				expect(shown(run)).toContain(
					'This is the address of an AI App: choose AI App as the Resource, and give it there',
				);
				expect(lab.simulator.requests).toEqual([]);
			});
		},
	);

	test.concurrent('is looked at once for all items', async () => {
		await inLab(async (lab) => {
			const parameters = submit(form({ '6.text': '={{ $json.prompt }}' }));
			await lab.run(parameters, {
				items: itemsOf({ prompt: 'a' }, { prompt: 'b' }, { prompt: 'c' }),
			});
			const looks = lab.simulator.requests.filter(({ path }) => path.includes('getJson'));
			expect(looks).toHaveLength(1);
			expect(lab.simulator.tasks).toHaveLength(3);
		});
	});

	test.concurrent('that cannot be looked at for the moment is not paid for', async () => {
		await inLab(async (lab) => {
			lab.simulator.addFault(UNREADABLE);
			const run = await lab.run(submit(form({ '6.text': 'an owl' })));
			expect(shown(run)).toMatch(/RunningHub is currently unavailable/);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});
});

describe('options', () => {
	test.concurrent('go along as they are set, and none that is not', async () => {
		await inLab(async (lab) => {
			const options = {
				instanceType: 'ultra',
				addMetadata: false,
				usePersonalQueue: true,
				retainSeconds: 30,
				callbackUrl: 'https://hooks.example/x',
			};
			expect(shown(await lab.run(submit({ options })))).toBe('');
			expect(sent(lab)).toEqual([
				{
					workflowId: WORKFLOW,
					nodeInfoList: [],
					instanceType: 'ultra',
					addMetadata: false,
					usePersonalQueue: true,
					retainSeconds: 30,
					webhookUrl: 'https://hooks.example/x',
				},
			]);
		});
	});

	test.concurrent('a list written by hand counts over the form', async () => {
		await inLab(async (lab) => {
			const nodeInfoList = JSON.stringify([
				{ nodeId: 6, fieldName: 'text', fieldValue: 'a cat' },
				{ nodeId: '3', fieldName: 'seed', fieldValue: 7, nodeName: 'KSampler' },
			]);
			const run = await lab.run(
				submit({ ...form({ '6.text': 'an owl', '3.steps': 5 }), options: { nodeInfoList } }),
			);
			expect(shown(run)).toBe('');
			expect(listOf(lab)).toEqual(
				expect.arrayContaining([
					info('6', 'text', 'a cat'),
					info('3', 'seed', '7'),
					info('3', 'steps', '5'),
				]),
			);
			expect(listOf(lab)).toHaveLength(3);
		});
	});

	test.concurrent('an inline workflow gets the values itself, every digit kept', async () => {
		await inLab(async (lab) => {
			const workflowJson =
				'{"3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"steps":20,"model":["4",0]}},' +
				'"6":{"class_type":"CLIPTextEncode","inputs":{"text":"a fox"}}}';
			const parameters = {
				...form({ '3.steps': 5, '6.text': 'an owl' }),
				options: { workflowJson },
			};
			const run = await lab.run(submit(parameters, '1'));
			expect(shown(run)).toBe('');
			const [body] = sent(lab);
			expect(Object.keys(body ?? {})).toEqual(['workflowId', 'workflow']);
			expect(body?.workflow).toBe(
				'{"3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"steps":5,"model":["4",0]}},' +
					'"6":{"class_type":"CLIPTextEncode","inputs":{"text":"an owl"}}}',
			);
		});
	});

	test.concurrent.each<[string, IDataObject, RegExp]>([
		[
			'a size',
			{ instanceType: 'huge' },
			/Machine Size is "huge"; it must be one of default, plus, ultra/,
		],
		[
			'seconds',
			{ retainSeconds: 300 },
			/Keep Machine \(Seconds\) is "300"; it must be a whole number from 10 to 180/,
		],
		['a switch', { usePersonalQueue: 'maybe' }, /Use Personal Queue is "maybe"/],
		['a list', { nodeInfoList: '{"a": 1' }, /Node Info List is "{"a": 1"; it must be a JSON array/],
		[
			'an entry',
			{ nodeInfoList: '[{"nodeId": "6", "fieldName": "text"}]' },
			/Entry 1 of Node Info List has no usable fieldValue/,
		],
		[
			'a workflow',
			{ workflowJson: '{"6": {"text": "a fox"}}' },
			/must be a workflow in ComfyUI’s API format/,
		],
		[
			'an editor’s file',
			{ workflowJson: '{"nodes": [], "links": []}' },
			/format of ComfyUI’s editor, which cannot be run/,
		],
	])('%s that would be refused costs nothing', async (_, options, sentence) => {
		await inLab(async (lab) => {
			const run = await lab.run(submit({ options: options as INodeParameters }));
			expect(shown(run)).toMatch(sentence);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});
});

describe('a password', () => {
	const options = { accessPassword: SIMULATOR_PASSWORD };
	const nodeInfoList = '[{"nodeId": "6", "fieldName": "text", "fieldValue": "an owl"}]';

	test.concurrent('opens a protected workflow, even one that hides its JSON', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(
				submitAndWait({ options: { ...options, nodeInfoList } }, PROTECTED),
			);
			expect(shown(run)).toBe('');
			expect(sent(lab)).toMatchObject([
				{ accessPassword: SIMULATOR_PASSWORD, nodeInfoList: [info('6', 'text', 'an owl')] },
			]);
			expect(JSON.stringify([run.items, run.log])).not.toContain(SIMULATOR_PASSWORD);
		});
	});

	test.concurrent('that is wrong or missing is said to be, and not repeated', async () => {
		await inLab(async (lab) => {
			const wrong = await lab.run(
				submit({ options: { accessPassword: 'knock-knock' } }, PROTECTED),
			);
			const missing = await lab.run(submit({}, PROTECTED));
			for (const run of [wrong, missing]) {
				expect(shown(run)).toMatch(/no permission for this content.*protected.*Access Password/);
				expect(shown(run)).not.toContain('knock-knock');
			}
			expect(JSON.stringify(wrong.log)).not.toContain('knock-knock');
			expect(lab.simulator.tasks).toEqual([]);
		});
	});

	test.concurrent('is not in a sentence of RunningHub that repeats it', async () => {
		await inLab(async (lab) => {
			lab.simulator.addFault({
				kind: 'e1',
				match: { path: '/task/openapi/create' },
				code: 1,
				msg: 'wrong password: knock-knock',
			});
			const run = await lab.run(submit({ options: { accessPassword: 'knock-knock' } }));
			expect(run.error).toBeDefined();
			expect(shown(run)).not.toContain('knock-knock');
		});
	});
});

describe('a media input', () => {
	const uploaded = async (given: string, more: More = {}) => {
		let result: { name: unknown; names: string[]; upload: unknown } | undefined;
		await inLab(async (lab) => {
			const run = await lab.run(submit(form({ '10.image': given }, DEFAULTS)), more);
			expect(shown(run)).toBe('');
			const names = lab.simulator.uploads.map(({ fileName }) => fileName);
			result = { name: listOf(lab)[0]?.fieldValue, names, upload: lab.simulator.uploads[0] };
		});
		return result;
	};

	test.concurrent('gets the name of an uploaded binary field', async () => {
		const result = await uploaded('photo', { items: [withPicture] });
		expect(result?.names).toEqual([result?.name]);
		expect(result?.upload).toMatchObject({ originalName: 'photo.png', contentType: 'image/png' });
	});

	test.concurrent('… of a data: URI', async () => {
		const result = await uploaded(PNG);
		expect(result?.names).toEqual([result?.name]);
	});

	test.concurrent('keeps a name that RunningHub already knows', async () => {
		await inLab(async (lab) => {
			const first = await lab.run(submit(form({ '10.image': PNG })));
			expect(shown(first)).toBe('');
			const name = lab.simulator.uploads[0]?.fileName ?? '';
			expect(shown(await lab.run(submit(form({ '10.image': name }))))).toBe('');
			expect(lab.simulator.uploads).toHaveLength(1);
			expect(listOf(lab, 1)).toEqual([info('10', 'image', name)]);
		});
	});

	test.concurrent('gets the file behind a URL, which is fetched without the key', async () => {
		const bytes = Buffer.from(PIXEL, 'base64');
		const host = await startOtherHost((request, response) => {
			if (request.url === '/moved') {
				response.writeHead(302, { location: '/files/fox?sig=secret' }).end();
			} else {
				response.writeHead(200, { 'content-type': 'image/png' }).end(bytes);
			}
		});
		await inLab(async (lab) => {
			const items = itemsOf({}, {});
			const run = await lab.run(submit(form({ '10.image': `${host.url}/moved` })), { items });
			expect(shown(run)).toBe('');
			// Once for both items.
			expect(lab.simulator.uploads).toMatchObject([
				{ originalName: 'fox.png', contentType: 'image/png', size: bytes.length },
			]);
			expect(listOf(lab)).toEqual([info('10', 'image', lab.simulator.uploads[0]?.fileName)]);
			// Looked at before the first item is paid for, since its address does not say what it is, then uploaded.
			const requests = ['/moved', '/files/fox?sig=secret'];
			expect(host.requests.map(({ url }) => url)).toEqual([...requests, ...requests]);
			expect(JSON.stringify(host.requests)).not.toContain(KEY);
		}).finally(async () => await host.stop());
	});

	test.concurrent.each<[string, string, RegExp]>([
		[
			'a binary field that is not there',
			'picture',
			/Reference image · image is "picture", but this item has photo; it takes/,
		],
		['two files', `${PNG}, photo`, /Reference image · image has 2 files; it takes one/],
		[
			'a broken data: URI',
			'data:image/png;base64,',
			/Reference image · image is "data:image\/png;base64,"; it takes/,
		],
		['an object', '={{ {"a": 1} }}', /Reference image · image is "{"a":1}"; it takes/],
	])('refuses %s before anything is paid for', async (_, given, sentence) => {
		await inLab(async (lab) => {
			const run = await lab.run(submit(form({ '10.image': given })), { items: [withPicture] });
			expect(shown(run)).toMatch(sentence);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	test.concurrent.each([
		[
			'HEIC',
			'heic',
			/Reference image · image cannot be uploaded: At its address is a HEIC picture/,
		],
		[
			'AVIF',
			'avif',
			/Reference image · image cannot be uploaded: At its address is an AVIF picture/,
		],
	])(
		'that turns out to be %s is found before the first item is paid for',
		async (_, brand, sentence) => {
			const host = await startOtherHost((request, response) => {
				const isBad = request.url === '/third';
				const bytes = Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1${brand}`, 'latin1');
				response
					.writeHead(200, { 'content-type': 'image/jpeg' })
					.end(isBad ? bytes : Buffer.from(PIXEL, 'base64'));
			});
			await inLab(async (lab) => {
				const items = itemsOf(
					{ url: `${host.url}/first` },
					{ url: `${host.url}/second` },
					{ url: `${host.url}/third` },
				);
				const parameters = submit(form({ '10.image': '={{ $json.url }}' }));
				const run = await lab.run(parameters, { items });
				expect(shown(run)).toMatch(sentence);
				expect(lab.simulator.submits()).toEqual([]);
				expect(lab.simulator.uploads).toEqual([]);

				const kept = await lab.run(parameters, { items, ...CONTINUE });
				expect(kept.items.map(({ json }) => json.taskId === null)).toEqual([false, false, true]);
				expect(errorOf(jsonOf(kept, 2)).message).toMatch(/HEIC|AVIF/);
			}).finally(async () => await host.stop());
		},
	);

	test.concurrent(
		'that is gone since it was paid for does not keep its task from being taken up',
		async () => {
			let isGone = false;
			const host = await startOtherHost((_request, response) => {
				response.writeHead(isGone ? 404 : 200, { 'content-type': 'image/png' });
				response.end(isGone ? 'gone' : Buffer.from(PIXEL, 'base64'));
			});
			await inLab(async (lab) => {
				const items = itemsOf({ text: 'a', sampler: 'euler' }, { text: 'b', sampler: 'none' });
				const inputs = { '10.image': `${host.url}/fox`, '3.sampler_name': '={{ $json.sampler }}' };
				const first = await lab.run(submit(form(inputs)), { items });
				expect(shown(first)).toMatch(/ComfyUI rejected the workflow as invalid/);
				const [task] = lab.simulator.tasks;
				isGone = true;
				const again = await retryRun(first);
				expect(shown(again)).toContain(`item 0: task ${task?.taskId}`);
				expect(lab.simulator.tasks).toHaveLength(1);
			}).finally(async () => await host.stop());
		},
	);

	test.concurrent.each([
		['product_photo_large', /is "product_photo_large", but this item has photo;/],
		['a, nope', /is "a, nope", but this item has photo;/],
		['product.jpg', /is "product.jpg", but this item has photo;/],
		['/data/x.png', /a file that RunningHub cannot reach; .* binary field instead/],
		[PIXEL, /put data:image\/png;base64, before it/],
		['data:image/heic;base64,QUJD', /Reference image · image is a HEIC picture/],
	])('does not take %s for the name of an upload', async (given, sentence) => {
		await inLab(async (lab) => {
			const run = await lab.run(submit(form({ '10.image': given }, DEFAULTS)), {
				items: [withPicture],
			});
			expect(shown(run)).toMatch(sentence);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	test.concurrent.each([
		[
			'is not there',
			404,
			{},
			/could not be uploaded: Its host says that it no longer exists \(HTTP 404\)/,
		],
		[
			'is a web page',
			200,
			{ 'content-type': 'text/html' },
			/could not be uploaded: Its address is that of a web page/,
		],
	])('whose file %s costs nothing', async (_, status, headers, sentence) => {
		const host = await startOtherHost((_request, response) => {
			response.writeHead(status, headers).end('no');
		});
		await inLab(async (lab) => {
			const run = await lab.run(submit(form({ '10.image': `${host.url}/a.png?sig=secret` })));
			expect(shown(run)).toMatch(sentence);
			expect(shown(run)).not.toContain('secret');
			expect(lab.simulator.submits()).toEqual([]);
		}).finally(async () => await host.stop());
	});

	test.concurrent('of each class is known by its node', async () => {
		await inLab(async (lab) => {
			const file = (type: string) => `data:${type};base64,${PIXEL}`;
			const inputs = {
				'21.image': file('image/png'),
				'22.audio': file('audio/mpeg'),
				'23.file': file('video/mp4'),
				'24.video': file('video/mp4'),
				'25.upload': file('application/zip'),
			};
			expect(shown(await lab.run(submit(form(inputs), EVERY_VALUE)))).toBe('');
			const names = lab.simulator.uploads.map(({ fileName }) => fileName);
			expect(names).toHaveLength(4);
			expect(new Set(listOf(lab).map(({ fieldValue }) => fieldValue))).toEqual(new Set(names));
		});
	});
});

describe('what would be refused', () => {
	test.concurrent.each<[string, IDataObject, RegExp]>([
		[
			'a word for a number',
			{ '3.steps': 'many' },
			/KSampler · steps is "many"; it takes a number\./,
		],
		[
			'a number that lost digits',
			{ '3.seed': '={{ 18446744073709551615 }}' },
			/KSampler · seed was given as the number .* lost its last digits; enter it as text/,
		],
		[
			'an object for a text',
			{ '6.text': '={{ {"a": 1} }}' },
			/Prompt · text is "{"a":1}"; it takes text/,
		],
		['a link', { '3.model': '11' }, /KSampler · model comes from another node/],
		[
			'an unknown node',
			{ '99.text': 'x' },
			/There is no node 99 any more; refresh the list of inputs/,
		],
		[
			'an unknown input',
			{ '6.prompt': 'x' },
			/There is no prompt in node 6 \(it has text, clip\) any more/,
		],
	])('%s is named in one sentence, and costs nothing', async (_, value, sentence) => {
		await inLab(async (lab) => {
			const run = await lab.run(submit(form(value)));
			expect(shown(run)).toMatch(sentence);
			expect(shown(run)).toContain(NOTHING_PAID);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	test.concurrent('in a list written by hand as well', async () => {
		await inLab(async (lab) => {
			const nodeInfoList = '[{"nodeId": "6", "fieldName": "prompt", "fieldValue": "x"}]';
			const run = await lab.run(submit({ options: { nodeInfoList } }));
			expect(shown(run)).toMatch(
				/Node Info List sets prompt of node 6, but there is no prompt in node 6/,
			);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	test.concurrent('takes nothing from the other items where the run goes on', async () => {
		await inLab(async (lab) => {
			// The schema with its types is what n8n itself would check, and end the whole run.
			const parameters = submit({
				nodeInputs: {
					mappingMode: 'defineBelow',
					value: {
						'3.steps': '={{ $json.steps }}',
						'6.text': '={{ $json.text ?? $("Nowhere").first().json.text }}',
					},
					schema: [
						{
							id: '3.steps',
							displayName: 'KSampler · steps',
							type: 'number',
							display: true,
							required: false,
							defaultMatch: false,
						},
					],
				},
			});
			const items = itemsOf({ steps: 'many', text: 'a' }, { steps: '30', text: 'b' }, { steps: 1 });
			const run = await lab.run(parameters, { items, ...CONTINUE });
			expect(run.error).toBeUndefined();
			expect(errorOf(jsonOf(run, 0)).message).toMatch(/KSampler · steps is "many"/);
			expect(jsonOf(run, 1)).toMatchObject({ taskId: lab.simulator.tasks[0]?.taskId });
			// An expression that fails is that item's error too.
			expect(errorOf(jsonOf(run, 2)).message).toEqual(expect.any(String));
			expect(lab.simulator.tasks).toHaveLength(1);
		});
	});
});

describe('a refusal of RunningHub', () => {
	const account = (settings: Partial<AccountSettings>) => (lab: Lab) =>
		lab.simulator.addAccount(KEY, settings);
	const asItIs = () => {};

	test.concurrent.each<[number, RegExp, INodeParameters, (lab: Lab) => void]>([
		[380, /does not know this workflow/, submit({}, '1900000000000199999'), asItIs],
		[810, /has not been saved and run yet/, submit({}, NEVER_RUN), asItIs],
		[
			433,
			/ComfyUI rejected the workflow as invalid: node 3 \(KSampler\), input sampler_name: Value not in list/,
			submit(form({ '3.sampler_name': 'none' })),
			asItIs,
		],
		[414, /no RH coins left/, submit(), account({ type: 'NORMAL', coins: 0 })],
		[416, /wallet balance is too low/, submit(), account({ money: 0 })],
		[
			435,
			/no machine of this size/,
			submit({ options: { instanceType: 'plus' } }),
			account({ type: 'EXCLUSIVE' }),
		],
		[
			436,
			/exclusive plan is missing or has expired/,
			submit(),
			account({ type: 'EXCLUSIVE', subscriptionExpired: true }),
		],
		[801, /Free accounts cannot use the API/, submit(), account({ free: true })],
		[806, /has no account for this API key/, submit(), account({ otherSite: true })],
		[
			301,
			/parameter is missing or invalid/,
			submit({ options: { retainSeconds: 20 } }),
			account({ type: 'NORMAL', coins: 5 }),
		],
	])('with code %i is a sentence', async (code, sentence, parameters, prepare) => {
		await inLab(async (lab) => {
			prepare(lab);
			const run = await lab.run(parameters);
			expect(shown(run)).toMatch(sentence);
			expect(shown(run)).toContain(String(code));
			expect(lab.simulator.tasks).toEqual([]);
		});
	});

	test.concurrent(
		'of a node or field that is not there, which could not be seen before',
		async () => {
			await inLab(async (lab) => {
				const nodeInfoList = '[{"nodeId": "99", "fieldName": "text", "fieldValue": "x"}]';
				const options = { nodeInfoList, accessPassword: SIMULATOR_PASSWORD };
				const run = await lab.run(submit({ options }, PROTECTED));
				expect(shown(run)).toMatch(
					/node or field does not exist in the workflow.*node_not_found_in_workflow 99/,
				);
			});
		},
	);

	test.concurrent('of somebody else’s workflow', async () => {
		await inLab(async (lab) => {
			expect(shown(await lab.run(submit({}, PRIVATE)))).toMatch(/no permission for this content/);
		});
	});

	test.concurrent.each([
		[802, /did not accept the API key/],
		[412, /did not accept/],
	] as const)('of the key, with code %i', async (code, sentence) => {
		await inLab(async (lab) => {
			lab.simulator.switches.badKeyV1 = code;
			const credentials = credential({ apiKey: 'f'.repeat(32), baseUrl: lab.simulator.baseUrl });
			expect(shown(await lab.run(submit(), { credentials }))).toMatch(sentence);
		});
	});

	test.concurrent.each([
		['421', { concurrencyLimit: 1 }],
		['415', { type: 'EXCLUSIVE' as const, concurrencyLimit: 1 }],
	])('for want of room (%s) is waited out', async (_, settings) => {
		await inLab(async (lab) => {
			lab.simulator.addAccount(KEY, settings);
			lab.simulator.setDefaultTaskScript({ runningMs: 300, end: { kind: 'success' } });
			const run = await lab.run(submitAndWait(), { items: itemsOf({}, {}) });
			expect(shown(run)).toBe('');
			expect(run.items.map(({ json }) => json.status)).toEqual(['SUCCESS', 'SUCCESS']);
			expect(lab.simulator.tasks).toHaveLength(2);
		});
	});

	test.concurrent('for a full personal queue is waited out', async () => {
		await inLab(async (lab) => {
			lab.simulator.addAccount(KEY, {
				type: 'EXCLUSIVE',
				concurrencyLimit: 1,
				personalQueueLimit: 0,
			});
			lab.simulator.setDefaultTaskScript({ runningMs: 300, end: { kind: 'success' } });
			const options = { usePersonalQueue: true, pollInterval: 1 };
			const run = await lab.run(submitAndWait({ options }), { items: itemsOf({}, {}) });
			expect(shown(run)).toBe('');
			expect(lab.simulator.tasks).toHaveLength(2);
		});
	});
});

test.concurrent.each(['433', '433-map', '433-data'] as const)(
	'what ComfyUI refuses is named by node and input, however it comes: %s',
	async (comfyValidation) => {
		await inLab(
			async (lab) => {
				const run = await lab.run(submit(form({ '3.sampler_name': 'none' })));
				expect(run.error?.message).toMatch(
					/^ComfyUI rejected the workflow as invalid: node 3 \(KSampler\), input sampler_name: [^{}]+$/,
				);
				expect(lab.simulator.tasks).toEqual([]);
			},
			{ switches: { comfyValidation } },
		);
	},
);

describe('a task that ComfyUI found partly invalid', () => {
	test.concurrent('is there and paid for: it comes out, and says so', async () => {
		await inLab(async (lab) => {
			lab.simulator.switches.comfyValidation = 'created';
			const run = await lab.run(submit(form({ '3.sampler_name': 'none' })));
			expect(shown(run)).toBe('');
			expectTaskShape(jsonOf(run));
			const [task] = lab.simulator.tasks;
			expect(jsonOf(run)).toMatchObject({ taskId: task?.taskId, status: 'RUNNING' });
			expect(errorOf(jsonOf(run)).message).toMatch(/node 3 \(KSampler\), input sampler_name/);
			expect(run.log.join('\n')).toMatch(new RegExp(`warn .*sampler_name.*${task?.taskId}`));
		});
	});

	test.concurrent('is waited for like any other, and still says so with its result', async () => {
		await inLab(async (lab) => {
			lab.simulator.switches.comfyValidation = 'created';
			for (const mode of [{}, CONTINUE, ERROR_OUTPUT]) {
				const run = await lab.run(submitAndWait(form({ '3.sampler_name': 'none' })), mode);
				expect(shown(run)).toBe('');
				expectTaskShape(jsonOf(run));
				expect(jsonOf(run)).toMatchObject({ status: 'SUCCESS' });
				expect(jsonOf(run).url).toMatch(/\.png/);
				expect(errorOf(jsonOf(run)).message).toMatch(/node 3 \(KSampler\), input sampler_name/);
			}
		});
	});
});

describe('a task', () => {
	test.concurrent('that fails in a node names the node and what happened', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript({
				end: { kind: 'nodeException', nodeName: 'KSampler', exceptionMessage: 'out of memory' },
			});
			const run = await lab.run(submitAndWait(), CONTINUE);
			expect(jsonOf(run)).toMatchObject({
				taskId: lab.simulator.tasks[0]?.taskId,
				status: 'FAILED',
				error: { kind: 'failed', nodeName: 'KSampler' },
			});
			expect(errorOf(jsonOf(run)).message).toMatch(/ComfyUI node “KSampler”.*out of memory/);
		});
	});

	test.concurrent(
		'that was paid for is taken up by a retry, even if nobody can look at the workflow then',
		async () => {
			await inLab(async (lab) => {
				const parameters = submit(form({ '3.sampler_name': '={{ $json.sampler }}' }));
				const items = itemsOf({ sampler: 'euler' }, { sampler: 'none' });
				const first = await lab.run(parameters, { items });
				expect(shown(first)).toMatch(/ComfyUI rejected the workflow as invalid/);
				const [task] = lab.simulator.tasks;

				lab.simulator.addFault(UNREADABLE);
				const again = await retryRun(first);
				expect(shown(again)).toMatch(
					new RegExp(`currently unavailable.*item 0: task ${task?.taskId}`),
				);
				expect(lab.simulator.tasks).toHaveLength(1);
			});
		},
	);

	test.concurrent('wakes a sleeping run with the callback of a v1 call', async () => {
		await inLab(
			async (lab) => {
				lab.simulator.setDefaultTaskScript({ runningPolls: 0, end: { kind: 'success' } });
				const run = await lab.run(submitAndWait({ waitStrategy: 'sleep' }));
				expect(run.run.status).toBe('waiting');
				const [task] = lab.simulator.tasks;
				expect(task?.webhookUrl).toMatch(/webhook-waiting\/.*\/runninghub\?/);
				const body = {
					event: 'TASK_END',
					taskId: task?.taskId,
					eventData: '{"code":0,"msg":"success","data":[{"fileUrl":"https://evil.example/x.png"}]}',
				};
				const { resumed } = await callBack(run, {
					path: 'runninghub',
					query: { signature: 'x' },
					body,
				});
				expect(resumed?.items[0]?.json).toMatchObject({ taskId: task?.taskId, status: 'SUCCESS' });
				expect(JSON.stringify(resumed?.items)).not.toContain('evil.example');
			},
			{ switches: { callbackPollMs: 600_000 } },
		);
	});
});

describe('Get Workflow JSON', () => {
	const getJson = (id = WORKFLOW) => submit({ operation: 'getJson' }, id);

	test.concurrent('gives the workflow, and its inputs that are no links', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(getJson());
			expect(shown(run)).toBe('');
			const { workflow, inputs, workflowId } = jsonOf(run);
			expect(workflowId).toBe(WORKFLOW);
			expect(workflow).toMatchObject({ '6': { inputs: { text: 'a fox', clip: ['4', 1] } } });
			expect(inputs).toContainEqual({
				nodeId: '6',
				nodeClass: 'CLIPTextEncode',
				fieldName: 'text',
				label: 'Prompt · text',
				type: 'text',
				value: 'a fox',
			});
			expect(JSON.stringify(inputs)).not.toContain('clip');
		});
	});

	test.concurrent('of an unknown workflow is an error of its item', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(getJson('1900000000000199999'), CONTINUE);
			expect(errorOf(jsonOf(run))).toMatchObject({ code: '380', kind: 'notFound' });
		});
	});
});

test.concurrent('files of an input are read from n8n’s storage', async () => {
	await inLab(async (lab) => {
		const photo = await storeBinary(Buffer.from(PIXEL, 'base64'), {
			mimeType: 'image/png',
			fileName: 'stored.png',
		});
		const items = [{ json: {}, binary: { photo } }];
		expect(shown(await lab.run(submit(form({ '10.image': 'photo' })), { items }))).toBe('');
		expect(lab.simulator.uploads).toMatchObject([{ originalName: 'stored.png' }]);
	});
});
