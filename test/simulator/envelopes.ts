import { V2_CHINESE } from './codes';
import { toJsonText, type JsonObject, type JsonValue } from './json';
import type { SimulatorState } from './state';

/** An answer before it is sent. */
export interface Reply {
	status: number;
	headers: Record<string, string>;
	body: string;
}

export function jsonReply(value: JsonValue, status = 200): Reply {
	return {
		status,
		headers: { 'Content-Type': 'application/json;charset=UTF-8' },
		body: toJsonText(value),
	};
}

/** E1 (reference 1.4): every v1 endpoint, and some refusals of v2. */
export function e1(
	{ switches }: SimulatorState,
	code: number,
	msg: string,
	data: JsonValue = null,
): Reply {
	const extra = switches.errorMessagesMember ? { errorMessages: null } : {};
	return jsonReply({ code, msg, ...extra, data });
}

export const e1Success = (state: SimulatorState, data: JsonValue): Reply =>
	e1(state, state.switches.successCode, state.switches.successMessage, data);

/** E2: the envelope of the new upload, with `message` or `msg` (quirk 5). */
export function e2(
	{ switches }: SimulatorState,
	code: number,
	words: string,
	data: JsonValue = null,
): Reply {
	const { uploadWordsKey, successCode } = switches;
	const saysMsg = uploadWordsKey === 'both' ? code === successCode : uploadWordsKey === 'msg';
	const said = saysMsg ? { msg: words, errorMessages: null } : { message: words };
	return jsonReply({ code, ...said, data });
}

/** E3: flat, no `code`. */
export const e3 = (state: SimulatorState, members: JsonObject, status = 200): Reply =>
	jsonReply(spelt(state, members), status);

/** In RunningHub's words, which are in two languages (reference 6.2). */
export function e3Refusal(state: SimulatorState, errorCode: string, english: string): Reply {
	const chinese = V2_CHINESE[errorCode] ?? '请求失败';
	const inBoth = state.switches.refusalWords === 'both';
	return e3RefusalSaying(state, errorCode, inBoth ? `${english} | ${chinese}` : english);
}

export function e3RefusalSaying(
	state: SimulatorState,
	errorCode: string,
	errorMessage: string,
): Reply {
	const { refusalBody, errorHttpStatusV2 } = state.switches;
	const said = { errorCode, errorMessage, results: null };
	const members: JsonObject =
		refusalBody === 'null'
			? { taskId: null, status: null, ...said }
			: { taskId: '', status: '', ...said, failedReason: {}, usage: null };
	return e3(state, members, errorHttpStatusV2);
}

/** The spelling variants that the official client reads too (reference 1.4). */
function spelt({ switches }: SimulatorState, members: JsonObject): JsonObject {
	if (switches.spelling === 'camel') return members;
	const snake: Record<string, string> = {
		taskId: 'task_id',
		errorCode: 'error_code',
		errorMessage: 'error_message',
	};
	return Object.fromEntries(
		Object.entries(members).map(([key, value]) => [snake[key] ?? key, value]),
	);
}
