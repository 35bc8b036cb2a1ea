import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import {
	TASK_SCRIPTS,
	SIMULATOR_QUICK_CREATE_CODE,
	SIMULATOR_QUICK_CREATE_ID,
	type Switches,
} from '../simulator';
import { NOTHING_PAID } from '../support/sentences';
import {
	AT_ONCE,
	CONTINUE,
	errorOf,
	expectTaskShape,
	inLab,
	itemsOf,
	jsonOf,
	KEY,
	NEVER,
	PNG,
	shown,
	startOtherHost,
	task,
	type Lab,
	withWait,
} from './support';

jest.setTimeout(30_000);

const RUN = '/task/openapi/quick-ai-app/run';
const STYLES = '/api/fast/creation/model/params';

/** As the module's page shows them. */
const PROMPT = {
	nodeId: '52',
	nodeName: 'RH_Translator',
	fieldName: 'prompt',
	fieldType: 'STRING',
	fieldValue: 'a fox in the snow',
	description: '图像编辑文本输入框',
};
const COUNT = {
	nodeId: '142',
	nodeName: 'EmptyLatentImage',
	fieldName: 'batch_size',
	fieldType: 'INT',
	fieldValue: '2',
	description: '生成张数',
};
const PICTURE = {
	nodeId: '39',
	nodeName: 'LoadImage',
	fieldName: 'image',
	fieldType: 'IMAGE',
	fieldValue: 'example.png',
	description: '上传图像',
};

const submit = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'quickCreate',
	operation: 'submit',
	webappId: SIMULATOR_QUICK_CREATE_ID,
	quickCreateCode: SIMULATOR_QUICK_CREATE_CODE,
	nodeInputs: JSON.stringify([PROMPT, COUNT]),
	...more,
});
const submitAndWait = (more: INodeParameters = {}) =>
	withWait(submit({ operation: 'submitAndWait', options: { pollInterval: 1 }, ...more }));
const withInputs = (...nodeInputs: unknown[]) => submit({ nodeInputs: JSON.stringify(nodeInputs) });

const sent = ({ simulator }: Lab): unknown => simulator.submits()[0]?.json;

describe('Submit and Wait', () => {
	test.concurrent('gives the one shape of a task, with its result', async () => {
		await inLab(async (lab) => {
			const result = await lab.run(submitAndWait());
			expect(shown(result)).toBe('');
			expectTaskShape(jsonOf(result));
			expect(jsonOf(result)).toMatchObject({
				status: 'SUCCESS',
				source: `${SIMULATOR_QUICK_CREATE_ID}/${SIMULATOR_QUICK_CREATE_CODE}`,
				url: expect.stringMatching(/\.png/),
				error: null,
			});
			expect(lab.simulator.submits().map(({ path }) => path)).toEqual([RUN]);
			expect(sent(lab)).toStrictEqual({
				webappId: SIMULATOR_QUICK_CREATE_ID,
				quickCreateCode: SIMULATOR_QUICK_CREATE_CODE,
				nodeInfoList: [PROMPT, COUNT],
				apiKey: KEY,
			});
		});
	});

	// Whether RunningHub calls back is unknown: what a workflow from elsewhere asks for must not make a run wait for it.
	test.concurrent.each<Switches['quickCreateWebhook']>(['honoured', 'ignored', 'refused'])(
		'ends with the result, whatever RunningHub makes of a callback URL: %s',
		async (quickCreateWebhook) => {
			await inLab(
				async (lab) => {
					lab.simulator.switches.quickCreateWebhook = quickCreateWebhook;
					const result = await lab.run(
						submitAndWait({
							waitStrategy: 'sleep',
							options: { pollInterval: 1, callbackUrl: 'https://n8n.example/webhook/x' },
						}),
						{ instanceUrl: 'https://n8n.example' },
					);
					expect(shown(result)).toBe('');
					expect(result.run.waitTill ?? null).toBeNull();
					expect(jsonOf(result)).toMatchObject({ status: 'SUCCESS', error: null });
					expect(sent(lab)).not.toHaveProperty('webhookUrl');
				},
				{ defaultTaskScript: AT_ONCE },
			);
		},
	);

	test.concurrent('a failure names the task and the node', async () => {
		await inLab(
			async (lab) => {
				const { error } = await lab.run(submitAndWait());
				const [made] = lab.simulator.tasks;
				expect(error?.message).toBe(
					`The task failed in ComfyUI node “KSampler”: torch.OutOfMemoryError: out of memory (task ${made?.taskId}).`,
				);
			},
			{ defaultTaskScript: { end: TASK_SCRIPTS.fail.end } },
		);
	});
});

