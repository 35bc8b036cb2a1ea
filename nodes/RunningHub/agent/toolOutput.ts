import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { type ToolContext, isTool } from './tool';

/** In characters of JSON. A language model reads an answer again at every further turn of its conversation. */
const MAX_TEXT_LENGTH = 4_000;
const MAX_MEMBER_LENGTH = 20_000;

/**
 * The output as an agent gets it, no longer than it can read: long texts and lists are cut, and what is long and neither is
 * left out; each says so in its place. The id, state and addresses of a task are never so long.
 */
export function toToolOutput(
	context: ToolContext,
	items: INodeExecutionData[],
): INodeExecutionData[] {
	if (!isTool(context)) return items;
	return items.map((item) => {
		const advised = { ...item, json: withAdvice(item.json) };
		if (lengthOf(advised.json) <= MAX_TEXT_LENGTH) return advised;
		const json: IDataObject = JSON.parse(JSON.stringify(truncated(advised.json)));
		return { ...item, json };
	});
}

/** An agent repeats what seems to have failed: where that could be charged twice, the error says not to. */
function withAdvice(json: IDataObject): IDataObject {
	const { error } = json;
	if (typeof error !== 'object' || error === null || Array.isArray(error)) return json;
	if (!('kind' in error) || error.kind !== 'unknownOutcome') return json;
	const message = `${String(error.message)} Do not submit it again: ask the user to look for it in the call records of RunningHub’s API console.`;
	return { ...json, error: { ...error, message } };
}

function truncated(value: unknown): unknown {
	if (typeof value === 'string' && value.length > MAX_TEXT_LENGTH) {
		return `${value.slice(0, MAX_TEXT_LENGTH)}… (cut from ${value.length} characters)`;
	}
	if (Array.isArray(value)) {
		const entries = value.map(truncated);
		const fitting = entries.slice(0, fittingCount(entries));
		if (fitting.length === entries.length) return entries;
		return [...fitting, `… (cut from ${entries.length} entries)`];
	}
	if (typeof value !== 'object' || value === null) return value;
	const members = Object.entries(value).map(([name, member]) => {
		const short = truncated(member);
		const isShort = lengthOf(short) <= MAX_MEMBER_LENGTH || Array.isArray(short);
		return [name, isShort ? short : `Left out: ${lengthOf(member)} characters`];
	});
	return Object.fromEntries(members);
}

function fittingCount(entries: readonly unknown[]): number {
	let characters = 0;
	const first = entries.findIndex((entry) => (characters += lengthOf(entry)) > MAX_MEMBER_LENGTH);
	return first === -1 ? entries.length : first;
}

const lengthOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;
