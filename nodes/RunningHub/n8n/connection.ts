import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';
import { createClient, type Client } from '../../../runninghub/api/client';
import { openUrl, type OpenedFile } from '../../../runninghub/files/openUrl';
import { parseCredential } from '../../../runninghub/http/credential';
import { baseUrlOf } from '../../../runninghub/http/site';
import {
	plainHeaders,
	TransportError,
	type ApiRequest,
	type Transport,
} from '../../../runninghub/http/transport';
import type { BatchDeps } from '../../../runninghub/tasks/job';
import { chatOf } from '../agent/chat';
import { accountLimiterOf } from './accountLimiterRegistry';
import { n8nClock } from './clock';
import { fileHosts } from './fileHosts';
import { n8nLogger } from './n8nLogger';
import { withProgress } from './progress';
import { MultipartForm } from './requestBody';
import { RESPONSE_OPTIONS } from './requestOptions';
import { responseText } from './responseText';
import { asTransportError } from './transportError';

export const CREDENTIAL = 'runningHubApi';

/** Executions, callbacks, and forms that are being filled. */
type ApiContext = IExecuteFunctions | IWebhookFunctions | ILoadOptionsFunctions;

/** Everything the core needs of n8n, for one run of the node. */
export interface Connection extends Omit<BatchDeps, 'journal' | 'budget'> {
	client: Client;
	/** Where the API is: see {@link baseUrlOf}. */
	baseUrl: string;
	/** The same for all runs that share an account. */
	account: string;
	/** Opens a file at a public address, without the key. */
	openUrl(url: string): Promise<OpenedFile>;
}

/** @throws RunningHubError with one sentence when the credential has no usable address */
export async function connectApi(
	context: ApiContext,
	signal?: AbortSignal,
): Promise<{ baseUrl: string; client: Client }> {
	const credential = credentialReader(context);
	const baseUrl = baseUrlOf(parseCredential(await credential()));
	return { baseUrl, client: createClient(n8nTransport(context, credential, baseUrl, signal)) };
}

/** Shorter than a wait goes on with a refused key (waitUntilDeadline.ts), so that a key which was changed is used before that. */
const CREDENTIAL_CACHE_MS = 10_000;

/** Reading a credential costs n8n more than a request does, so it is read once for many requests. */
function credentialReader(context: ApiContext): () => Promise<ICredentialDataDecryptedObject> {
	let known: Promise<ICredentialDataDecryptedObject> | undefined;
	let readAt = -Infinity;
	return async () => {
		if (known === undefined || n8nClock.now() - readAt > CREDENTIAL_CACHE_MS) {
			known = context.getCredentials(CREDENTIAL);
			readAt = n8nClock.now();
		}
		return await known.catch((error: unknown) => {
			known = undefined;
			throw error;
		});
	};
}

/**
 * The connection of a run. It breaks off when the execution is cancelled.
 * @throws as {@link connectApi}
 */
export async function connect(context: IExecuteFunctions): Promise<Connection> {
	const signal = context.getExecutionCancelSignal();
	const api = await connectApi(context, signal);
	const hosts = fileHosts(context.helpers, api.baseUrl, signal);
	const logger = n8nLogger(context);
	// The node does not read the key; the credential's id stands for the account.
	const account = `${api.baseUrl} ${context.getNode().credentials?.[CREDENTIAL]?.id ?? ''}`;
	return {
		...api,
		client: withProgress(api.client, {
			now: n8nClock.now,
			report: (line) => {
				logger.debug(`RunningHub: ${line}`);
				// To the console of the browser, in a run from the editor.
				context.sendMessageToUI(line);
			},
			reportToChat: chatOf(context),
		}),
		openUrl: async (url) => await openUrl(url, hosts),
		clock: n8nClock,
		random: Math.random,
		limiter: accountLimiterOf(account),
		account,
		logger,
		signal,
	};
}

/** Sends requests through n8n, which adds the key by the credential's `authenticate`, and obeys its proxy settings. */
function n8nTransport(
	context: ApiContext,
	credential: () => Promise<ICredentialDataDecryptedObject>,
	baseUrl: string,
	signal: AbortSignal | undefined,
): Transport {
	return async (request) => {
		const data = await credential().catch(() => {
			// n8n could not read it just now: nothing has been sent.
			throw new TransportError('no', 'CREDENTIAL');
		});
		const over = new AbortController();
		// n8n breaks off the requests of a run that is stopped. Of a submit only the response would get lost, and with it
		// the id of a task that is paid for.
		const stop = request.unstoppable || signal === undefined ? [] : [signal];
		const sent: Promise<IN8nHttpFullResponse> = context.helpers.httpRequestWithAuthentication.call(
			withCancelSignal(AbortSignal.any([over.signal, ...stop]), context),
			CREDENTIAL,
			toHttpOptions(request, baseUrl),
			{ credentialsDecrypted: { id: '', name: CREDENTIAL, type: CREDENTIAL, data: { ...data } } },
		);
		const read = sent.then(async ({ statusCode, headers, body }) => ({
			status: statusCode,
			headers: plainHeaders(headers),
			text: await responseText(body, request.timeoutMs),
		}));
		return await read
			.catch((error: unknown) => {
				if (!request.unstoppable) signal?.throwIfAborted();
				throw asTransportError(error);
			})
			// Closes the connection of a response that was given up.
			.finally(() => over.abort());
	};
}

/** The same context, whose requests n8n breaks off by this signal. */
function withCancelSignal<C extends object>(signal: AbortSignal, context: C): C {
	const own: C = Object.create(context);
	Object.defineProperty(own, 'getExecutionCancelSignal', { value: () => signal });
	return own;
}

function toHttpOptions(request: ApiRequest, baseUrl: string): IHttpRequestOptions {
	const { body } = request;
	return {
		method: request.method,
		url: `${baseUrl}${request.path}`,
		qs: request.query,
		headers: {
			Accept: 'application/json',
			// That of a form has a boundary in it, which axios adds.
			...(body.type === 'json' ? { 'Content-Type': 'application/json' } : {}),
		},
		...(body.type === 'json' ? { body: { ...body.json } } : {}),
		...(body.type === 'form' ? { body: new MultipartForm(body.parts) } : {}),
		timeout: request.timeoutMs,
		...RESPONSE_OPTIONS,
	};
}
