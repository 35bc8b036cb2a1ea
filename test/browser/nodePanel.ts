import type { Locator, Page } from 'playwright-core';
import { CredentialWindow } from './credentialWindow';
import { Form } from './form';
import { photograph } from './photograph';

export type Run =
	| { status: 'success' }
	| { status: 'error'; message: string; description: string }
	/** n8n found something missing and started nothing. */
	| { status: 'refused'; message: string };

const MARGIN = 16;

/** Runs in the browser. */
const SHOWN_FILE = `(() => {
	const file = document.querySelector('.binary-data-window :is(img, video)');
	return (file?.naturalWidth ?? file?.duration) > 0 && file.localName;
})()`;

/** A node's panel: what goes in, its fields, what comes out. */
export class NodePanel {
	readonly form: Form;

	constructor(private readonly page: Page) {
		this.form = new Form(page.getByTestId('node-parameters'));
	}

	async untilOpen(): Promise<void> {
		await this.page.getByTestId('node-parameters').waitFor();
	}

	/** Presses "Execute step" and waits for what comes of it. */
	async execute(): Promise<Run> {
		await this.closeNotes();
		await this.page.getByTestId('node-execute-button').click();
		// The note comes with the end of this run; what the panel shows until then may be of the one before.
		const note = this.notes.first();
		await note.waitFor();
		const message = await note.innerText();
		if (message.includes('cannot start')) return { status: 'refused', message };

		const success = this.output.getByTestId('node-run-status-success');
		const error = this.output.getByTestId('node-error-message');
		await success.or(error).first().waitFor();
		if ((await error.count()) === 0) return { status: 'success' };
		const description = this.output.getByTestId('node-error-description');
		return {
			status: 'error',
			message: await error.innerText(),
			description: (await description.count()) > 0 ? await description.innerText() : '',
		};
	}

	/** The output panel's table: one record for each row, with the text of each cell. */
	async outputTable(): Promise<Array<Record<string, string>>> {
		await this.showOutputAs('table');
		const table = this.output.locator('table');
		await table.locator('tbody tr').first().waitFor();
		const heads = (await table.locator('thead th').allInnerTexts()).map((text) => text.trim());
		const records: Array<Record<string, string>> = [];
		for (const row of await table.locator('tbody tr').all()) {
			const cells = (await row.locator('> td').allInnerTexts()).map((text) => text.trim());
			const named = heads.map((head, index): [string, string] => [head, cells[index] ?? '']);
			records.push(Object.fromEntries(named.filter(([head]) => head !== '')));
		}
		return records;
	}

	/** The output panel's JSON. */
	async outputJson(): Promise<unknown> {
		await this.showOutputAs('json');
		const nodes = this.output.locator('.json-data .vjs-tree-node');
		// It is drawn bit by bit; this is its end.
		await nodes.filter({ hasText: /^\]$/ }).last().waitFor();
		const lines = await nodes.allTextContents();
		// n8n draws the indentation with hard spaces.
		return JSON.parse(lines.map((line) => line.replace(/^\u00a0+/, '')).join('\n'));
	}

	/** Whether a part of the form can only be seen by scrolling to the side. */
	async isTooWide(): Promise<boolean> {
		const wrapper = this.page.locator('.node-parameters-wrapper');
		return await wrapper.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
	}

	/** The yellow boxes between the fields. */
	async notices(): Promise<string[]> {
		const notices = this.page.getByTestId('node-parameters').locator('.notice-content');
		return (await notices.filter({ visible: true }).allInnerTexts()).map((text) => text.trim());
	}

	/** Of a trigger: what n8n says is to be called. */
	async webhookUrl(): Promise<string> {
		const webhooks = this.page.locator('.webhooks');
		const url = webhooks.locator('.webhook-url').first();
		// Folded up in a panel that was just opened.
		if (!(await url.isVisible())) await webhooks.locator('.headline').click();
		return (await url.innerText()).trim();
	}

	/** What "Add option" offers, from top to bottom. */
	async options(): Promise<string[]> {
		const button = this.page.getByTestId('collection-parameter-add').locator('input');
		if ((await button.count()) === 0) return [];
		const list = this.page.locator(`[id="${await button.getAttribute('aria-controls')}"]`);
		return (await list.getByTestId('collection-parameter-option').allTextContents()).map((text) =>
			text.trim(),
		);
	}

	/**
	 * Shows the first file of the output as n8n does.
	 * @returns what shows it, once it can be seen or played: `img` or `video`
	 */
	async viewFile(): Promise<unknown> {
		await this.showOutputAs('binary');
		await this.output.getByTestId('ndv-view-binary-data').first().click();
		return await (await this.page.waitForFunction(SHOWN_FILE)).jsonValue();
	}

	async showOutputAs(mode: 'schema' | 'table' | 'json' | 'binary'): Promise<void> {
		await this.output.getByTestId(`radio-button-${mode}`).click();
	}

	/** What the node says above its output. */
	async hints(): Promise<string[]> {
		const hints = this.output.getByTestId('node-hint');
		await hints.first().waitFor();
		return (await hints.allInnerTexts()).map((text) => text.trim());
	}

	async close(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await this.page.getByTestId('node-parameters').waitFor({ state: 'detached' });
	}

	/** The window of the credential that is chosen. */
	async openCredential(): Promise<CredentialWindow> {
		await this.page.getByTestId('credential-edit-button').click();
		return await this.credentialWindow();
	}

	async newCredential(): Promise<CredentialWindow> {
		await this.page.getByTestId('node-credentials-select').locator('input').click();
		await this.page.getByTestId('node-credentials-select-item-new').click();
		return await this.credentialWindow();
	}

	/**
	 * A picture of the fields alone; the window has to be high enough for them.
	 * @param end where it ends: at the options, which come last, if not given
	 */
	async photographForm(path: string, end?: Locator): Promise<void> {
		const all = await this.page.getByTestId('node-parameters').boundingBox();
		const options = this.page.getByTestId('collection-parameter-add').last();
		const last = await (end ?? options).boundingBox();
		if (!all || !last) throw new Error('The form is not to be seen.');
		const { x, y, width } = all;
		const height = last.y + last.height + MARGIN - y;
		await photograph(this.page, { path, clip: { x, y, width, height } });
	}

	/** Removes the notes in the corner. */
	async closeNotes(): Promise<void> {
		for (const note of await this.notes.all()) {
			await note.locator('.el-notification__closeBtn').click();
			await note.waitFor({ state: 'detached' });
		}
	}

	private async credentialWindow(): Promise<CredentialWindow> {
		const window = new CredentialWindow(this.page);
		await window.untilOpen();
		return window;
	}

	private get output() {
		return this.page.getByTestId('output-panel');
	}

	private get notes() {
		return this.page.locator('.el-notification');
	}
}
