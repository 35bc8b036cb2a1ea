import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { types } from 'node:util';

/** How one attempt to deliver went: an HTTP status, or why there is none. */
export interface Outcome {
	status?: number;
	/** The receiver's body. */
	answer?: string;
	error?: string;
}

interface Manner {
	timeoutMs: number;
	followRedirects: boolean;
	/** Breaks the attempt off. */
	signal: AbortSignal;
}

const MAX_REDIRECTS = 5;
/** No more of a receiver's answer is kept. */
const MAX_ANSWER_BYTES = 4096;

/**
 * Posts a JSON text to any address, a local one too, over a connection of its own. Whether RunningHub
 * follows redirects is unknown (reference 8.3): 307 and 308 repeat the POST here, others become a GET.
 */
export async function postJson(url: string, body: string, manner: Manner): Promise<Outcome> {
	try {
		let target = new URL(url);
		let method = 'POST';
		for (let hops = 0; ; hops += 1) {
			const { status, location, answer } = await send(method, target, body, manner);
			const onward = manner.followRedirects && location !== undefined && isRedirect(status);
			if (!onward || hops === MAX_REDIRECTS) return { status, answer };
			target = new URL(location, target);
			if (status !== 307 && status !== 308) method = 'GET';
		}
	} catch (error) {
		return { error: `I/O error: ${reasonOf(error)}` };
	}
}

export const isSuccess = ({ status }: Outcome): boolean =>
	status !== undefined && status >= 200 && status < 300;

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

interface Answer {
	status: number;
	location: string | undefined;
	answer: string;
}

function send(method: string, url: URL, body: string, manner: Manner): Promise<Answer> {
	const { timeoutMs, signal } = manner;
	const content = method === 'POST' ? body : '';
	const headers =
		method === 'POST'
			? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) }
			: {};
	const open = url.protocol === 'https:' ? requestHttps : requestHttp;
	return new Promise((resolve, reject) => {
		const request = open(url, { method, headers, signal, agent: false }, (response) => {
			read(response).then(resolve, reject);
		});
		const timer = setTimeout(() => {
			reject(new Error(`no answer within ${timeoutMs} ms`));
			request.destroy();
		}, timeoutMs);
		timer.unref();
		request.on('close', () => clearTimeout(timer));
		request.on('error', reject);
		request.end(content);
	});
}

async function read(response: IncomingMessage): Promise<Answer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of response as AsyncIterable<Buffer>) {
		if (size < MAX_ANSWER_BYTES) chunks.push(chunk);
		size += chunk.length;
	}
	const answer = Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
	return { status: response.statusCode ?? 0, location: response.headers.location, answer };
}

/** An error of several addresses at once (`localhost`) has a code, but no message. */
function reasonOf(error: unknown): string {
	if (!types.isNativeError(error)) return String(error);
	if (error.message !== '') return error.message;
	return 'code' in error ? String(error.code) : error.name;
}
