import type { Locator } from 'playwright-core';

export type Control = 'select' | 'switch' | 'number' | 'text';

/** One field as the user sees it. */
export interface Field {
	name: string;
	label: string;
	control: Control;
	/** What is shown in it; of a switch `true` or `false`. */
	value: string;
	/** Names of a select's options, in their order. */
	options?: string[];
	/** The red mark of a required field that is empty, or of a value that is not allowed. */
	hasIssue: boolean;
	/** Of one that nobody can change. */
	isReadOnly?: true;
}

/** The fields of a node's panel or of a credential's window: n8n draws both alike. */
export class Form {
	constructor(private readonly root: Locator) {}

	/** The names of all fields shown, from top to bottom. */
	async names(): Promise<string[]> {
		// The fields of the other tabs are there as well, but hidden.
		const inputs = await this.root.locator('[data-parameter-path]').filter({ visible: true }).all();
		const paths = await Promise.all(
			inputs.map((input) => input.getAttribute('data-parameter-path')),
		);
		return paths.map((path) => nameIn(path ?? ''));
	}

	async read(): Promise<Field[]> {
		const names = await this.names();
		return await Promise.all(names.map((name) => this.field(name)));
	}

	async field(name: string): Promise<Field> {
		const control = await this.controlOf(name);
		const input = this.input(name);
		const value = control === 'switch' ? String(await input.isChecked()) : await input.inputValue();
		return {
			name,
			label: (await this.label(name).innerText()).trim(),
			control,
			value,
			...(control === 'select' ? { options: await this.optionsOf(name) } : {}),
			hasIssue: await this.hasIssue(name),
			...((await input.isDisabled()) ? { isReadOnly: true } : {}),
		};
	}

	/** As a person does: with a click into the field, and without the mouse. */
	async paste(name: string, text: string): Promise<void> {
		await this.input(name).click();
		await this.root.page().keyboard.insertText(text);
		await this.root.page().keyboard.press('Tab');
	}

	/** The labels that are not shown whole. */
	async cutLabels(): Promise<string[]> {
		const labels = this.root.locator('label .n8n-text').filter({ visible: true });
		return await labels.evaluateAll((shown) =>
			shown
				.filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth)
				.map(({ textContent }) => textContent ?? ''),
		);
	}

	/** Those of these fields that have the red mark. */
	async marked(names: readonly string[]): Promise<string[]> {
		const marks = await Promise.all(names.map((name) => this.hasIssue(name)));
		return names.filter((_, index) => marks[index]);
	}

	/** @param option its name as shown */
	async choose(name: string, option: string): Promise<void> {
		await this.input(name).click();
		const list = await this.listOf(name);
		await list
			.getByTestId('parameter-input-item')
			.filter({ has: list.page().getByText(option, { exact: true }) })
			.click();
		await list.waitFor({ state: 'hidden' });
	}

	async fill(name: string, text: string): Promise<void> {
		await this.input(name).fill(text);
		// What was typed counts when the field is left.
		await this.input(name).blur();
	}

	/** Fields of a mapper have the mark beside them. */
	private async hasIssue(name: string): Promise<boolean> {
		const input = this.root.page().getByTestId(`parameter-input-${name}`);
		const item = this.root.locator('.parameter-item').filter({ has: input });
		return (await this.container(name).or(item).getByTestId('parameter-issues').count()) > 0;
	}

	private container(name: string): Locator {
		return this.root.getByTestId(`parameter-input-${name}`);
	}

	private input(name: string): Locator {
		return this.container(name).locator('input, textarea').first();
	}

	private label(name: string): Locator {
		// A node's panel ties label and field together, a credential's window only puts them into one box.
		const ways = [
			`label[for="${name}"]`,
			`label[for='value["${name}"]']`,
			`[data-test-id="${name}"] label`,
		];
		return this.root.locator(`:is(${ways.join(', ')}) .n8n-text`).first();
	}

	private async controlOf(name: string): Promise<Control> {
		const role = await this.input(name).getAttribute('role');
		if (role === 'combobox') return 'select';
		if (role === 'switch') return 'switch';
		return role === 'spinbutton' ? 'number' : 'text';
	}

	private async optionsOf(name: string): Promise<string[]> {
		const list = await this.listOf(name);
		return await list.locator('.option-headline').allTextContents();
	}

	/** The list hangs elsewhere in the page, and is there also while it is hidden. */
	private async listOf(name: string): Promise<Locator> {
		const id = await this.input(name).getAttribute('aria-controls');
		return this.root.page().locator(`[id="${id}"]`);
	}
}

/** `parameters.prompt`, and of a mapper `parameters.parameters.value["prompt"]`. */
function nameIn(path: string): string {
	return /\["(.+)"\]$/.exec(path)?.[1] ?? path.split('.').at(-1) ?? '';
}
