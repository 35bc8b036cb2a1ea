import { SIMULATOR_KEY } from '../simulator';
import { START_TIMEOUT } from '../e2e/support/host';
import type { Form } from './form';
import type { NodePanel } from './nodePanel';
import { comparable, expectedForm, nameOf, VIDU_FACTS } from './viduModels';
import { startEditorSession, stopEditorSession, type EditorSession } from './editorSession';

const MODES = [
	{ mode: 'Image to Video', task: 'image-to-video', defaultModel: 'Vidu Q2 Turbo' },
	{ mode: 'Reference to Video', task: 'reference-to-video', defaultModel: 'Vidu Q2 Pro' },
	{ mode: 'Start and End to Video', task: 'start-end-to-video', defaultModel: 'Vidu Q2 Turbo' },
	{ mode: 'Text to Video', task: 'text-to-video', defaultModel: 'Vidu Q2' },
	{ mode: 'Short Play', task: 'short-play-video', defaultModel: 'Vidu Q3 Drama' },
];

/** What every model's form has beside the model's own fields. */
const COMMON = [
	...['resource', 'operation', 'mode', 'model'],
	...['downloadResults', 'binaryPropertyName'],
];

const NEW_NODE = { resource: 'vidu', operation: 'submitAndWait' };

jest.setTimeout(60_000);

let session: EditorSession;

beforeAll(async () => {
	session = await startEditorSession();
}, START_TIMEOUT);

afterAll(stopEditorSession, 60_000);

beforeEach(() => session.n8n.simulator.reset());

it('is found in the list of nodes, with its actions', async () => {
	await session.openNewWorkflow();
	expect(await session.editor.actionsOf('RunningHub')).toEqual(
		expect.arrayContaining([
			'Generate a vidu video and wait for it',
			'Submit a vidu video without waiting',
			'Get a task',
		]),
	);
});

describe.each(MODES)('the form of $mode', ({ mode, task }) => {
	const endpoints = VIDU_FACTS.filter((model) => model.task === task).map(
		(model) => model.endpoint,
	);
	let form: Form;

	beforeAll(async () => {
		({ form } = await session.openNode(NEW_NODE));
		await form.choose('mode', mode);
	}, 60_000);

	it('offers exactly its models', async () => {
		const { options } = await form.field('model');
		expect([...(options ?? [])].sort()).toEqual(endpoints.map(nameOf).sort());
	});

	it.each(endpoints)('has exactly the fields, values and defaults of %s', async (endpoint) => {
		await form.choose('model', nameOf(endpoint));
		const fields = await form.read();
		const own = fields.filter(({ name }) => !COMMON.includes(name));
		expect(comparable(own)).toEqual(expectedForm(endpoint));
		expect(own.filter(({ name, label }) => label === '' || label === name)).toEqual([]);
		expect(await form.cutLabels()).toEqual([]);
	});
});

describe('changing the model', () => {
	it('keeps what still fits and resets what the new model does not take', async () => {
		const { form } = await session.openNode(NEW_NODE);
		await form.fill('prompt', 'A fox');
		await form.choose('model', 'Vidu Q3 Pro');
		await form.choose('duration', '9');
		await form.choose('resolution', '1080p');

		await form.choose('model', 'Vidu Q3 Pro Fast');
		expect(await valuesOf(form)).toMatchObject({
			prompt: 'A fox',
			duration: '9',
			resolution: '1080p',
		});

		await form.choose('model', 'Vidu Q3 Pro');
		await form.choose('duration', '16');
		await form.choose('resolution', '2K');
		await form.choose('model', 'Vidu Q2 Pro');
		expect(await valuesOf(form)).toMatchObject({
			prompt: 'A fox',
			duration: '5',
			resolution: '720p',
		});
	});
});

describe('changing the mode', () => {
	let form: Form;

	beforeAll(async () => {
		({ form } = await session.openNode({ ...NEW_NODE, prompt: 'A fox' }));
	}, 60_000);

	it.each(MODES.slice(1))(
		"chooses the default model of $mode and none of the old model's values",
		async ({ mode, defaultModel }) => {
			await form.choose('mode', 'Image to Video');
			await form.choose('model', 'Vidu Q3 Pro');
			await form.choose('resolution', '2K');
			await form.choose('mode', mode);
			const fields = await form.read();
			expect(fields).toContainEqual(
				expect.objectContaining({ name: 'model', value: defaultModel, hasIssue: false }),
			);
			const wrong = fields.filter(({ control, hasIssue }) => control === 'select' && hasIssue);
			expect(wrong).toEqual([]);
		},
	);
});

