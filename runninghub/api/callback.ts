import { tryParseJson } from '../base/json';

/**
 * The task that a callback names (reference section 8.2: a wrapper with `taskId` and `eventData`, text for v1 and an
 * object for v2; flat bodies have been seen too). Anybody can send one, and its ids may have lost digits on the way:
 * good for a hint and for nothing else.
 */
export function taskIdInCallback(body: unknown): string | undefined {
	const wrapper = asObject(body);
	return idOf(wrapper) ?? idOf(asObject(wrapper.eventData));
}

function idOf({ taskId }: Record<string, unknown>): string | undefined {
	return typeof taskId === 'string' && taskId !== '' ? taskId : undefined;
}

function asObject(value: unknown): Record<string, unknown> {
	const read = typeof value === 'string' ? tryParseJson(value) : value;
	return typeof read === 'object' && read !== null ? { ...read } : {};
}
