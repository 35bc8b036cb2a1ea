import { START_TIMEOUT } from '../e2e/support/host';
import {
	SIMULATOR_APP_ENCRYPTED_ID as PROTECTED_APP,
	SIMULATOR_APP_EVERY_FIELD_ID as APP_OF_EVERY_FIELD,
	SIMULATOR_APP_ID as APP,
	SIMULATOR_APP_NEVER_RUN_ID as APP_NEVER_RUN,
	SIMULATOR_PASSWORD as PASSWORD,
	SIMULATOR_WORKFLOW_EVERY_VALUE_ID as EVERY_VALUE,
	SIMULATOR_WORKFLOW_ID as WORKFLOW,
	SIMULATOR_WORKFLOW_NEVER_RUN_ID as NEVER_RUN,
	SIMULATOR_WORKFLOW_PROTECTED_ID as PROTECTED,
} from '../simulator';
import type { Field, Form } from './form';
import { MappedForm } from './mappedForm';
import type { NodePanel } from './nodePanel';
import {
	NODE_NAME,
	startEditorSession,
	stopEditorSession,
	type EditorSession,
} from './editorSession';

const UNKNOWN = '1900000000000999999';
const WORKFLOW_PAGE = `https://www.runninghub.ai/workflow/${WORKFLOW}`;

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

jest.setTimeout(120_000);

let session: EditorSession;
/** One node for all tests of a form: opening the editor takes longer than most of them. */
let panel: NodePanel;
let form: MappedForm;

beforeAll(async () => {
	session = await startEditorSession();
	// High enough for all fields of a form.
	await session.editor.page.setViewportSize({ width: 1440, height: 2200 });
}, START_TIMEOUT);

afterAll(stopEditorSession, 60_000);

beforeEach(() => session.n8n.simulator.reset());

const sent = () => session.n8n.simulator.submits().map(({ json }) => json);
const shown = (fields: Field[]) =>
	fields.map(({ label, control, value }) => [label, control, value]);
const issues = async (of: Form) =>
	(await of.read()).filter(({ hasIssue }) => hasIssue).map(({ name }) => name);

describe('the form of a workflow', () => {
	beforeAll(async () => {
		panel = await session.openNode({ resource: 'comfyWorkflow', operation: 'submitAndWait' });
		form = new MappedForm(session.editor.page, 'workflowId');
	}, 120_000);

	it('says where its fields will be, and marks nothing but what is missing', async () => {
		expect(await form.notice()).toBe('The inputs appear here once Workflow is filled in.');
		expect(await issues(panel.form)).toEqual(['workflowId']);
	});

	it('has a field for each input as it is saved, prompts and files first, but no seed', async () => {
		await form.give('By URL', WORKFLOW_PAGE);
		expect(shown(await form.fields.read())).toEqual([
			['Prompt · text', 'text', 'a fox'],
			['Negative prompt · text', 'text', 'blurry'],
			['Reference image · image', 'text', 'example.png'],
			['KSampler · seed (or random)', 'number', ''],
			['KSampler · steps', 'number', '20'],
			['KSampler · cfg', 'number', '7'],
			['KSampler · sampler_name', 'text', 'euler'],
			['KSampler · denoise', 'number', '1'],
			['Checkpoint · ckpt_name', 'text', 'sd15.safetensors'],
			['Size · width', 'number', '512'],
			['Size · height', 'number', '512'],
			['Size · batch_size', 'number', '1'],
			['Save · filename_prefix', 'text', 'ComfyUI'],
			['Style · lora_name', 'text', 'paper.safetensors'],
			['Style · strength_model', 'number', '0.7'],
		]);
		expect(await panel.notices()).toEqual([expect.stringContaining('name of a binary field')]);
		expect(await panel.form.cutLabels()).toEqual([]);
		expect(await panel.isTooWide()).toBe(false);
		expect(await issues(panel.form)).toEqual([]);
	});

	it('sends only what was changed, and keeps it when the node is opened again', async () => {
		const prompt = 'A fox in the snow, soft morning light. '.repeat(40).trim();
		await form.give('By URL', WORKFLOW_PAGE);
		await form.fields.fill('6.text', prompt);
		expect(await panel.execute()).toEqual({ status: 'success' });

		const [body] = sent();
		expect(body).toMatchObject({
			workflowId: WORKFLOW,
			nodeInfoList: [{ nodeId: '6', fieldName: 'text', fieldValue: prompt }],
		});
		expect(await panel.outputTable()).toMatchObject([
			{ status: 'SUCCESS', source: WORKFLOW, url: expect.stringContaining('.png') },
		]);

		await panel.close();
		panel = await session.editor.openNode(NODE_NAME);
		await form.untilDrawn('6.text');
		expect((await form.fields.field('6.text')).value).toBe(prompt);
		expect((await form.fields.field('3.steps')).value).toBe('20');
	});

	it('is that of the new workflow when it is changed, with a control for each kind of value', async () => {
		await form.give('By URL', WORKFLOW_PAGE);
		await form.give('By ID', EVERY_VALUE);
		const names = await form.fields.names();
		expect(names).toHaveLength(23);
		expect(names).not.toContain('3.steps');
		const of = async (name: string) => {
			const { control, value } = await form.fields.field(name);
			return [control, value];
		};
		expect(await of('20.multiline')).toEqual(['text', 'first line\nsecond line']);
		expect(await of('20.yes')).toEqual(['switch', 'true']);
		expect(await of('20.no')).toEqual(['switch', 'false']);
		expect(await of('20.fraction')).toEqual(['number', '0.55']);
		expect((await form.fields.field('26:1.text')).label).toBe('Prompt (26:1) · text');
	});

	it.each([
		['does not exist', UNKNOWN, /^RunningHub does not know this workflow\. Check the workflow ID/],
		[
			'was never run',
			NEVER_RUN,
			/^The workflow has not been saved and run yet\. Open the workflow/,
		],
		['needs a password', PROTECTED, /set Access Password/],
		['is no id', 'my workflow', /^Workflow is "my workflow"; enter the URL[^.]*\.$/],
	])('says what to do about a workflow that %s', async (_, id, sentence) => {
		await form.give('By ID', id);
		expect(await form.notice()).toMatch(sentence);
	});
});

