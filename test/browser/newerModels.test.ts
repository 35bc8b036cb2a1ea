import { z } from 'zod';
import { itemsOf as outputOf } from '../../scripts/lib/n8nApi';
import type { StoredWorkflow, Workflow } from '../../scripts/lib/n8nApi';
import { CREDENTIAL } from '../e2e/support/credential';
import { START_TIMEOUT } from '../e2e/support/host';
import { until } from '../../scripts/lib/until';
import { SIMULATOR_KEY, SIMULATOR_NEW_MODEL } from '../simulator';
import { MappedForm } from './mappedForm';
import {
	NODE_NAME,
	startEditorSession,
	stopEditorSession,
	type EditorSession,
} from './editorSession';

jest.setTimeout(180_000);

const EXAMPLE = 'Vidu: image to video';
const IMAGE = 'https://example.com/fox.png';

const BODY = {
	prompt: 'A fox of paper',
	imageUrl: IMAGE,
	duration: '10',
	fps: 16,
	loop: false,
	ratio: '9:16',
};

/** Where the workflow is made. */
let here: EditorSession;
/** Another n8n, with another RunningHub, from which no list of models can be read. */
let there: EditorSession;

beforeAll(async () => {
	here = await startEditorSession();
	there = await startEditorSession();
	for (const { editor } of [here, there]) {
		await editor.page.setViewportSize({ width: 1440, height: 1600 });
	}
	await readsModelsFrom(here, here.n8n.simulator.registryUrl('newer'));
	// Nothing listens here.
	await readsModelsFrom(there, 'http://127.0.0.1:1/models.json');
}, 2 * START_TIMEOUT);

afterAll(stopEditorSession, 60_000);

async function readsModelsFrom({ n8n }: EditorSession, modelListUrl: string): Promise<void> {
	await n8n.api.saveCredential({
		name: n8n.credential.name,
		type: CREDENTIAL,
		data: {
			site: 'custom',
			baseUrl: n8n.simulator.baseUrl,
			apiKey: SIMULATOR_KEY,
			newerModels: true,
			modelListUrl,
		},
	});
}

const listsRead = () =>
	[here, there].flatMap(({ n8n }) =>
		n8n.simulator.requests.filter(({ path }) => path.startsWith('/registry/')),
	);

const mapped = z.object({ model: z.object({ value: z.string() }) });

/** The workflow as it is saved, once the form of the new model is in it. */
async function savedWorkflow({ n8n, editor }: EditorSession): Promise<StoredWorkflow> {
	await editor.page.keyboard.press('Control+s');
	return await until('the workflow to be saved', 30, async () => {
		const found = await n8n.api.findWorkflow(EXAMPLE);
		const node = found?.nodes.find(({ name }) => name === NODE_NAME);
		const form = mapped.safeParse(node?.parameters);
		return form.success && form.data.model.value === SIMULATOR_NEW_MODEL && found;
	});
}

const exported = ({ name, nodes, connections, settings }: StoredWorkflow): Workflow =>
	JSON.parse(JSON.stringify({ name, nodes, connections, settings })) as Workflow;

it('a model that only the public list has is found, filled in, run, and runs in another n8n', async () => {
	const panel = await here.openNode({ resource: 'model', operation: 'submitAndWait' });
	const form = new MappedForm(here.editor.page, 'model');
	const found = await form.search('paperlight');
	expect(found).toEqual([
		expect.stringMatching(/^Paperlight v1 · Image to Video \(new\b/),
		expect.stringMatching(/^Paperlight v1 · Text to Image \(new\b/),
	]);
	expect((await form.search('kling')).some((name) => name.includes('(new'))).toBe(false);

	await form.choose('paperlight image to video', found[0] ?? '');
	expect(await form.fields.names()).toEqual([
		'prompt',
		'imageUrl',
		'duration',
		'audioUrls',
		'fps',
		'foldStrength',
		'loop',
		'ratio',
	]);
	await form.fields.fill('prompt', BODY.prompt);
	await form.fields.fill('imageUrl', IMAGE);
	await form.fields.choose('duration', '10');
	await form.fields.choose('fps', '16');
	await form.fields.choose('ratio', '9:16');
	expect(await panel.execute()).toEqual({ status: 'success' });
	expect(await panel.outputJson()).toMatchObject([
		{ status: 'SUCCESS', source: SIMULATOR_NEW_MODEL },
	]);
	expect(here.n8n.simulator.submits().map(({ json }) => json)).toEqual([BODY]);
	await panel.close();

	const workflow = exported(await savedWorkflow(here));
	const lists = listsRead();
	expect(lists.map(({ path }) => path)).toEqual(['/registry/newer']);

	for (const node of workflow.nodes) {
		if (node.credentials) node.credentials = { [CREDENTIAL]: there.n8n.credential };
	}
	const { api, simulator } = there.n8n;
	const imported = await api.importWorkflow(workflow);
	const trigger = workflow.nodes.find(({ type }) => type.endsWith('.manualTrigger'));
	const execution = await api.finishedExecution(
		await api.runWorkflow(imported, trigger?.name ?? ''),
	);
	expect(execution.status).toBe('success');
	expect(outputOf(execution, NODE_NAME)).toMatchObject([{ json: { status: 'SUCCESS' } }]);
	expect(simulator.submits().map(({ json }) => json)).toEqual([BODY]);

	// The form is there as well, and the list says why it has no newer models.
	await there.editor.openWorkflow(imported.id);
	const panelThere = await there.editor.openNode(NODE_NAME);
	const formThere = new MappedForm(there.editor.page, 'model');
	await formThere.untilDrawn('audioUrls');
	expect(await formThere.fields.field('duration')).toMatchObject({
		value: '10',
		options: ['5', '10'],
		hasIssue: false,
	});
	const why = 'Newer models not loaded: 127.0.0.1:1 cannot be reached';
	expect((await formThere.search('kling')).at(-1)).toBe(why);
	await formThere.fields.choose('duration', '5');
	expect(await panelThere.execute()).toEqual({ status: 'success' });
	expect(simulator.submits().at(-1)?.json).toEqual({ ...BODY, duration: '5' });
	expect(listsRead()).toEqual(lists);

	// Who takes that line for a model has chosen none.
	await formThere.choose('kling', why);
	expect(await formThere.notice()).toBe('Choose a model to see its fields.');
	for (const { n8n, editor } of [here, there]) {
		expect(n8n.simulator.leaks()).toEqual([]);
		expect(editor.errors).toEqual([]);
	}
});
