import { createHash } from 'node:crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { journalIn, type Journal } from '../../../runninghub/journal';
import { toolCallOf } from '../tool';

/**
 * The journal of this run of the node. n8n keeps the node's context over Retry On Fail and over both kinds of retry
 * from the execution list; a loop shares it between its runs, so each run has its own part.
 */
export function journalOf(context: IExecuteFunctions): Journal {
	// An agent that asks for the same video twice means two videos, and here both are in one run. Nothing is thrown to it,
	// so nothing is tried again either.
	if (toolCallOf(context) === 'agent') return journalIn({});
	const runs = child(context.getContext('node'), 'submits');
	return journalIn(child(runs, String(context.evaluateExpression('{{ $runIndex }}', 0))));
}

/**
 * The same for the same item when the run is tried again.
 * @param request what is asked for, with expressions as they are written: one such as `$now` has another value each time,
 * and the item that it reads is the same one
 */
export function journalKey(itemIndex: number, request: unknown): string {
	const digest = createHash('sha256').update(JSON.stringify(request)).digest('hex');
	return `${itemIndex}:${digest.slice(0, 32)}`;
}

function child(parent: IDataObject, name: string): IDataObject {
	const existing = parent[name];
	if (isDataObject(existing)) return existing;
	const made: IDataObject = {};
	parent[name] = made;
	return made;
}

function isDataObject(value: IDataObject[string]): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
