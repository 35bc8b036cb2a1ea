import type { Locator, Page } from 'playwright-core';
import { Form } from './form';

/** The window in which a credential is made and changed. */
export class CredentialWindow {
	readonly form: Form;

	private readonly window: Locator;

	constructor(private readonly page: Page) {
		this.window = page.getByTestId('editCredential-modal');
		this.form = new Form(this.window);
	}

	async untilOpen(): Promise<void> {
		await this.window.getByTestId('parameter-input-apiKey').waitFor();
	}

	/**
	 * Saves, and waits for n8n's test of what was saved.
	 * @returns whether it passed; n8n then closes the window
	 */
	async save(): Promise<boolean> {
		const tested = this.page.waitForResponse(/\/credentials\/test$/);
		await this.window.getByTestId('credential-save-button').locator('button').click();
		const { data } = (await (await tested).json()) as { data: { status: string } };
		if (data.status !== 'OK') return false;
		await this.window.waitFor({ state: 'hidden' });
		return true;
	}

	/** What n8n says of its last test; it makes one when the window of a saved credential is opened. */
	async verdict(): Promise<string> {
		const success = this.window.getByTestId('credentials-config-container-test-success');
		const error = this.window.locator('.el-tag--danger');
		await success.or(error).filter({ visible: true }).first().waitFor();
		if (await success.isVisible()) return await textOf(success);
		const more = error.getByText('More details');
		if (await more.isVisible()) await more.click();
		return await textOf(error.filter({ visible: true }));
	}

	async photograph(path: string): Promise<void> {
		await this.window.screenshot({ path });
	}

	async close(): Promise<void> {
		await this.window.getByRole('button', { name: 'Close this dialog' }).click();
		await this.window.waitFor({ state: 'hidden' });
	}
}

async function textOf(banner: Locator): Promise<string> {
	return (await banner.innerText()).replace(/\s+/g, ' ').trim();
}
