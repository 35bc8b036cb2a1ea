import { START_TIMEOUT } from '../e2e/support/host';
import { comparable, expectedFields, nameOf, ONE_OF_EACH_TASK } from './modelFacts';
import { MappedForm } from './mappedForm';
import type { NodePanel } from './nodePanel';
import {
	NODE_NAME,
	startEditorSession,
	stopEditorSession,
	type EditorSession,
} from './editorSession';

const BANANA = 'rhart-image-v1/text-to-image';
const KLING = 'kling-v3.0-std/image-to-video';

jest.setTimeout(120_000);

let session: EditorSession;
/** One node for all tests: opening the editor takes longer than most of them. */
let panel: NodePanel;
let form: MappedForm;

beforeAll(async () => {
	session = await startEditorSession();
	// High enough for all fields of a form.
	await session.editor.page.setViewportSize({ width: 1440, height: 2000 });
	panel = await session.openNode({ resource: 'model', operation: 'submitAndWait' });
	form = new MappedForm(session.editor.page, 'model');
}, START_TIMEOUT);

afterAll(stopEditorSession, 60_000);

beforeEach(() => session.n8n.simulator.reset());

it('a new node asks for a model first', async () => {
	expect(await form.notice()).toBe('Choose a model to see its fields.');
	expect(await form.chosen()).toBe('');
});

describe('the list', () => {
	it.each([
		['sora', /^Sora /],
		['veo', /^Veo /],
		['Kling', /^Kling /],
		['nano banana', /^Nano Banana /],
		[BANANA, /^Nano Banana Low Price · Text to Image \(from [\d.]+ CNY\)$/],
	])('finds models that people call %s', async (text, name) => {
		const found = await form.search(text);
		expect(found[0]).toMatch(name);
		// The makers with most models have some fifty; all of them are over four hundred.
		expect(found.length).toBeLessThan(60);
	});

	it('marks models that RunningHub will take away', async () => {
		expect(await form.search('gpt image deprecated')).toEqual(
			expect.arrayContaining([expect.stringMatching(/^GPT Image .*\(deprecated, /)]),
		);
	});
});

describe('the form', () => {
	it.each(ONE_OF_EACH_TASK.map((model) => [model.task, model.endpoint, model] as const))(
		'has exactly the fields, options and defaults of a model for %s: %s',
		async (_task, endpoint, model) => {
			await form.give('Endpoint', endpoint);
			const fields = await form.fields.read();
			expect(comparable(fields)).toEqual(expectedFields(model));
			expect(fields.filter(({ name, label }) => label === '' || label === name)).toEqual([]);
			expect(await panel.form.cutLabels()).toEqual([]);
			expect(await panel.isTooWide()).toBe(false);
		},
	);

	it('of an endpoint that nobody here knows asks for its fields as JSON', async () => {
		await form.give('Endpoint', 'maker/next-model/text-to-video');
		expect(await form.notice()).toContain('Enter them in the Extra Fields option');
		expect(await panel.options()).toContain('Extra Fields');
	});
});

describe('changing the model', () => {
	it('keeps what still fits, also after the node was closed', async () => {
		await form.choose('kling-v3.0-pro/image-to-video', 'Kling v3.0 Pro · Image to Video');
		await form.fields.fill('prompt', 'A fox');
		await form.fields.fill('firstImageUrl', 'https://example.com/fox.png');
		await form.fields.choose('duration', '15');
		await form.choose(KLING, 'Kling v3.0 Std · Image to Video');
		const kept = { prompt: 'A fox', firstImageUrl: 'https://example.com/fox.png', duration: '15' };
		expect(await valuesOf(form)).toMatchObject(kept);

		await panel.close();
		panel = await session.editor.openNode(NODE_NAME);
		expect(await valuesOf(form)).toMatchObject(kept);

		await form.choose(BANANA, await nameOf(BANANA));
		expect(await valuesOf(form)).toEqual({ prompt: 'A fox', aspectRatio: '3:4' });
	});
});

describe('executing the step', () => {
	it('is refused while something is missing, and then makes the picture', async () => {
		await form.give('Endpoint', BANANA);
		await form.fields.fill('prompt', '');
		expect(await panel.execute()).toEqual({
			status: 'refused',
			message: expect.stringContaining('Parameter "prompt" is required'),
		});

		await form.fields.fill('prompt', 'A fox');
		expect(await panel.execute()).toEqual({ status: 'success' });
		expect(await panel.outputJson()).toMatchObject([
			{ status: 'SUCCESS', source: BANANA, usage: { thirdPartyMoney: 0.05 } },
		]);
		expect(await panel.hints()).toEqual([
			expect.stringMatching(
				/^Cost of 1 task: 0\.05 in the account’s currency\. Execute the next nodes/,
			),
		]);
		expect(session.n8n.simulator.submits().map(({ json }) => json)).toEqual([
			{ prompt: 'A fox', aspectRatio: '3:4' },
		]);
	});
});

describe('changing the resource', () => {
	it('leaves no model behind that the other resource cannot read', async () => {
		await form.choose(KLING, await nameOf(KLING));
		await panel.form.choose('resource', 'Vidu');
		expect(await panel.form.field('model')).toMatchObject({
			value: 'Vidu Q2 Turbo',
			hasIssue: false,
		});
		const names = await panel.form.names();
		expect(names).toEqual([...new Set(names)]);

		await panel.form.choose('model', 'Vidu Q3 Pro');
		await panel.form.choose('resource', 'Model');
		await form.untilDrawn('imageUrl');
		expect(await form.fields.names()).toEqual(expect.arrayContaining(['prompt', 'duration']));
	});
});

async function valuesOf({ fields }: MappedForm): Promise<Record<string, string>> {
	const shown = await fields.read();
	return Object.fromEntries(shown.map(({ name, value }) => [name, value]));
}
