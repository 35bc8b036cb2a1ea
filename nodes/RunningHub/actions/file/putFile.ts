import type { IExecuteFunctions, IN8nHttpFullResponse } from 'n8n-workflow';
import type { LoraDeps } from '../../../../runninghub/files/lora';
import { transferTimeoutMs } from '../../../../runninghub/files/transferTimeout';
import { BlobBody } from '../../n8n/requestBody';
import { RESPONSE_OPTIONS } from '../../n8n/requestOptions';
import { asTransportError } from '../../n8n/transportError';

/** Milliseconds that the storage may take beside the transfer. */
const STORAGE_TAKES_MS = 600_000;

/** Without the credential: a presigned address must never see the key. */
export function putFile(
	{ helpers }: IExecuteFunctions,
	signal: AbortSignal | undefined,
): LoraDeps['put'] {
	return async (url, { sizeBytes, open }) => {
		const body = new BlobBody(sizeBytes, open);
		const over = new AbortController();
		const sent: Promise<IN8nHttpFullResponse> = helpers.httpRequest({
			method: 'PUT',
			url,
			headers: { Accept: '*/*', 'Content-Type': body.type },
			body,
			timeout: transferTimeoutMs(sizeBytes, STORAGE_TAKES_MS),
			...RESPONSE_OPTIONS,
			abortSignal: AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]),
		});
		const { statusCode } = await sent.catch((error: unknown) => {
			signal?.throwIfAborted();
			throw asTransportError(error);
		});
		// The response's body is not read.
		over.abort();
		return statusCode;
	};
}
