import { callerOfV1, callerOfV2, type Caller } from '../auth';
import { e1, e1Success, type Reply } from '../envelopes';
import { isJsonObject, type JsonObject } from '../json';
import { fieldsOfApp } from '../nodeInfo';
import type { SimulatedQuickCreate } from '../quickCreates';
import { refuse, v1Refusal, type Refusal } from '../refusals';
import type { ApiCall, SimulatorState } from '../state';
import type { FieldName } from './comfyMembers';
import { startOnV1, type Target } from './comfyTask';

/** Quick Create (reference 3). */

const FIELDS: FieldName[] = ['webappId', 'quickCreateCode', 'nodeInfoList'];

/** Every item has every one of these, as a string (reference 3.3). */
const ITEM_FIELDS = ['nodeId', 'nodeName', 'fieldName', 'fieldType', 'fieldValue', 'description'];

/** `POST /task/openapi/quick-ai-app/run` (reference 3.3). */
export function createQuickTask(state: SimulatorState, call: ApiCall): Reply {
	const { quickCreateWebhook } = state.switches;
	return startOnV1(state, call, (body) => ({
		kind: 'quickCreate',
		known: quickCreateWebhook === 'refused' ? FIELDS : [...FIELDS, 'webhookUrl'],
		required: FIELDS,
		target: () => targetOf(state, body),
		forgetsWebhook: quickCreateWebhook === 'ignored',
	}));
}

function targetOf(state: SimulatorState, body: Record<string, unknown>): Target | Refusal {
	const module = state.quickCreates.find(String(body.webappId));
	if (module === undefined) return refuse(901);
	if (!module.codes.includes(String(body.quickCreateCode))) {
		return refuse(301, 'quickCreateCode is not one of this module');
	}
	const items = Array.isArray(body.nodeInfoList) ? body.nodeInfoList : [];
	const problem = items.map(findItemProblem).find((found) => found !== undefined);
	if (problem !== undefined) return refuse(803, problem);
	return { fields: fieldsOfApp(module), makes: module.makes };
}

function findItemProblem(item: unknown): string | undefined {
	if (!isJsonObject(item)) return 'an item is not an object';
	const missing = ITEM_FIELDS.find((name) => typeof item[name] !== 'string');
	return missing === undefined ? undefined : `${missing} must be a string`;
}

/** `POST /api/fast/creation/model/params` (reference 3.2): the styles of a module's model library. */
export function quickCreateStyles(state: SimulatorState, call: ApiCall): Reply {
	const refusal = refuseCaller(state, call);
	if (refusal !== undefined) return refusal;
	const { type, webappId } = isJsonObject(call.json) ? call.json : {};
	if (!Number.isInteger(type)) return v1Refusal(state, refuse(301, 'type must be an integer'));
	if (typeof webappId !== 'string' || webappId === '') {
		return v1Refusal(state, refuse(301, 'webappId is required'));
	}
	const module = state.quickCreates.find(webappId);
	if (module === undefined) return e1(state, 901, 'WEBAPP_NOT_EXISTS');
	const styles = module.styles.filter((style) => style.type === type);
	return e1Success(
		state,
		styles.map((style) => styleView(state, webappId, style)),
	);
}

/** Where the key belongs in this call is unknown. */
function refuseCaller(state: SimulatorState, call: ApiCall): Reply | undefined {
	const callers: Record<typeof state.switches.quickCreateStylesAuth, () => Caller | undefined> = {
		bearer: () => callerOfV2(state, call),
		body: () => callerOfV1(state, call),
		none: () => undefined,
	};
	const caller = callers[state.switches.quickCreateStylesAuth]();
	return caller !== undefined && 'refusal' in caller ? caller.refusal : undefined;
}

/** Spelt "Loar" in the API (quirk 28). */
function styleView(
	state: SimulatorState,
	webappId: string,
	style: SimulatedQuickCreate['styles'][number],
): JsonObject {
	const { lora1, lora2, ...others } = style;
	return {
		...others,
		webappId,
		modelCategory: 1,
		modelPreviewUrl: state.files.preview(`style-${style.id}`),
		modelLoar1FileName: lora1.fileName,
		modelLoar1Weight: lora1.weight,
		modelLoar2FileName: lora2?.fileName ?? null,
		modelLoar2Weight: lora2?.weight ?? null,
	};
}
