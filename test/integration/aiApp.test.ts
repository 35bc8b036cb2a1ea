import type { IDataObject, INodeParameters } from 'n8n-workflow';
import {
	SIMULATOR_APP_ENCRYPTED_ID as ENCRYPTED,
	SIMULATOR_APP_EVERY_FIELD_ID as EVERY_FIELD,
	SIMULATOR_APP_ID as APP,
	SIMULATOR_APP_NEVER_RUN_ID as NEVER_RUN,
	SIMULATOR_PASSWORD,
	type AppField,
} from '../simulator';
import { callBack } from './harness';
import { form, formsOf, listOf, PIXEL, sent, withPicture } from './comfySupport';
import {
	CONTINUE,
	KEY,
	errorOf,
	expectTaskShape,
	inLab,
	itemsOf,
	jsonOf,
	shown,
	type Lab,
} from './support';

jest.setTimeout(30_000);

const { submit, submitAndWait } = formsOf('aiApp', 'webappId', APP);

const valuesOf = (lab: Lab, index = 0) =>
	Object.fromEntries(
		listOf(lab, index).map(({ nodeId, fieldName, fieldValue }) => [
			`${String(nodeId)}.${String(fieldName)}`,
			fieldValue,
		]),
	);

describe('an app', () => {
	test.concurrent('gets the items of its own list back where nothing is changed', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(submitAndWait());
			expect(shown(run)).toBe('');
			expectTaskShape(jsonOf(run));
			expect(jsonOf(run)).toMatchObject({ status: 'SUCCESS', source: APP, error: null });
			expect(Object.keys(sent(lab)[0] ?? {})).toEqual(['webappId', 'nodeInfoList']);
			expect(sent(lab)[0]?.webappId).toBe(APP);
			expect(listOf(lab)).toEqual([
				expect.objectContaining({ nodeId: '39', fieldType: 'IMAGE', fieldValue: 'example.png' }),
				{
					nodeId: '52',
					nodeName: 'RH_Translator',
					fieldName: 'prompt',
					fieldValue: 'a poster of a fox',
					fieldData: '["STRING",{"default":"","multiline":true}]',
					fieldType: 'STRING',
					description: '图像编辑文本输入框',
					descriptionEn: 'what is on the poster',
				},
			]);
		});
	});

	test.concurrent('gets every kind of value as text, and files by their name', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(
				submit(
					form({
						'39.image': 'photo',
						'40.video': `data:video/mp4;base64,${PIXEL}`,
						'41.audio': 'example.mp3',
						'52.prompt': 'an owl',
						'142.batch_size': 2,
						'142.strength': '0.5',
						'143.enabled': false,
						'37.aspect_ratio': '16:9',
						'6.language': 'English',
						'115.megapixels': '2',
						'115.style': 'paper',
						'159.select': 2,
					}),
					EVERY_FIELD,
				),
				{ items: [withPicture] },
			);
			expect(shown(run)).toBe('');
			const nameOf = (type: string) =>
				lab.simulator.uploads.find(({ contentType }) => contentType === type)?.fileName;
			expect(valuesOf(lab)).toEqual({
				'39.image': nameOf('image/png'),
				'40.video': nameOf('video/mp4'),
				'41.audio': 'example.mp3',
				'52.prompt': 'an owl',
				'142.batch_size': '2',
				'142.strength': '0.5',
				'143.enabled': 'false',
				'37.aspect_ratio': '16:9',
				'6.language': 'English',
				'115.megapixels': '2',
				'115.style': 'paper',
				'159.select': '2',
			});
		});
	});

	const seed: AppField = {
		nodeId: '3',
		nodeName: 'KSampler',
		fieldName: 'noise_seed',
		fieldValue: '1',
		fieldType: 'INT',
		description: 'seed',
	};

	test.concurrent('draws its seed anew unless somebody names one', async () => {
		await inLab(async (lab) => {
			const id = '1900000000000200999';
			lab.simulator.addApp(id, { name: 'Seeds', description: '', fields: [seed] });
			await lab.run(submit({}, id));
			await lab.run(submit(form({ '3.noise_seed': '18446744073709551615' }), id));
			expect(listOf(lab, 0)).toEqual([]);
			expect(valuesOf(lab, 1)).toEqual({ '3.noise_seed': '18446744073709551615' });
		});
	});

	test.concurrent('is asked for its list once for all items', async () => {
		await inLab(async (lab) => {
			const prompts = itemsOf({ prompt: 'a' }, { prompt: 'b' });
			const parameters = submit(form({ '52.prompt': '={{ $json.prompt }}' }));
			expect(shown(await lab.run(parameters, { items: prompts }))).toBe('');
			const asked = lab.simulator.requests.filter(({ path }) => path.includes('apiCallDemo'));
			expect(asked).toHaveLength(1);
			expect([0, 1].map((index) => valuesOf(lab, index)['52.prompt']).sort()).toEqual(['a', 'b']);
		});
	});

	test.concurrent.each([
		['the address of its page', 'url', `https://www.runninghub.ai/ai-detail/${APP}?from=list`],
		['a list', 'list', APP],
		['its id, where an address is expected', 'url', APP],
		['its address, where an id is expected', 'id', `https://www.runninghub.cn/ai-detail/${APP}`],
	])('is found by %s', async (_, mode, value) => {
		await inLab(async (lab) => {
			const run = await lab.run(submit({ webappId: { __rl: true, mode, value } }));
			expect(shown(run)).toBe('');
			expect(sent(lab)).toMatchObject([{ webappId: APP }]);
		});
	});

	test.concurrent('is not taken from the page of a workflow, which is said', async () => {
		await inLab(async (lab) => {
			const page = 'https://www.runninghub.ai/workflow/1900000000000100201';
			const sentence = 'This is the address of a workflow: choose ComfyUI Workflow as the Resource';
			for (const value of [page, `={{ "${page}" }}`]) {
				const run = await lab.run(submit({ webappId: { __rl: true, mode: 'url', value } }));
				expect(shown(run)).toContain(sentence);
			}
			expect(lab.simulator.requests).toEqual([]);
		});
	});

	test.concurrent('takes the options, and a list written by hand over the form', async () => {
		await inLab(async (lab) => {
			const options = {
				instanceType: 'plus',
				retainSeconds: 60,
				usePersonalQueue: false,
				nodeInfoList: [{ nodeId: 52, fieldName: 'prompt', fieldValue: 'a cat' }],
				// Of workflows only.
				addMetadata: true,
			} as unknown as INodeParameters;
			const run = await lab.run(submit({ ...form({ '52.prompt': 'an owl' }), options }));
			expect(shown(run)).toBe('');
			const { nodeInfoList: _, ...others } = sent(lab)[0] ?? {};
			expect(others).toEqual({
				webappId: APP,
				instanceType: 'plus',
				retainSeconds: 60,
				usePersonalQueue: false,
			});
			expect(valuesOf(lab)['52.prompt']).toBe('a cat');
		});
	});
});

