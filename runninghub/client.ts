import { z } from 'zod';
import { dataOf, openEnvelope, unreadable, type Envelope } from './envelope';
import { RunningHubError, errorForCode, type ErrorKind } from './errors';
import { maySubmitAgain } from './errorCodes';
import { tryParseJson } from './json';
import { redact } from './redact';
import { fileBody, type UploadFile } from './multipart';
import { NO_USAGE, type Task } from './task';
import { taskFromOutputs, taskFromQuery, taskIdOf } from './taskAnswer';
import { webhookEventFrom, type WebhookEvent } from './webhookEvent';
import { TransportError, type JsonObject, type RequestBody, type Transport } from './transport';

const CHECK_TIMEOUT_MS = 30_000;
const SUBMIT_TIMEOUT_MS = 120_000;
const UPLOAD_TIMEOUT_MS = 600_000;

/** The state of the account (reference section 10). */
export interface Account {
	coins: number | null;
	money: number | null;
	currency: string | null;
	keyType: string | null;
	runningTasks: number | null;
}

/** RunningHub's API as typed calls. Each is one request: nothing here retries. */
export interface Client {
	submitModel(endpoint: string, body: JsonObject): Promise<Task>;
	query(taskId: string): Promise<Task>;
	cancel(taskId: string): Promise<void>;
	/** What became of the callback of a task. */
	webhookEvent(taskId: string): Promise<WebhookEvent>;
	/** Sends a callback again, to another address if one is given. */
	resendWebhookEvent(webhookId: string, url?: string): Promise<void>;
	account(): Promise<Account>;
	upload(file: UploadFile): Promise<{ url: string; fileName: string }>;
}

export function createClient(transport: Transport): Client {
	return {
		submitModel: async (endpoint, body) =>
			await submit(transport, `/openapi/v2/${endpoint.replace(/^\/+/, '')}`, body),
		query: async (taskId) => await query(transport, taskId),
		cancel: async (taskId) => {
			const refused = await call(transport, '/task/openapi/cancel', { taskId })
				.then((envelope) => void dataOf(envelope))
				.catch((error: unknown) => withTask(error, taskId));
			if (refused instanceof RunningHubError) throw refused;
		},
		webhookEvent: async (taskId) =>
			webhookEventFrom(await call(transport, '/task/openapi/getWebhookDetail', { taskId }), taskId),
		resendWebhookEvent: async (webhookId, url) => {
			const body = { webhookId, ...(url === undefined ? {} : { webhookUrl: url }) };
			dataOf(await call(transport, '/task/openapi/retryWebhook', body));
		},
		account: async () =>
			readAccount(dataOf(await call(transport, '/uc/openapi/accountStatus', {}))),
		upload: async (file) =>
			readUpload(
				dataOf(
					await send(
						transport,
						'/openapi/v2/media/upload/binary',
						fileBody(file),
						UPLOAD_TIMEOUT_MS,
					),
				),
			),
	};
}

/**
 * Asks for a task: costs money. Whatever is not a clear acceptance or a clear refusal is an unknown outcome.
 * @returns the task with its id, usually still pending; some models answer with the end at once (section 6.2)
 * @throws RunningHubError; `resendable` only where no task can have been made
 */
async function submit(transport: Transport, path: string, body: JsonObject): Promise<Task> {
	const answer = await transport({
		method: 'POST',
		path,
		body: { type: 'json', json: body },
		timeoutMs: SUBMIT_TIMEOUT_MS,
		costs: true,
	}).catch((thrown: unknown) => noAnswer(thrown));
	if (answer instanceof RunningHubError) {
		throw answer.resendable ? answer : unknownBecause(answer);
	}

	const envelope = attempt(() => openEnvelope(answer));
	if (envelope instanceof RunningHubError) {
		const paid = taskIdOf(tryParseJson(answer.text));
		if (paid !== undefined)
			return { taskId: paid, status: 'RUNNING', results: [], usage: NO_USAGE };
		const refused = envelope.resendable || ['auth', 'site'].includes(envelope.kind);
		throw refused ? envelope : unknownBecause(envelope);
	}

	const taskId = taskIdOf(envelope.shape === 'flat' ? envelope.body : envelope.data);
	if (taskId !== undefined) return acceptedTask(envelope, taskId);
	throw refusal(envelope);
}