describe('Submit', () => {
	test.concurrent('goes on at once, and Task > Wait for Result has the result', async () => {
		await inLab(async ({ run }) => {
			const { taskId } = jsonOf(await run(submit()));
			const result = await run(task('waitForResult', { taskId: String(taskId) }));
			expect(jsonOf(result)).toMatchObject({ taskId, status: 'SUCCESS' });
		});
	});

	test.concurrent('can be cancelled', async () => {
		await inLab(
			async ({ run }) => {
				const { taskId } = jsonOf(await run(submit()));
				const result = await run(task('cancel', { taskId: String(taskId) }));
				expect(jsonOf(result)).toMatchObject({ taskId, status: 'CANCELLED' });
			},
			{ defaultTaskScript: NEVER },
		);
	});

	test.concurrent('is not sent again when its answer gets lost', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({ kind: 'dropAfter', match: { path: RUN } });
			const { error } = await run(submit());
			expect(error?.message).toMatch(/may or may not have started the task/);
			expect(simulator.submits()).toHaveLength(1);
		});
	});

	test.concurrent('sends callbacks to nobody', async () => {
		await inLab(async (lab) => {
			await lab.run(submit({ options: { callbackUrl: 'https://n8n.example/webhook/x' } }));
			expect(sent(lab)).not.toHaveProperty('webhookUrl');
		});
	});
});

describe('the code', () => {
	test.concurrent.each([
		['two digits have lost one zero', '02'],
		['a number has lost both', '={{ 2 }}'],
		['spaces around it', ' 002 '],
	])('is mended: %s', async (_, quickCreateCode) => {
		await inLab(async (lab) => {
			expect(shown(await lab.run(submit({ quickCreateCode })))).toBe('');
			expect(sent(lab)).toMatchObject({ quickCreateCode: '002' });
		});
	});
});

