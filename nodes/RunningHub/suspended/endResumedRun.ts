import type {
	INodeExecutionData,
	IWebhookFunctions,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

/**
 * Makes a run that a callback resumes stop at this node with an error. What webhook() throws does not do it: n8n would
 * forget the run so far and start the flow behind with an empty item. But before it runs a node n8n throws the error
 * that the saved run ended with at this node, and it does so for the node that a callback has woken as well, once that
 * is no longer marked as one to be skipped.
 * @returns the node's own input, to be given back by webhook(): n8n saves it with the error, so that Retry in the list
 * of executions runs the node with what it was given, and the journal takes up the tasks that are paid for. Undefined
 * when n8n does not keep its runs as expected: the items then go on with their `error`.
 */
export function endResumedRun(
	context: IWebhookFunctions,
	error: NodeApiError | NodeOperationError,
): INodeExecutionData[] | undefined {
	const run = member(context, 'runExecutionData');
	const result = member(run, 'resultData');
	const entry = member(member(member(run, 'executionData'), 'nodeExecutionStack'), '0');
	const node = member(entry, 'node');
	const input = inputOf(result, entry);
	const { name } = context.getNode();
	const isAsExpected = member(node, 'name') === name && member(result, 'lastNodeExecuted') === name;
	if (!isAsExpected || input === undefined || !isObject(node) || !isObject(result))
		return undefined;
	Reflect.set(node, 'disabled', false);
	Reflect.set(result, 'error', error);
	return input;
}

/** What the node before gave this one; the entry's own copy was replaced when the run was suspended. */
function inputOf(result: unknown, entry: unknown): INodeExecutionData[] | undefined {
	const source = member(member(member(entry, 'source'), 'main'), '0');
	const runs = member(member(result, 'runData'), String(member(source, 'previousNode')));
	const run = member(runs, String(member(source, 'previousNodeRun') ?? 0));
	const outputs = member(member(run, 'data'), 'main');
	const items = member(outputs, String(member(source, 'previousNodeOutput') ?? 0));
	return Array.isArray(items) ? items : undefined;
}

function member(value: unknown, name: string): unknown {
	return isObject(value) ? Reflect.get(value, name) : undefined;
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}
