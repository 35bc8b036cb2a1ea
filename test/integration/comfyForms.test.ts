import type { ILoadOptionsFunctions, INodeParameters, ResourceMapperFields } from 'n8n-workflow';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import {
	SIMULATOR_APP_EVERY_FIELD_ID as EVERY_FIELD,
	SIMULATOR_APP_ID as APP,
	SIMULATOR_APP_NEVER_RUN_ID as APP_NEVER_RUN,
	SIMULATOR_WORKFLOW_EVERY_VALUE_ID as EVERY_VALUE,
	SIMULATOR_WORKFLOW_ID as WORKFLOW,
	SIMULATOR_WORKFLOW_NEVER_RUN_ID as WORKFLOW_NEVER_RUN,
} from '../simulator';
import { askForm } from './harness';
import { expectNoKey, inLab, type Lab } from './support';

const locator = (value: string, mode = 'id') => ({ __rl: true, mode, value });

async function fieldsOf(
	lab: Lab,
	method: 'getWorkflowInputs' | 'getAppInputs',
	parameters: INodeParameters,
): Promise<ResourceMapperFields> {
	const answer = await askForm(
		{ ...lab.options(parameters), node: new RunningHub() },
		async function (this: ILoadOptionsFunctions, { resourceMapping }) {
			const ask = resourceMapping?.[method];
			if (ask === undefined) throw new Error(`no ${method}`);
			return await ask.call(this);
		},
	);
	expectNoKey(answer);
	return answer;
}

const workflowFields = async (lab: Lab, workflowId: unknown, more: INodeParameters = {}) =>
	await fieldsOf(lab, 'getWorkflowInputs', {
		resource: 'comfyWorkflow',
		operation: 'submit',
		workflowId: workflowId as INodeParameters,
		...more,
	});
const appFields = async (lab: Lab, id: string) =>
	await fieldsOf(lab, 'getAppInputs', {
		resource: 'aiApp',
		operation: 'submit',
		webappId: locator(id),
	});

describe('the form of a workflow', () => {
	test.concurrent(
		'has a field for each input that is no link, prompts and files first',
		async () => {
			await inLab(async (lab) => {
				const { fields } = await workflowFields(lab, locator(WORKFLOW));
				expect(
					fields.map(({ id, displayName, type, defaultValue }) => [
						id,
						displayName,
						type,
						defaultValue,
					]),
				).toEqual([
					['6.text', 'Prompt · text', 'string', 'a fox'],
					['7.text', 'Negative prompt · text', 'string', 'blurry'],
					['10.image', 'Reference image · image', 'string', 'example.png'],
					['3.seed', 'KSampler · seed (or random)', 'number', undefined],
					['3.steps', 'KSampler · steps', 'number', 20],
					['3.cfg', 'KSampler · cfg', 'number', 7],
					['3.sampler_name', 'KSampler · sampler_name', 'string', 'euler'],
					['3.denoise', 'KSampler · denoise', 'number', 1],
					['4.ckpt_name', 'Checkpoint · ckpt_name', 'string', 'sd15.safetensors'],
					['5.width', 'Size · width', 'number', 512],
					['5.height', 'Size · height', 'number', 512],
					['5.batch_size', 'Size · batch_size', 'number', 1],
					['9.filename_prefix', 'Save · filename_prefix', 'string', 'ComfyUI'],
					['11.lora_name', 'Style · lora_name', 'string', 'paper.safetensors'],
					['11.strength_model', 'Style · strength_model', 'number', 0.7],
				]);
			});
		},
	);

	test.concurrent('tells nodes of one title apart, and shows every kind of value', async () => {
		await inLab(async (lab) => {
			const { fields } = await workflowFields(lab, locator(EVERY_VALUE));
			const of = (id: string) => fields.find((field) => field.id === id);
			expect(of('26:1.text')?.displayName).toBe('Prompt (26:1) · text');
			expect(of('27.text')?.displayName).toBe('Prompt (27) · text');
			// A node without a title goes by its class.
			expect(of('21.image')?.displayName).toBe('LoadImage · image');
			expect(of('20.yes')).toMatchObject({ type: 'boolean', defaultValue: true });
			expect(of('20.multiline')?.defaultValue).toBe('first line\nsecond line');
			expect(of('20.bareList')).toMatchObject({ type: 'array', defaultValue: '[1,2,3]' });
			expect(of('20.object')).toMatchObject({
				type: 'object',
				defaultValue: '{"nested":{"deep":1}}',
			});
			expect(of('20.link')).toBeUndefined();
		});
	});

	test.concurrent(
		'shows no text that n8n would run as an expression, and no number that it would round',
		async () => {
			await inLab(async (lab) => {
				const id = '1900000000000199123';
				lab.simulator.addWorkflow(id, {
					nodes: {
						'1': { class_type: 'Text', inputs: { text: '={{ $env.SECRET }}' } },
						'2': { class_type: 'Number', inputs: { amount: 0 } },
					},
				});
				const { fields } = await workflowFields(lab, locator(id));
				expect(fields[0]).not.toHaveProperty('defaultValue');
				expect(fields[1]).toMatchObject({ type: 'number', defaultValue: 0 });
			});
		},
	);

	test.concurrent('is found by the address of the page', async () => {
		await inLab(async (lab) => {
			const page = locator(`https://www.runninghub.ai/workflow/${WORKFLOW}`, 'url');
			expect((await workflowFields(lab, page)).fields).toHaveLength(15);
		});
	});

	test.concurrent.each([
		['no workflow is named', locator(''), /appear here once Workflow is filled in/],
		['RunningHub does not know it', locator('1900000000000199999'), /does not know this workflow/],
		[
			'it was never run',
			locator(WORKFLOW_NEVER_RUN),
			/has not been saved and run yet.*run it there once/,
		],
		[
			'it is named by the page of an app',
			locator('https://www.runninghub.ai/ai-detail/1900000000000100201', 'url'),
			/This is the address of an AI App: choose AI App as the Resource/,
		],
	])('says why it is empty where %s', async (_, workflowId, sentence) => {
		await inLab(async (lab) => {
			const { fields, emptyFieldsNotice } = await workflowFields(lab, workflowId);
			expect(fields).toEqual([]);
			expect(emptyFieldsNotice).toMatch(sentence);
		});
	});

	test.concurrent('that is filled in stays as it is where it cannot be read anew', async () => {
		await inLab(async (lab) => {
			lab.simulator.addFault({
				kind: 'http',
				match: { path: '/api/openapi/getJson' },
				status: 502,
			});
			const nodeInputs = { mappingMode: 'defineBelow', value: {}, schema: [{ id: '6.text' }] };
			const reading = workflowFields(lab, locator(WORKFLOW), { nodeInputs });
			await expect(reading).rejects.toThrow('RunningHub is currently unavailable');
		});
	});
});