describe('the form of an app', () => {
	beforeAll(async () => {
		panel = await session.openNode({ resource: 'aiApp', operation: 'submitAndWait' });
		form = new MappedForm(session.editor.page, 'webappId');
	}, 120_000);

	it('has a list of apps that can be searched, on whichever page they are', async () => {
		for (let index = 0; index < 60; index++) {
			const id = String(1_800_000_000_000_000_000n + BigInt(index));
			session.n8n.simulator.addApp(id, { name: `App ${index}`, description: '', fields: [] });
		}
		expect(await form.search('poster')).toEqual(['Poster maker', 'Secret posters']);
		expect(await form.search('app 5')).toHaveLength(11);
	});

	it('has a field of its kind for each parameter, with its options', async () => {
		await form.choose('every', 'Everything at once');
		expect(await form.chosen()).toBe('Everything at once');
		const fields = await form.fields.read();
		expect(shown(fields)).toEqual([
			['source picture', 'text', 'example.png'],
			['what is on the poster', 'text', 'a poster of a fox'],
			['clip', 'text', 'example.mp4'],
			['voice', 'text', 'example.mp3'],
			['number of pictures', 'number', '1'],
			['EmptyLatentImage.strength', 'number', '0.75'],
			['upscale the result', 'switch', 'true'],
			['aspect ratio', 'select', '1:1 (square)'],
			['Speech.language', 'select', 'Auto'],
			['Resolution.megapixels', 'select', '1'],
			['Resolution.style', 'text', 'plain'],
			['mode', 'select', 'fast'],
		]);
		const optionsOf = (label: string) => fields.find((field) => field.label === label)?.options;
		expect(optionsOf('aspect ratio')).toEqual([
			'1:1 (square)',
			'16:9 (landscape)',
			'9:16 (portrait)',
		]);
		expect(optionsOf('mode')).toEqual(['fast', 'good (better, slower)']);
		expect(await panel.form.cutLabels()).toEqual([]);
		expect(await panel.isTooWide()).toBe(false);
		expect(await issues(panel.form)).toEqual([]);
	});

	it('sends what was chosen, and n8n plays the video that comes of it', async () => {
		panel = await session.openNode({
			resource: 'aiApp',
			operation: 'submitAndWait',
			webappId: byId(APP_OF_EVERY_FIELD),
			downloadResults: true,
		});
		await form.untilDrawn('159.select');
		await form.fields.choose('159.select', 'good (better, slower)');
		await form.fields.choose('37.aspect_ratio', '9:16 (portrait)');
		expect(await panel.execute()).toEqual({ status: 'success' });
		expect(sent()).toMatchObject([
			{
				nodeInfoList: expect.arrayContaining([
					expect.objectContaining({ nodeId: '159', fieldValue: '2' }),
					expect.objectContaining({ nodeId: '37', fieldValue: '9:16' }),
				]),
			},
		]);
		expect(await panel.viewFile()).toBe('video');
	});

	it('is found by the address of its page on either site', async () => {
		await form.give('By URL', `https://www.runninghub.cn/ai-detail/${APP}`);
		expect(await form.fields.names()).toEqual(['39.image', '52.prompt']);
	});

	it('says that a protected app needs its password, whether or not that shows its inputs', async () => {
		await form.give('By ID', PROTECTED_APP);
		const [note, ...inputs] = await form.fields.read();
		expect(note).toMatchObject({
			label: 'Protected: needs a password',
			value: 'Set the Access Password option',
			isReadOnly: true,
		});
		expect(inputs.map(({ name }) => name)).toEqual(['52.prompt']);

		await form.give('By ID', APP);
		session.n8n.simulator.switches.encryptedAppFields = 'hidden';
		await form.give('By ID', PROTECTED_APP);
		expect(await form.notice()).toMatch(
			/^This AI App is protected.*Access Password.*in Options\.$/,
		);
	});

	it.each([
		['does not exist', UNKNOWN, /^RunningHub does not know this AI App\. Check the app’s ID/],
		['was never run', APP_NEVER_RUN, /lists no inputs for this AI App\..*run it once on its page/],
	])('says what to do about an app that %s', async (_, id, sentence) => {
		await form.give('By ID', id);
		expect(await form.notice()).toMatch(sentence);
	});

	it('asks for the password of a protected app before anything is paid, and takes it', async () => {
		const node = { resource: 'aiApp', operation: 'submitAndWait', webappId: byId(PROTECTED_APP) };
		panel = await session.openNode(node);
		expect(await panel.options()).toContain('Access Password');
		expect(await panel.execute()).toMatchObject({
			status: 'error',
			message: expect.stringMatching(/"Secret posters" is protected; set its password/),
		});
		expect(sent()).toEqual([]);

		panel = await session.openNode({ ...node, options: { accessPassword: PASSWORD } });
		expect(await panel.execute()).toEqual({ status: 'success' });
	});
});

it('leaves no error in the browser', () => {
	expect(session.editor.errors).toEqual([]);
});
