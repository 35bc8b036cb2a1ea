import type { IExecuteFunctions, IN8nHttpFullResponse } from 'n8n-workflow';
import type { LoraTools } from '../../../../runninghub/lora';
import { asTransportError } from '../../../../runninghub/transport';

/** Milliseconds without progress after which a request counts as broken. */
const IDLE_TIMEOUT_MS = 600_000;

/** Without the credential: a presigned address must never see the key. */
export function putFile(
	{ helpers }: IExecuteFunctions,
	signal: AbortSignal | undefined,
): LoraTools['put'] {
	return async (url, body) => {
		const sent: Promise<IN8nHttpFullResponse> = helpers.httpRequest({
			method: 'PUT',
			url,
			headers: { Accept: '*/*', 'Content-Type': body.type },
			body,
			encoding: 'text',
			timeout: IDLE_TIMEOUT_MS,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			abortSignal: signal,
		});
		const { statusCode } = await sent.catch((error: unknown) => {
			signal?.throwIfAborted();
			throw asTransportError(error);
		});
		return statusCode;
	};
}