describe('the form of an app', () => {
	test.concurrent('has a field for each of its parameters, of its kind', async () => {
		await inLab(async (lab) => {
			const { fields } = await appFields(lab, EVERY_FIELD);
			const shown = fields.map(({ id, displayName, type, defaultValue, options }) => [
				id,
				displayName,
				type,
				defaultValue,
				...(options ? [options.map((option) => ('value' in option ? option.value : ''))] : []),
			]);
			expect(shown).toEqual([
				['39.image', 'source picture', 'string', 'example.png'],
				['52.prompt', 'what is on the poster', 'string', 'a poster of a fox'],
				['40.video', 'clip', 'string', 'example.mp4'],
				['41.audio', 'voice', 'string', 'example.mp3'],
				['142.batch_size', 'number of pictures', 'number', 1],
				['142.strength', 'EmptyLatentImage.strength', 'number', 0.75],
				['143.enabled', 'upscale the result', 'boolean', true],
				['37.aspect_ratio', 'aspect ratio', 'options', '1:1', ['1:1', '16:9', '9:16']],
				['6.language', 'Speech.language', 'options', 'Auto', ['Auto', 'English', 'Chinese']],
				['115.megapixels', 'Resolution.megapixels', 'options', '1', ['0.5', '1', '2']],
				// Its options cannot be read: free text.
				['115.style', 'Resolution.style', 'string', 'plain'],
				['159.select', 'mode', 'options', '1', ['1', '2']],
			]);
		});
	});

	test.concurrent('says that an app which was never run lists nothing', async () => {
		await inLab(async (lab) => {
			const { emptyFieldsNotice } = await appFields(lab, APP_NEVER_RUN);
			expect(emptyFieldsNotice).toMatch(/lists no inputs for this AI App/);
		});
	});
});

describe('the list of apps', () => {
	const search = async (lab: Lab, filter?: string, token?: string) =>
		await askForm(
			{ ...lab.options({ resource: 'aiApp', operation: 'submit' }), node: new RunningHub() },
			async function (this: ILoadOptionsFunctions, { listSearch }) {
				return await listSearch?.searchApps?.call(this, filter, token);
			},
		);
	const addApps = (lab: Lab, amount: number) => {
		for (let index = 0; index < amount; index++) {
			const id = String(1_800_000_000_000_000_000n + BigInt(index));
			lab.simulator.addApp(id, { name: `App ${index}`, description: '', fields: [] });
		}
	};

	test.concurrent('shows the apps page by page', async () => {
		await inLab(async (lab) => {
			addApps(lab, 60);
			const first = await search(lab);
			expect(first?.results).toHaveLength(50);
			expect(first?.results[0]).toEqual({
				name: 'Poster maker',
				value: APP,
				url: `${lab.simulator.baseUrl}/ai-detail/${APP}`,
			});
			const second = await search(lab, '', String(first?.paginationToken));
			expect(second?.results).toHaveLength(14);
			expect(second?.paginationToken).toBeUndefined();
		});
	});

	test.concurrent('has all that a search finds, on whichever page', async () => {
		await inLab(async (lab) => {
			addApps(lab, 60);
			const found = await search(lab, 'app 5');
			expect(found?.results.map(({ name }) => name)).toEqual([
				'App 5',
				...Array.from({ length: 10 }, (_, index) => `App 5${index}`),
			]);
		});
	});

	test.concurrent('is searched by name, beyond the first page', async () => {
		await inLab(async (lab) => {
			addApps(lab, 60);
			const found = await search(lab, 'app 59');
			expect(found?.results).toMatchObject([{ name: 'App 59', value: '1800000000000000059' }]);
		});
	});
});