describe('the list of inputs', () => {
	test.concurrent('may come as an array, with numbers and switches as they are', async () => {
		await inLab(async (lab) => {
			const inputs = [{ ...COUNT, nodeId: 142, fieldValue: 3, fieldData: '{}' }];
			const result = await lab.run(submit({ nodeInputs: '={{ $json.inputs }}' }), {
				items: itemsOf({ inputs }),
			});
			expect(shown(result)).toBe('');
			expect(sent(lab)).toMatchObject({ nodeInfoList: [{ ...COUNT, fieldValue: '3' }] });
		});
	});

	const withPicture = (): INodeExecutionData => ({
		json: {},
		binary: { photo: { data: PNG.split(',')[1] ?? '', mimeType: 'image/png', fileName: 'a.png' } },
	});

	test.concurrent.each([
		['a binary field', 'photo'],
		['a data: URI', PNG],
	])('uploads %s, and sends its fileName', async (_, fieldValue) => {
		await inLab(async (lab) => {
			const result = await lab.run(withInputs({ ...PICTURE, fieldValue }), {
				items: [withPicture()],
			});
			expect(shown(result)).toBe('');
			expect(sent(lab)).toMatchObject({
				nodeInfoList: [{ ...PICTURE, fieldValue: lab.simulator.uploads[0]?.fileName }],
			});
		});
	});

	test.concurrent('uploads what is behind a URL, which it fetches without the key', async () => {
		const host = await startOtherHost((_, response) => {
			response.setHeader('Content-Type', 'image/png');
			response.end(Buffer.from(PNG.split(',')[1] ?? '', 'base64'));
		});
		try {
			await inLab(async (lab) => {
				const fieldValue = `${host.url}/fox.png`;
				expect(shown(await lab.run(withInputs({ ...PICTURE, fieldValue })))).toBe('');
				expect(sent(lab)).toMatchObject({
					nodeInfoList: [{ ...PICTURE, fieldValue: lab.simulator.uploads[0]?.fileName }],
				});
			});
			expect(host.requests).toHaveLength(1);
			expect(JSON.stringify(host.requests)).not.toContain(KEY);
		} finally {
			await host.stop();
		}
	});

	test.concurrent('sends the name of a file that RunningHub has as it is', async () => {
		await inLab(async (lab) => {
			expect(shown(await lab.run(withInputs(PICTURE)))).toBe('');
			expect(sent(lab)).toMatchObject({ nodeInfoList: [PICTURE] });
			expect(lab.simulator.uploads).toEqual([]);
		});
	});

	test.concurrent(
		'the name of a binary field is plain text where no file is asked for',
		async () => {
			await inLab(async (lab) => {
				const inputs = { ...PROMPT, fieldValue: 'photo' };
				await lab.run(withInputs(inputs), { items: [withPicture()] });
				expect(sent(lab)).toMatchObject({ nodeInfoList: [inputs] });
			});
		},
	);
});

describe('what would be refused costs nothing, and is told in one sentence', () => {
	test.concurrent.each<[string, INodeParameters, string | RegExp]>([
		[
			'no webapp',
			{ webappId: '={{ "" }}' },
			/^Webapp ID is empty; enter the long number that the module’s page shows/,
		],
		['letters', { webappId: 'x7' }, /^Webapp ID is "x7"; enter the long number/],
		[
			'a webapp that a number has rounded',
			{ webappId: '={{ 1900000000000300029 }}' },
			/^Webapp ID was given as a number and lost its last digits \(1900000000000300000\)/,
		],
		[
			'no code',
			{ quickCreateCode: '={{ "" }}' },
			'Quick Create Code is empty; it must be the three digits that the module’s page shows, such as 006.',
		],
		['four digits', { quickCreateCode: '0002' }, /^Quick Create Code is "0002"; it must be/],
		['half a number', { quickCreateCode: '={{ 2.5 }}' }, /^Quick Create Code is "2.5"; it must be/],
		[
			'a list that was not filled in',
			{ nodeInputs: '[]' },
			/^Node Inputs is empty: the module’s page/,
		],
		['broken JSON', { nodeInputs: '[{' }, /^Node Inputs is "\[\{", not a JSON array/],
		['an object', { nodeInputs: '={{ {"a": 1} }}' }, /^Node Inputs is .*, not a JSON array/],
		[
			'an item that is no object',
			{ nodeInputs: '["a"]' },
			/^Item 1 of Node Inputs is "a", not an object/,
		],
		[
			'a picture that is not there',
			{ nodeInputs: JSON.stringify([{ ...PICTURE, fieldValue: 'photo' }]) },
			/^Item 1 of Node Inputs: fieldValue is "photo", but this item has no files/,
		],
		[
			'words for a number',
			{ nodeInputs: JSON.stringify([PROMPT, { ...COUNT, fieldValue: 'two' }]) },
			'Item 2 of Node Inputs: fieldValue is "two"; it takes a whole number.',
		],
		[
			'an object for a text',
			{ nodeInputs: JSON.stringify([{ ...PROMPT, fieldValue: { a: 1 } }]) },
			'Item 1 of Node Inputs: fieldValue is "{"a":1}"; it takes text.',
		],
	])('%s', async (_, more, sentence) => {
		await inLab(async ({ simulator, run }) => {
			const { error } = await run(submit(more));
			expect(error?.message).toMatch(sentence);
			expect(error).toMatchObject({ description: NOTHING_PAID });
			expect(simulator.requests).toEqual([]);
		});
	});

	const MEMBERS = Object.keys(PROMPT);

	test.concurrent.each(MEMBERS)('an item without %s', async (member) => {
		await inLab(async ({ simulator, run }) => {
			const { [member]: _, ...others } = PROMPT as IDataObject;
			for (const broken of [others, { ...others, [member]: null }]) {
				const { error } = await run(withInputs(COUNT, broken));
				expect(error?.message).toMatch(
					new RegExp(`^Item 2 of Node Inputs: ${member} is missing: the module’s page`),
				);
			}
			expect(simulator.requests).toEqual([]);
		});
	});

	test.concurrent('takes nothing from the other items with Continue On Fail', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(submit({ quickCreateCode: '={{ $json.code }}' }), {
				items: itemsOf({ code: '2' }, { code: 'x' }),
				...CONTINUE,
			});
			expect(jsonOf(result)).toMatchObject({ error: null });
			expect(errorOf(jsonOf(result, 1))).toMatchObject({ kind: 'validation' });
			expect(simulator.submits()).toHaveLength(1);
		});
	});
});

