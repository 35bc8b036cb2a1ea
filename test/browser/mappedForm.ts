import type { Locator, Page, Response } from 'playwright-core';
import { Form } from './form';

/** A form whose fields depend on what one locator of it names: a model, a workflow, an app. */
export class MappedForm {
	/** The mapped fields alone: some have the names of other fields of the node. */
	readonly fields: Form;

	private readonly locator: Locator;
	private readonly mapper: Locator;

	/** @param name of the field that names what is chosen */
	constructor(
		private readonly page: Page,
		name: string,
	) {
		const panel = page.getByTestId('node-parameters');
		this.locator = panel.getByTestId(`resource-locator-${name}`);
		this.mapper = panel.getByTestId('resource-mapper-container');
		this.fields = new Form(this.mapper.getByTestId('mapping-fields-container'));
	}

	/** What the field shows that names it. */
	async chosen(): Promise<string> {
		return await this.input.inputValue();
	}

	/** Leaves the list open at what it has for a text. */
	async lookFor(text: string): Promise<void> {
		await this.openList();
		const answer = this.page.waitForResponse(
			(response) =>
				response.url().endsWith('/resource-locator-results') && filterOf(response) === text,
		);
		await this.searchField.fill(text);
		const { data } = (await (await answer).json()) as { data: { results: unknown[] } };
		if (data.results.length > 0) await this.items.nth(data.results.length - 1).waitFor();
	}

	/** The names that the list has for a text, from the first on. */
	async search(text: string): Promise<string[]> {
		await this.lookFor(text);
		const names = (await this.items.allInnerTexts()).map((name) => name.trim());
		await this.page.keyboard.press('Escape');
		return names;
	}

	/** @param text to look for it @param name as the list shows it, with or without what stands behind it in brackets */
	async choose(text: string, name: string): Promise<void> {
		await this.openList();
		await this.searchField.fill(text);
		const drawn = this.fieldsDrawn();
		await this.items
			.filter({ hasText: new RegExp(`^\\s*${escape(name)}(?: \\(.*\\))?\\s*$`) })
			.click();
		await drawn;
	}

	/** @param mode in which the value is given, as shown: `By URL` */
	async give(mode: string, value: string): Promise<void> {
		await this.switchTo(mode);
		// Where nothing changes, n8n asks for nothing.
		if ((await this.chosen()) === value) return;
		const drawn = this.fieldsDrawn();
		await this.input.fill(value);
		await this.input.blur();
		await drawn;
	}

	/** What stands where there are no fields. */
	async notice(): Promise<string> {
		return (await this.mapper.getByTestId('empty-fields-notice').innerText()).trim();
	}

	async untilDrawn(key: string): Promise<void> {
		await this.mapper.getByTestId(`parameter-input-${key}`).waitFor();
	}

	private async switchTo(mode: string): Promise<void> {
		if ((await this.mode.inputValue()) === mode) return;
		await this.mode.click();
		const options = this.page.getByRole('option').filter({ visible: true });
		await options.filter({ hasText: mode }).click();
	}

	/** The fields of the next answer. */
	private async fieldsDrawn(): Promise<void> {
		const answer = await this.page.waitForResponse(/\/resource-mapper-fields$/);
		const { data } = (await answer.json()) as {
			data: { fields: Array<{ id: string; display: boolean }> };
		};
		const [last] = data.fields.filter(({ display }) => display).slice(-1);
		if (last === undefined) return await this.mapper.getByTestId('empty-fields-notice').waitFor();
		await this.untilDrawn(last.id);
	}

	private async openList(): Promise<void> {
		await this.switchTo('From List');
		if (!(await this.searchField.isVisible())) await this.input.click();
		await this.searchField.waitFor();
	}

	private get input(): Locator {
		return this.locator.getByTestId('rlc-input-container').locator('input').first();
	}

	private get mode(): Locator {
		return this.locator.getByTestId('rlc-mode-selector').locator('input');
	}

	private get searchField(): Locator {
		return this.page.getByTestId('rlc-search').filter({ visible: true });
	}

	/** What is open while something is looked for. */
	get list(): Locator {
		const popover = this.page.locator('[data-reka-popper-content-wrapper]');
		return popover.filter({ has: this.page.getByTestId('rlc-search') });
	}

	private get items(): Locator {
		return this.page.getByTestId('rlc-item').filter({ visible: true });
	}
}

function filterOf(response: Response): unknown {
	const body: unknown = response.request().postDataJSON();
	return typeof body === 'object' && body !== null && 'filter' in body ? body.filter : undefined;
}

function escape(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
