import { toJsonText, type JsonObject, type JsonValue } from './json';
import type { World } from './world';

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
export function e1({ switches }: World, code: number, msg: string, data: JsonValue = null): Reply {
	const extra = switches.errorMessagesMember ? { errorMessages: null } : {};
	return jsonReply({ code, msg, ...extra, data });
}

export const e1Success = (world: World, data: JsonValue): Reply =>
	e1(world, world.switches.successCode, world.switches.successMessage, data);

/** E2: `message`, not `msg` (quirk 5). */
export const e2 = (code: number, message: string, data: JsonValue = null): Reply =>
	jsonReply({ code, message, data });

/** E3: flat, no `code`. */
export const e3 = (world: World, members: JsonObject, status = 200): Reply =>
	jsonReply(spelt(world, members), status);

export function e3Refusal(world: World, errorCode: string, errorMessage: string): Reply {
	const members = { taskId: null, status: null, errorCode, errorMessage, results: null };
	return e3(world, members, world.switches.errorHttpStatusV2);
}

/** The spelling variants that the official client reads too (reference 1.4). */
function spelt({ switches }: World, members: JsonObject): JsonObject {
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
