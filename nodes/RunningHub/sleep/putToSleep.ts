import type { IExecuteFunctions } from 'n8n-workflow';
import { entryOf, isStored, stackOf } from './executionStack';

/** Does this n8n keep its runs as {@link putToSleep} needs it? */
export function canSleep(context: IExecuteFunctions): boolean {
	return (
		stackOf(context) !== undefined &&
		entryOf(context) !== undefined &&
		isStored(context) &&
		typeof Reflect.get(context, 'putExecutionToWait') === 'function'
	);
}

/**
 * Puts the execution to sleep, and has n8n run this node again afterwards, with the same input, run index and context. The
 * node is to return nothing then.
 *
 * n8n puts the node's entry back on its stack, marks it as disabled when it wakes the execution, and so passes its input
 * on without running it. Therefore that entry is emptied, with nothing to pass on, and a copy of it is put below: that is
 * run next.
 */
export async function putToSleep(context: IExecuteFunctions, until: Date): Promise<void> {
	const stack = stackOf(context);
	const entry = entryOf(context);
	if (stack === undefined || entry === undefined) throw new Error('unreachable: see canSleep');
	stack.unshift({ ...entry, node: { ...entry.node }, data: { ...entry.data } });
	entry.data = { main: [] };
	entry.node = { ...entry.node, alwaysOutputData: false };
	await context.putExecutionToWait(until);
}
