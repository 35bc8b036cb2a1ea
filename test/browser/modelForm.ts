import type { Locator, Page, Response } from 'playwright-core';
import { Form } from './form';

/** The form of the resource Model: which model, and what that one takes. */
export class ModelForm {
	/** The fields of the model alone: some have the names of other fields of the node. */
	readonly fields: Form;

	private readonly locator: Locator;
	private readonly mapper: Locator;

	constructor(private readonly page: Page) {
		const panel = page.getByTestId('node-parameters');
		this.locator = panel.getByTestId('resource-locator-model');
		this.mapper = panel.getByTestId('resource-mapper-container');
		this.fields = new Form(this.mapper.getByTestId('mapping-fields-container'));
	}

	/** What the field of the model shows. */
	async chosen(): Promise<string> {
		return await this.input.inputValue();
	}

	/** The names that the list has for a text, from the first on. */
	async search(text: string): Promise<string[]> {
		await this.openList();
		const answer = this.page.waitForResponse(
			(response) =>
				response.url().endsWith('/resource-locator-results') && filterOf(response) === text,
		);
		await this.searchField.fill(text);
		const { data } = (await (await answer).json()) as { data: { results: unknown[] } };
		const items = this.items;
		if (data.results.length > 0) await items.nth(data.results.length - 1).waitFor();
		const names = (await items.allInnerTexts()).map((name) => name.trim());
		await this.page.keyboard.press('Escape');
		return names;
	}

	/** @param text to look for it @param name as the list shows it */
	async choose(text: string, name: string): Promise<void> {
		await this.openList();
		await this.searchField.fill(text);
		const drawn = this.fieldsDrawn();
		await this.items.filter({ hasText: new RegExp(`^\\s*${escape(name)}\\s*$`) }).click();
		await drawn;
	}

	async giveEndpoint(endpoint: string): Promise<void> {
		if ((await this.mode.inputValue()) !== 'Endpoint') {
			await this.mode.click();
			const options = this.page.getByRole('option').filter({ visible: true });
			await options.filter({ hasText: 'Endpoint' }).click();
		}
		// Where nothing changes, n8n asks for nothing.
		if ((await this.chosen()) === endpoint) return;
		const drawn = this.fieldsDrawn();
		await this.input.fill(endpoint);
		await this.input.blur();
		await drawn;
	}

	/** What stands where there are no fields. */
	async notice(): Promise<string> {
		return (await this.mapper.getByTestId('empty-fields-notice').innerText()).trim();
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

	async untilDrawn(key: string): Promise<void> {
		await this.mapper.getByTestId(`parameter-input-${key}`).waitFor();
	}

	private async openList(): Promise<void> {
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