describe('what RunningHub refuses', () => {
	test.concurrent('an unknown module', async () => {
		await inLab(async ({ run }) => {
			const parameters = submit({ webappId: '1900000000000300999' });
			expect(shown(await run(parameters))).toMatch(/^RunningHub does not know this AI App/);
			const styles = await run({ ...parameters, operation: 'getStyles' });
			expect(shown(styles)).toMatch(/^RunningHub does not know this AI App/);
		});
	});
});

describe('Get Styles', () => {
	const getStyles = (more: INodeParameters = {}): INodeParameters => ({
		resource: 'quickCreate',
		operation: 'getStyles',
		webappId: SIMULATOR_QUICK_CREATE_ID,
		...more,
	});

	test.concurrent('gives an item for each, in words that can be read', async () => {
		await inLab(async ({ simulator, run }) => {
			const result = await run(getStyles());
			expect(shown(result)).toBe('');
			expect(result.items.map(({ json }) => json)).toEqual([
				{
					id: '7',
					type: 2,
					webappId: SIMULATOR_QUICK_CREATE_ID,
					category: 1,
					name: 'Paper cut',
					key: 'input1',
					previewUrl: expect.stringMatching(/^http/),
					samplePrompt: 'a fox',
					triggerWords: 'papercut style',
					lora1FileName: 'papercut.safetensors',
					lora1Weight: 0.7,
					lora2FileName: null,
					lora2Weight: null,
				},
				expect.objectContaining({ id: '8', lora2FileName: 'ink.safetensors', lora2Weight: 0.2 }),
			]);
			expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }]);
			expect(simulator.requests).toMatchObject([
				{ path: STYLES, json: { type: 2, webappId: SIMULATOR_QUICK_CREATE_ID } },
			]);
		});
	});

	test.concurrent.each<Switches['quickCreateStylesAuth']>(['bearer', 'body', 'none'])(
		'gets in, wherever RunningHub looks for the key: %s',
		async (quickCreateStylesAuth) => {
			await inLab(async ({ simulator, run }) => {
				simulator.switches.quickCreateStylesAuth = quickCreateStylesAuth;
				expect((await run(getStyles())).items).toHaveLength(2);
			});
		},
	);

	test.concurrent('gives nothing where a library is empty', async () => {
		await inLab(async ({ run }) => {
			const result = await run(getStyles({ type: 1 }));
			expect(shown(result)).toBe('');
			expect(result.items).toEqual([]);
		});
	});

	test.concurrent('needs a whole number as the type', async () => {
		await inLab(async ({ simulator, run }) => {
			const { error } = await run(getStyles({ type: '={{ "two" }}' }));
			expect(error?.message).toBe('Type is "two"; it must be a whole number, such as 2.');
			expect(simulator.requests).toEqual([]);
		});
	});
});