describe('an encrypted app', () => {
	test.concurrent('without its password is not paid for, and not even tried', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(submit({}, ENCRYPTED));
			expect(shown(run)).toMatch(/The AI App "Secret posters" is protected; set its password/);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	test.concurrent.each(['listed', 'hidden'] as const)(
		'runs with it where its fields are %s',
		async (encryptedAppFields) => {
			await inLab(
				async (lab) => {
					const options = { accessPassword: SIMULATOR_PASSWORD };
					const run = await lab.run(
						submitAndWait({ ...form({ '52.prompt': 'an owl' }), options }, ENCRYPTED),
					);
					expect(shown(run)).toBe('');
					expect(valuesOf(lab)).toEqual({ '52.prompt': 'an owl' });
					expect(JSON.stringify([run.items, run.log])).not.toContain(SIMULATOR_PASSWORD);
				},
				{ switches: { encryptedAppFields } },
			);
		},
	);

	test.concurrent('with a wrong one says so, and does not repeat it', async () => {
		await inLab(async (lab) => {
			const options = { accessPassword: 'knock-knock' };
			const run = await lab.run(submit({ options }, ENCRYPTED));
			expect(shown(run)).toMatch(/no permission for this content.*Access Password/);
			expect(JSON.stringify([shown(run), run.log])).not.toContain('knock-knock');
		});
	});
});

describe('what would be refused', () => {
	test.concurrent.each<[string, IDataObject, RegExp]>([
		[
			'a number above its limit',
			{ '142.batch_size': 5 },
			/number of pictures · EmptyLatentImage.batch_size is "5"; it takes a whole number from 1 to 4/,
		],
		['a fraction', { '142.batch_size': '1.5' }, /is "1.5"; it takes a whole number from 1 to 4/],
		[
			'a number below its limit',
			{ '142.strength': -0.1 },
			/is "-0.1"; it takes a number from 0 to 1/,
		],
		[
			'a word for a switch',
			{ '143.enabled': 'perhaps' },
			/upscale the result · Upscale.enabled is "perhaps"; it takes true or false/,
		],
		['a value of no list', { '6.language': 'Klingon' }, /it takes one of Auto, English, Chinese/],
		[
			'a value of no list of objects',
			{ '37.aspect_ratio': '2:1' },
			/it takes one of 1:1, 16:9, 9:16/,
		],
		[
			'a binary field that is not there',
			{ '39.image': 'picture' },
			/source picture · LoadImage.image is "picture", but this item has no files/,
		],
		[
			'an unknown field',
			{ '39.mask': 'x' },
			/There is no mask in node 39 \(it has image\) any more/,
		],
	])('%s is named in one sentence, and costs nothing', async (_, value, sentence) => {
		await inLab(async (lab) => {
			const run = await lab.run(submit(form(value), EVERY_FIELD));
			expect(shown(run)).toMatch(sentence);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	test.concurrent('takes nothing from the other items where the run goes on', async () => {
		await inLab(async (lab) => {
			const parameters = submit(form({ '142.batch_size': '={{ $json.count }}' }), EVERY_FIELD);
			const run = await lab.run(parameters, {
				items: itemsOf({ count: 'x' }, { count: 3 }),
				...CONTINUE,
			});
			expect(errorOf(jsonOf(run, 0)).kind).toBe('validation');
			expect(jsonOf(run, 1)).toMatchObject({ taskId: lab.simulator.tasks[0]?.taskId });
		});
	});
});

describe('a refusal of RunningHub', () => {
	test.concurrent('of an unknown app says where to look, and costs nothing', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(submit({}, '1900000000000299999'));
			expect(shown(run)).toMatch(/does not know this AI App.*901/);
			expect(lab.simulator.submits()).toEqual([]);
		});
	});

	test.concurrent('of an app that was never run', async () => {
		await inLab(async (lab) => {
			expect(shown(await lab.run(submit({}, NEVER_RUN)))).toMatch(/has not been saved and run yet/);
		});
	});

	test.concurrent('of a value names node and input', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(submit(form({ '115.style': 'velvet' }), EVERY_FIELD));
			expect(shown(run)).toMatch(/node 115 \(Resolution\), input style: Value not in list/);
		});
	});

	test.concurrent('of a free account', async () => {
		await inLab(async (lab) => {
			lab.simulator.addAccount(KEY, { free: true });
			expect(shown(await lab.run(submit()))).toMatch(/Free accounts cannot use the API/);
		});
	});
});