/** From here on the task is paid for: nothing in the rest of the answer may hide its id. */
function acceptedTask(envelope: Envelope, taskId: string): Task {
	const running: Task = { taskId, status: 'RUNNING', results: [], usage: NO_USAGE };
	if (envelope.shape === 'coded') return running;
	const task = attempt(() => taskFromQuery(envelope, taskId));
	return task instanceof RunningHubError ? running : task;
}

function refusal(envelope: Envelope): RunningHubError {
	const code = envelope.shape === 'flat' ? envelope.errorCode : envelope.code;
	const nodeErrors = nodeErrorsIn(envelope.shape === 'flat' ? envelope.body : envelope.data);
	if (nodeErrors !== undefined) {
		return errorForCode('433', nodeErrors);
	}
	if (code === '' || code === '0' || code === '200') {
		const words = redact(envelope.text).trim();
		const said = words === '' || /^success$/i.test(words) ? '' : `, and says “${words}”`;
		return unknownBecause(unreadable(`it names no task${said}`));
	}
	const error = errorForCode(code, envelope.text, { resendable: maySubmitAgain(code) });
	return error.kind === 'transient' ? unknownBecause(error) : error;
}

/**
 * ComfyUI's findings in `promptTips`, a JSON string (quirk 22, reference section 4.2), as one sentence.
 * @returns undefined where there are none
 */
function nodeErrorsIn(body: unknown): string | undefined {
	const tips = z.object({ promptTips: z.string() }).safeParse(body);
	if (!tips.success) return undefined;
	const read = z
		.object({
			node_errors: z.record(
				z.object({
					class_type: z.string().optional(),
					errors: z.array(
						z.object({ message: z.string().default(''), details: z.string().default('') }),
					),
				}),
			),
		})
		.safeParse(tryParseJson(tips.data.promptTips));
	if (!read.success) return undefined;
	const sentences = Object.entries(read.data.node_errors).flatMap(
		([nodeId, { class_type, errors }]) =>
			errors.map(({ message, details }) =>
				`node ${nodeId} (${class_type ?? 'unknown'}): ${message} ${details}`.trim(),
			),
	);
	return sentences.length === 0 ? undefined : sentences.join('; ');
}

const DOUBTFUL: ReadonlySet<ErrorKind> = new Set(['transient', 'rateLimit', 'protocol']);

/**
 * The task's state by the v2 query, which also answers for most tasks of v1 calls; for an id that it does not know
 * the v1 call is asked too (reference section 7).
 * @throws RunningHubError with the task id
 */
async function query(transport: Transport, taskId: string): Promise<Task> {
	const found = await call(transport, '/openapi/v2/query', { taskId })
		.then((envelope) => taskFromQuery(envelope, taskId))
		.catch((error: unknown) => withTask(error, taskId));
	if (!(found instanceof RunningHubError)) return found;
	if (found.kind !== 'notFound') throw found;

	const older = await call(transport, '/task/openapi/outputs', { taskId })
		.then((envelope) => taskFromOutputs(envelope, taskId))
		.catch((error: unknown) => withTask(error, taskId));
	if (!(older instanceof RunningHubError)) return older;
	// Only who could look may say that it is not there.
	throw DOUBTFUL.has(older.kind) ? older : found;
}

async function call(transport: Transport, path: string, json: JsonObject): Promise<Envelope> {
	return await send(transport, path, { type: 'json', json }, CHECK_TIMEOUT_MS);
}

