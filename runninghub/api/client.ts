import { expectRunningHubError, RunningHubError } from '../base/errors';
import type { JsonObject } from '../base/json';
import { isTransient } from '../base/retry';
import { loraUploadUrlOf, type LoraUploadUrl } from '../files/lora';
import { uploadLegacy, uploadTo, type Uploaded } from '../files/upload';
import { call, get } from '../http/call';
import { dataOf } from '../http/envelope';
import type { UploadFile } from '../http/multipart';
import type { Transport } from '../http/transport';
import { accountOf, concurrencyLimitOf, type Account } from './account';
import { appFrom, type App } from './app';
import { listApps, type AppListRequest, type AppPage } from './appList';
import { priceFrom, type Price } from './price';
import { stylesOf, type Style } from './quickCreate';
import { endpointPath, submitTask, type Submission } from './submission';
import type { Task } from './task';
import { taskFromOutputs, taskFromQuery } from './taskResponse';
import { webhookEventFrom, type WebhookEvent } from './webhookEvent';
import { workflowFrom, type Workflow } from './workflow';

/** RunningHub's API as typed calls. Each is one request: nothing here retries. */
export interface Client {
	/** Makes a task: costs money. */
	submit(submission: Submission): Promise<Task>;
	/** What the same submit to a model would cost; makes no task. */
	previewPrice(endpoint: string, body: JsonObject): Promise<Price>;
	workflow(workflowId: string): Promise<Workflow>;
	app(webappId: string): Promise<App>;
	apps(request: AppListRequest): Promise<AppPage>;
	query(taskId: string): Promise<Task>;
	cancel(taskId: string): Promise<void>;
	/** What became of the callback of a task. */
	webhookEvent(taskId: string): Promise<WebhookEvent>;
	/** Sends a callback again, to another address if one is given. */
	resendWebhookEvent(webhookId: string, url?: string): Promise<void>;
	account(): Promise<Account>;
	/** How many tasks may run at the same time; null where RunningHub does not say. */
	concurrencyLimit(): Promise<number | null>;
	upload(file: UploadFile): Promise<Uploaded>;
	/** The older call: at most 30 MB, and no address. */
	uploadLegacy(file: UploadFile): Promise<Omit<Uploaded, 'url'>>;
	/** The styles of a Quick Create module, of one of its libraries. */
	styles(webappId: string, type: number): Promise<Style[]>;
	/** Where to put a LoRA with this MD5 (lower-case hex). */
	loraUploadUrl(name: string, md5: string): Promise<LoraUploadUrl>;
}

/** The calls of {@link Client}; each throws a RunningHubError when it is refused, or gets no response that can be read. */
export function createClient(transport: Transport): Client {
	return {
		submit: async (submission) => await submitTask(transport, submission),
		previewPrice: async (endpoint, body) =>
			priceFrom(await call(transport, `/openapi/v2/price-preview/${endpointPath(endpoint)}`, body)),
		workflow: async (workflowId) =>
			workflowFrom(await call(transport, '/api/openapi/getJsonApiFormat', { workflowId })),
		app: async (webappId) => appFrom(await get(transport, '/api/webapp/apiCallDemo', { webappId })),
		apps: async (request) => await listApps(transport, request),
		query: async (taskId) => await query(transport, taskId),
		cancel: async (taskId) => {
			await call(transport, '/task/openapi/cancel', { taskId }, { unstoppable: true })
				.then(dataOf)
				.catch((thrown: unknown) => {
					throw expectRunningHubError(thrown).with({ taskId });
				});
		},
		webhookEvent: async (taskId) =>
			webhookEventFrom(await call(transport, '/task/openapi/getWebhookDetail', { taskId }), taskId),
		resendWebhookEvent: async (webhookId, url) => {
			const body = { webhookId, ...(url === undefined ? {} : { webhookUrl: url }) };
			dataOf(await call(transport, '/task/openapi/retryWebhook', body));
		},
		account: async () => await accountOf(transport),
		concurrencyLimit: async () => await concurrencyLimitOf(transport),
		upload: async (file) => await uploadTo(transport, file),
		uploadLegacy: async (file) => await uploadLegacy(transport, file),
		styles: async (webappId, type) => await stylesOf(transport, webappId, type),
		loraUploadUrl: async (name, md5) => await loraUploadUrlOf(transport, name, md5),
	};
}

/**
 * The task's state by the v2 query, which also answers for most tasks of v1 calls; for an id that it does not know
 * the v1 call is asked too (reference section 7).
 * @throws RunningHubError with the task id
 */
async function query(transport: Transport, taskId: string): Promise<Task> {
	const found = await call(transport, '/openapi/v2/query', { taskId })
		.then((envelope) => taskFromQuery(envelope, taskId))
		.catch((thrown: unknown) => expectRunningHubError(thrown).with({ taskId }));
	if (!(found instanceof RunningHubError)) return found;
	if (found.kind !== 'notFound') throw found;

	const older = await call(transport, '/task/openapi/outputs', { taskId })
		.then((envelope) => taskFromOutputs(envelope, taskId))
		.catch((thrown: unknown) => expectRunningHubError(thrown).with({ taskId }));
	if (!(older instanceof RunningHubError)) return older;
	// That the task does not exist is certain only if the second call could be made as well.
	throw isTransient(older) ? older : found;
}