test.concurrent('a sleeping run wakes up with the callback of a v1 call', async () => {
	await inLab(
		async (lab) => {
			lab.simulator.setDefaultTaskScript({ end: { kind: 'success' } });
			const run = await lab.run(submitAndWait({ waitStrategy: 'sleep' }));
			expect(run.run.status).toBe('waiting');
			const [task] = lab.simulator.tasks;
			const body = { event: 'TASK_END', taskId: task?.taskId, eventData: '{"code":0,"data":[]}' };
			const { resumed } = await callBack(run, {
				path: 'runninghub',
				query: { signature: 'x' },
				body,
			});
			expect(resumed?.items[0]?.json).toMatchObject({ taskId: task?.taskId, status: 'SUCCESS' });
		},
		{ switches: { callbackPollMs: 600_000 } },
	);
});

describe('Get Parameters', () => {
	test.concurrent('lists what an app takes, and never the key', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(submit({ operation: 'getParameters' }, EVERY_FIELD));
			expect(shown(run)).toBe('');
			const { webappId, name, needsPassword, parameters } = jsonOf(run);
			expect({ webappId, name, needsPassword }).toEqual({
				webappId: EVERY_FIELD,
				name: 'Everything at once',
				needsPassword: false,
			});
			expect(parameters).toHaveLength(12);
			expect(parameters).toContainEqual({
				nodeId: '142',
				nodeClass: 'EmptyLatentImage',
				fieldName: 'batch_size',
				label: 'number of pictures · EmptyLatentImage.batch_size',
				description: 'number of pictures',
				type: 'INT',
				value: '1',
				options: null,
				min: 1,
				max: 4,
			});
		});
	});

	test.concurrent('of an unknown app is an error of its item', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(
				submit({ operation: 'getParameters' }, '1900000000000299999'),
				CONTINUE,
			);
			expect(errorOf(jsonOf(run))).toMatchObject({ code: '901', kind: 'notFound' });
		});
	});
});

