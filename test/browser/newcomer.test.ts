import { START_TIMEOUT } from '../e2e/support/host';
import { NodePanel } from './nodePanel';
import { startEditorSession, stopEditorSession, type EditorSession } from './editorSession';

const MOST_CLICKS = 12;

jest.setTimeout(120_000);

let session: EditorSession;

beforeAll(async () => {
	session = await startEditorSession();
}, START_TIMEOUT);

afterAll(stopEditorSession, 60_000);

it(`makes and plays a first video with ${MOST_CLICKS} clicks at most, from an empty workflow`, async () => {
	const { editor, n8n } = session;
	const { page } = editor;
	await editor.openEmptyWorkflow();
	await editor.countClicks();

	await page.getByTestId('canvas-add-button').click();
	const list = page.getByTestId('node-creator');
	await page.keyboard.type('vidu');
	const names = list.getByTestId('node-creator-item-name');
	await names.getByText('RunningHub', { exact: true }).click();
	// Folded up beside the triggers, as n8n has it in an empty workflow.
	await list.getByText(/^Actions \(\d+\)$/).click();
	await names.getByText('Generate a vidu video and wait for it', { exact: true }).click();

	const panel = new NodePanel(page);
	await panel.untilOpen();
	await panel.form.paste('prompt', 'The fox turns its head');
	await panel.form.paste('imageUrl', 'https://example.com/fox.png');
	expect(await panel.execute()).toEqual({ status: 'success' });
	expect(await panel.viewFile()).toBe('video');

	expect(n8n.simulator.submits()).toHaveLength(1);
	expect(await editor.clicks()).toBeLessThanOrEqual(MOST_CLICKS);
});