describe('executing the step', () => {
	const image = 'https://example.com/fox.png';
	const common = { ...NEW_NODE, prompt: 'A fox', options: { pollInterval: 1 } };

	it.each([
		['imageToVideo', 'vidu/image-to-video-q3-pro', { imageUrl: image }],
		[
			'startEndToVideo',
			'vidu/start-end-to-video-q2-turbo',
			{ firstImageUrl: image, lastImageUrl: image },
		],
		['textToVideo', 'vidu/text-to-video-q3-pro', {}],
		['referenceToVideo', 'vidu/reference-to-video-q3', { imageUrls: `${image}, ${image}` }],
	])('shows the finished item: %s with %s', async (mode, model, media) => {
		const panel = await session.openNode({ ...common, mode, model, ...media });

		expect(await panel.execute()).toEqual({ status: 'success' });

		const [item] = await panel.outputTable();
		expect(item).toMatchObject({ status: 'SUCCESS', source: model });
		expect(await panel.outputJson()).toMatchObject([{ taskId: item?.taskId, error: null }]);
		expect(session.n8n.simulator.submits().map(({ path }) => path)).toEqual([
			expect.stringContaining(model),
		]);
	});
});

describe('a wrong value', () => {
	const nothingSubmitted = () => expect(session.n8n.simulator.submits()).toEqual([]);

	it('that n8n finds: an empty prompt', async () => {
		const panel = await session.openNode();
		await panel.form.fill('prompt', '');
		expect((await panel.form.field('prompt')).hasIssue).toBe(true);
		expect(await panel.execute()).toEqual({
			status: 'refused',
			message: expect.stringContaining('Parameter "Prompt" is required'),
		});
		nothingSubmitted();
	});

	it('that the node finds: an image that is no address', async () => {
		const panel = await session.openNode();
		await panel.form.fill('imageUrl', 'fox.png');
		expect(await panel.execute()).toEqual({
			status: 'error',
			message: expect.stringMatching(/^Image is "fox.png".+https:\/\//),
			description: expect.stringContaining('nothing was paid'),
		});
		nothingSubmitted();
	});
});

describe('the credential', () => {
	let panel: NodePanel;

	beforeAll(async () => {
		panel = await session.openNode();
	}, 60_000);

	const shown = async (form: Form) =>
		(await form.names()).filter((name) => name !== 'allowedHttpRequestDomains');

	it('asks for a base URL with a custom address only', async () => {
		const window = await panel.newCredential();
		const models = ['newerModels', 'modelListUrl'];
		expect(await shown(window.form)).toEqual(['site', 'apiKey', ...models]);
		await window.form.choose('site', 'China (www.runninghub.cn)');
		expect(await shown(window.form)).toEqual(['site', 'apiKey', ...models]);
		await window.form.choose('site', 'Custom Address');
		expect(await shown(window.form)).toEqual(['site', 'baseUrl', 'apiKey', ...models]);
		const [, baseUrl] = await window.form.read();
		expect(baseUrl).toMatchObject({ label: expect.stringContaining('Base URL') });
	});

	it('says whether a key is accepted', async () => {
		panel = await session.openNode();
		const window = await panel.newCredential();
		await window.form.choose('site', 'Custom Address');
		await window.form.fill('baseUrl', session.n8n.simulator.baseUrl);
		await window.form.fill('apiKey', 'wrong-key');
		expect(await window.save()).toBe(false);
		const verdict = await window.verdict();
		expect(verdict).toContain('did not accept the API key');
		expect(verdict).not.toContain('wrong-key');

		await window.form.fill('apiKey', SIMULATOR_KEY);
		expect(await window.save()).toBe(true);
		const saved = await panel.openCredential();
		expect(await saved.verdict()).toContain('successfully');
	});
});

async function valuesOf(form: Form): Promise<Record<string, string>> {
	const fields = await form.read();
	return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}