describe('Get Many', () => {
	const getMany = (more: INodeParameters = {}): INodeParameters => ({
		resource: 'aiApp',
		operation: 'getMany',
		...more,
	});
	const withApps = (amount: number) => (lab: Lab) => {
		for (let index = 0; index < amount; index++) {
			const id = String(1_800_000_000_000_000_000n + BigInt(index));
			lab.simulator.addApp(id, { name: `App ${index}`, description: '', fields: [] });
		}
	};
	const asked = ({ simulator }: Lab) =>
		simulator.requests
			.filter(({ path }) => path.includes('aiapp/list'))
			.map(({ json }) => json as IDataObject);

	test.concurrent('lists apps with their ids', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(getMany({ sort: 'HOTTEST', days: 7, limit: 2 }));
			expect(shown(run)).toBe('');
			expect(run.items).toHaveLength(2);
			expect(jsonOf(run)).toEqual({
				webappId: APP,
				title: 'Poster maker',
				description: 'Makes a poster of a picture and a text',
				cover: expect.stringContaining(APP),
			});
			expect(asked(lab)).toEqual([{ current: 1, size: 50, sort: 'HOTTEST', days: 7 }]);
		});
	});

	test.concurrent('reads all pages if asked to', async () => {
		await inLab(async (lab) => {
			withApps(120)(lab);
			const run = await lab.run(getMany({ returnAll: true }));
			expect(run.items).toHaveLength(124);
			expect(new Set(run.items.map(({ json }) => json.webappId)).size).toBe(124);
			expect(asked(lab).map(({ current }) => current)).toEqual([1, 2, 3]);
		});
	});

	test.concurrent('reads no page more than it needs', async () => {
		await inLab(async (lab) => {
			withApps(120)(lab);
			const run = await lab.run(getMany({ limit: 60 }));
			expect(run.items).toHaveLength(60);
			expect(asked(lab)).toHaveLength(2);
		});
	});

	test.concurrent('refuses a limit that is none', async () => {
		await inLab(async (lab) => {
			const run = await lab.run(getMany({ limit: '={{ "many" }}' }));
			expect(shown(run)).toMatch(/Limit is "many"; it must be a whole number of at least 1/);
		});
	});
});
