import { chromium, selectors, type Browser, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium, NO_CHROMIUM } from '../../scripts/lib/chromium';
import { Canvas } from './canvas';
import { NodePanel } from './nodePanel';
import { photograph } from './photograph';

export interface Login {
	email: string;
	password: string;
}

/** Runs in the browser. */
const COUNT_CLICKS = `(() => {
	window.clicksCounted = 0;
	document.addEventListener('pointerdown', () => window.clicksCounted++, true);
})()`;

/** n8n's editor in a browser, as a user has it in front of him. */
export class Editor {
	/** What the browser's console has of errors, save files from the internet that could not be loaded. */
	readonly errors: string[] = [];
	readonly canvas: Canvas;

	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly url: string,
	) {
		this.canvas = new Canvas(page);
		page.on('pageerror', ({ message }) => this.errors.push(message));
		page.on('console', (line) => {
			if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) {
				this.errors.push(line.text());
			}
		});
	}

	/**
	 * Opens a browser and logs in.
	 * @param url of the n8n
	 */
	static async open(url: string, { email, password }: Login): Promise<Editor> {
		const executablePath = await findChromium();
		if (executablePath === undefined) throw new Error(NO_CHROMIUM);
		selectors.setTestIdAttribute('data-test-id');
		const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
		try {
			const page = await browser.newPage({
				viewport: { width: 1440, height: 900 },
				reducedMotion: 'reduce',
			});
			page.setDefaultTimeout(60_000);

			// The first page of a new n8n takes long on a busy machine.
			await page.goto(`${url}/signin`, { timeout: 180_000 });
			await page.getByTestId('emailOrLdapLoginId').locator('input').fill(email);
			await page.getByTestId('password').locator('input').fill(password);
			await page.getByTestId('form-submit-button').click();
			await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
			return new Editor(browser, page, url);
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/** While a workflow is open here, nobody else can change it: give each test its own. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
		await this.canvas.untilFitted();
	}

	async openEmptyWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.page.getByTestId('canvas-add-button').waitFor();
	}

	/** From now on, in this page. */
	async countClicks(): Promise<void> {
		await this.page.evaluate(COUNT_CLICKS);
	}

	async clicks(): Promise<unknown> {
		return await this.page.evaluate('window.clicksCounted');
	}

	async openNode(name: string): Promise<NodePanel> {
		await this.canvasNode(name).dblclick();
		const panel = new NodePanel(this.page);
		await panel.untilOpen();
		return panel;
	}

	/** What n8n's list of nodes offers for a node that is found there by its name. */
	async actionsOf(nodeName: string): Promise<string[]> {
		await this.page.getByTestId('node-creator-plus-button').click();
		const list = this.page.getByTestId('node-creator');
		await list.getByRole('textbox').fill(nodeName);
		const items = list.getByTestId('node-creator-item-name');
		await items.getByText(nodeName, { exact: true }).click();
		await list.getByText(/^Actions \(\d+\)$/).waitFor();
		return (await items.allInnerTexts()).map((text) => text.trim());
	}

	/** Waits until n8n's list of nodes offers this one for a search. */
	async findNode(nodeName: string, text: string): Promise<void> {
		const list = this.page.getByTestId('node-creator');
		if (!(await list.isVisible())) await this.page.getByTestId('node-creator-plus-button').click();
		const found = list.getByTestId('node-creator-item-name').getByText(nodeName, { exact: true });
		// So that what is found is not of the search before.
		await list.getByRole('textbox').fill('no node is called that');
		await found.waitFor({ state: 'detached' });
		await list.getByRole('textbox').fill(text);
		await found.waitFor();
	}

	/** A picture of the whole window. */
	async photograph(path: string): Promise<void> {
		await photograph(this.page, { path });
	}

	private canvasNode(name: string) {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}
}
