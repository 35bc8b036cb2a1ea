import { createRequire } from 'node:module';
import type { IHttpRequestOptions } from 'n8n-workflow';

/** The part of n8n's HTTP client that is used here. */
interface OutboundHttp {
	prototype: { requests(): { request(options: IHttpRequestOptions): Promise<unknown> } };
}

const requireFromCore = createRequire(require.resolve('n8n-core'));
const { OutboundHttp } = requireFromCore('@n8n/backend-network') as { OutboundHttp: OutboundHttp };

/**
 * Answers every request of n8n's in this process while `work` lasts, for what is about so many requests that the
 * network would take all the time.
 * @param answer gives the JSON of each answer
 */
export async function withoutNetwork<T>(
	answer: (request: IHttpRequestOptions) => object,
	work: () => Promise<T>,
): Promise<T> {
	const request = async (options: IHttpRequestOptions) => ({
		statusCode: 200,
		headers: {},
		body: JSON.stringify(answer(options)),
	});
	const { requests } = OutboundHttp.prototype;
	OutboundHttp.prototype.requests = () => ({ request });
	return await work().finally(() => {
		OutboundHttp.prototype.requests = requests;
	});
}
