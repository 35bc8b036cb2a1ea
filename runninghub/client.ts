import { z } from 'zod';
import { call, send, withTask } from './call';
import { dataOf, unreadable } from './envelope';
import { RunningHubError, type ErrorKind } from './errors';
import { fileBody, type UploadFile } from './multipart';
import { submit } from './submit';
import type { Task } from './task';
import { taskFromOutputs, taskFromQuery } from './taskAnswer';
import type { JsonObject, Transport } from './transport';
import { webhookEventFrom, type WebhookEvent } from './webhookEvent';

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