async function send(
	transport: Transport,
	path: string,
	body: RequestBody,
	timeoutMs: number,
): Promise<Envelope> {
	const answer = await transport({ method: 'POST', path, body, timeoutMs }).catch(
		(thrown: unknown) => noAnswer(thrown),
	);
	if (answer instanceof RunningHubError) throw answer;
	return openEnvelope(answer);
}

/** What a failed transport means; anything else that was thrown (a cancelled execution) goes on as it is. */
function noAnswer(thrown: unknown): RunningHubError {
	if (!(thrown instanceof TransportError)) throw thrown;
	return thrown.reached === 'no'
		? new RunningHubError({
				kind: 'transient',
				code: thrown.code,
				resendable: true,
				message: 'RunningHub cannot be reached.',
				description: `No connection could be made (${readableCode(thrown.code)}). Check the Site or Base URL in the credential, and this machine’s network or proxy.`,
			})
		: new RunningHubError({
				kind: 'transient',
				code: thrown.code,
				message: 'RunningHub did not answer.',
				description: `The connection broke or took too long (${readableCode(thrown.code)}).`,
			});
}

const CODE_WORDS: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'nothing listens there',
	ENOTFOUND: 'the host name is unknown',
	EAI_AGAIN: 'the name server did not answer',
	ECONNRESET: 'the other side closed it',
	ECONNABORTED: 'time ran out',
	ETIMEDOUT: 'time ran out',
	EPIPE: 'the other side closed it',
};

/** In words: n8n replaces a text that holds one of Node's codes by a general one. */
function readableCode(code: string): string {
	return CODE_WORDS[code] ?? 'a network error';
}

/** @throws whatever is not a RunningHubError */
function withTask(error: unknown, taskId: string): RunningHubError {
	if (!(error instanceof RunningHubError)) throw error;
	return error.with({ taskId });
}

function attempt<T>(read: () => T): T | RunningHubError {
	try {
		return read();
	} catch (error) {
		if (error instanceof RunningHubError) return error;
		throw error;
	}
}

/**
 * Rule that must not be broken: after this error nothing sends the submit again.
 * @param why what happened, for people
 */
export function unknownOutcome(why: string, code?: string): RunningHubError {
	return new RunningHubError({
		kind: 'unknownOutcome',
		code,
		message:
			'RunningHub may or may not have started the task: its answer to the submit is missing.',
		description:
			'It was not sent again, because that could be paid for twice. Look at the call records in the API console of the RunningHub site: if the task is there, fetch it with Task > Wait for Result; if not, run this again in a new execution. ' +
			`What happened: ${why}`.trim(),
	});
}

function unknownBecause({ message, description, code }: RunningHubError): RunningHubError {
	return unknownOutcome(`${message} ${description}`.trim(), code);
}

const looseNumber = z
	.union([z.string(), z.number()])
	.nullish()
	.transform((value) =>
		value === null || value === undefined || value === '' ? null : Number(value),
	)
	.catch(null);
const looseText = z.string().nullish().catch(null);

function readAccount(data: unknown): Account {
	const read = z
		.object({
			remainCoins: looseNumber,
			remainMoney: looseNumber,
			currency: looseText,
			apiType: looseText,
			currentTaskCounts: looseNumber,
		})
		.safeParse(data);
	if (!read.success) throw unreadable('it does not describe an account');
	return {
		coins: read.data.remainCoins,
		money: read.data.remainMoney,
		currency: read.data.currency ?? null,
		keyType: read.data.apiType ?? null,
		runningTasks: read.data.currentTaskCounts,
	};
}

/** `fileName`, or `filename` as one report has it (quirk 7). */
function readUpload(data: unknown): { url: string; fileName: string } {
	const read = z
		.object({
			download_url: z.string().url(),
			fileName: z.string().optional(),
			filename: z.string().optional(),
		})
		.safeParse(data);
	if (!read.success) throw unreadable('the upload was accepted without an address');
	return { url: read.data.download_url, fileName: read.data.fileName ?? read.data.filename ?? '' };
}
