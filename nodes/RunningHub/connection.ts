import {
	sleep,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type IN8nHttpFullResponse,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { journalOf } from './journal';
import { createClient, type Client } from '../../runninghub/client';
import type { Clock } from '../../runninghub/clock';
import { parseCredential } from '../../runninghub/credential';
import type { Logger } from '../../runninghub/logger';
import { baseUrlOf } from '../../runninghub/site';
import { asTransportError, type ApiRequest, type Transport } from '../../runninghub/transport';
import type { BatchTools } from '../../runninghub/batch';

export const CREDENTIAL = 'runningHubApi';

/** Everything the core needs of n8n, for one run of the node. */
export interface Connection extends BatchTools {
	client: Client;
	/** Where the API is: see {@link baseUrlOf}. */
	baseUrl: string;
}

/** @throws RunningHubError with one sentence when the credential has no usable address */
export async function connectApi(
	context: IExecuteFunctions | IWebhookFunctions,
	signal?: AbortSignal,
): Promise<{ baseUrl: string; client: Client }> {
	const baseUrl = baseUrlOf(parseCredential(await context.getCredentials(CREDENTIAL)));
	return { baseUrl, client: createClient(n8nTransport(context, baseUrl, signal)) };
}

export async function connect(context: IExecuteFunctions): Promise<Connection> {
	const signal = context.getExecutionCancelSignal();
	return {
		...(await connectApi(context, signal)),
		clock: n8nClock,
		random: Math.random,
		journal: journalOf(context),
		logger: n8nLogger(context),
		signal,
	};
}

/** Sends requests through n8n, which adds the key by the credential's `authenticate`, and obeys its proxy settings. */
function n8nTransport(
	context: IExecuteFunctions | IWebhookFunctions,
	baseUrl: string,
	signal: AbortSignal | undefined,
): Transport {
	return async (request) => {
		const sent: Promise<IN8nHttpFullResponse> = context.helpers.httpRequestWithAuthentication.call(
			request.costs ? unstoppable(context) : context,
			CREDENTIAL,
			toHttpOptions(request, baseUrl),
		);
		const { statusCode, headers, body } = await sent.catch((error: unknown) => {
			if (!request.costs) signal?.throwIfAborted();
			throw asTransportError(error);
		});
		return {
			status: statusCode,
			headers: Object.fromEntries(
				Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
			),
			text: typeof body === 'string' ? body : JSON.stringify(body ?? ''),
		};
	};
}

/**
 * n8n breaks off the requests of a run that is stopped. Of a submit only the answer would get lost, and with it the id
 * of a task that is paid for.
 */
function unstoppable<C extends object>(context: C): C {
	const own: C = Object.create(context);
	Object.defineProperty(own, 'getExecutionCancelSignal', { value: () => undefined });
	return own;
}

function toHttpOptions(request: ApiRequest, baseUrl: string): IHttpRequestOptions {
	const { body } = request;
	return {
		method: request.method,
		url: `${baseUrl}${request.path}`,
		headers: {
			Accept: 'application/json',
			'Content-Type': body.type === 'json' ? 'application/json' : body.contentType,
		},
		body: body.type === 'json' ? { ...body.json } : body.bytes,
		timeout: request.timeoutMs,
		// As text: JSON.parse would round the ids.
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// A redirect could carry the key to another host, or send a submit twice.
		disableFollowRedirect: true,
	};
}

/** n8n's rules allow no timer of our own; its sleep cannot be ended early, so an abort overtakes it. */
export const n8nClock: Clock = {
	now: () => performance.now(),
	sleep: async (ms, signal) => {
		signal?.throwIfAborted();
		if (signal === undefined) return await sleep(ms);
		const handlers = abortHandlersOf(signal);
		let onAbort = () => {};
		const aborted = new Promise<never>((_, reject) => {
			onAbort = () => reject(signal.reason);
			handlers.add(onAbort);
		});
		await Promise.race([sleep(ms), aborted]).finally(() => handlers.delete(onAbort));
	},
};

const abortHandlers = new WeakMap<AbortSignal, Set<() => void>>();

/** One listener a signal, however many tasks sleep: Node warns of a leak from the eleventh on. */
function abortHandlersOf(signal: AbortSignal): Set<() => void> {
	const known = abortHandlers.get(signal);
	if (known !== undefined) return known;
	const handlers = new Set<() => void>();
	abortHandlers.set(signal, handlers);
	signal.addEventListener('abort', () => handlers.forEach((handle) => handle()), { once: true });
	return handlers;
}

function n8nLogger({ logger }: IExecuteFunctions): Logger {
	return {
		debug: (message, facts) => logger.debug(message, facts),
		info: (message, facts) => logger.info(message, facts),
		warn: (message, facts) => logger.warn(message, facts),
	};
}
