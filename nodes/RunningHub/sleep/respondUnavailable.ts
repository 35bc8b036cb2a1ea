import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

/** RunningHub repeats a call that is not answered with success (reference section 8.3). */
export function respondUnavailable(
	context: IWebhookFunctions,
	message: string,
): IWebhookResponseData {
	context.getResponseObject().status(503).json({ message });
	return { noWebhookResponse: true };
}
