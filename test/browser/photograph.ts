import type { Page, PageScreenshotOptions } from 'playwright-core';

/** n8n leaves the empty corners of its expression editor's tooltips in the window. */
const STYLE = '#cm-tooltip-container { display: none }';

/** A picture without what n8n shows only where the mouse is. */
export async function photograph(page: Page, options: PageScreenshotOptions): Promise<void> {
	// Onto the title of an open panel, where it changes nothing.
	await page.mouse.move(400, 45);
	const style = `${STYLE} ${options.style ?? ''}`;
	await page.screenshot({ ...options, animations: 'disabled', style });
}
