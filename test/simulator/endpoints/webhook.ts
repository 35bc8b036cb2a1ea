import { callerOfV1 } from '../auth';
import type { CallbackRecord } from '../callbacks/queue';
import { e1, e1Success, type Reply } from '../envelopes';
import { isJsonObject } from '../json';
import { isHttpUrl } from '../validation';
import type { ApiCall, SimulatorState } from '../state';

/** The v1 calls about callbacks (reference 8.4, 8.5). They answer for the tasks of every generation. */

/** `POST /task/openapi/getWebhookDetail` (reference 8.4). */
export function webhookDetail(state: SimulatorState, call: ApiCall): Reply {
	const caller = callerOfV1(state, call);
	if ('refusal' in caller) return caller.refusal;
	const taskId = isJsonObject(call.json) ? call.json.taskId : undefined;
	if (!isId(taskId)) return e1(state, 301, 'taskId must be positive');
	state.ledger.refresh();
	const record = state.callbacks.recordOf(taskId, caller.account.key);
	return record === undefined ? notExists(state) : e1Success(state, detailOf(record));
}

/** `POST /task/openapi/retryWebhook` (reference 8.5): `webhookUrl`, if given, replaces the address. */
export function retryWebhook(state: SimulatorState, call: ApiCall): Reply {
	const caller = callerOfV1(state, call);
	if ('refusal' in caller) return caller.refusal;
	const { webhookId, webhookUrl } = isJsonObject(call.json) ? call.json : {};
	if (!isId(webhookId)) return e1(state, 301, 'webhookId must be positive');
	const record = state.callbacks.recordWithId(webhookId, caller.account.key);
	if (record === undefined) return notExists(state);
	const url = webhookUrl ?? record.url;
	if (!isHttpUrl(url)) return e1(state, 301, 'webhookUrl must be an http or https URL');
	state.callbacks.resend(record, url);
	return e1(state, state.switches.successCode, '', null);
}

const isId = (value: unknown): value is string =>
	typeof value === 'string' && /^\d+$/.test(value) && BigInt(value) > 0n;

const notExists = (state: SimulatorState): Reply => e1(state, 1, 'webhook event not exists');

const detailOf = (record: CallbackRecord) => ({
	id: record.id,
	userApiKey: `${record.apiKey.slice(0, 4)}********${record.apiKey.slice(-4)}`,
	taskId: record.taskId,
	webhookUrl: record.url,
	eventData: record.eventData,
	callbackStatus: record.status,
	callbackResponse: record.response,
	retryCount: record.retryCount,
	createTime: timeOf(record.createdAt),
	updateTime: timeOf(record.updatedAt),
});

/** `YYYY-MM-DDTHH:mm:ss`, without a zone; UTC here. */
const timeOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
