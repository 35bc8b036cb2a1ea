import type { IWebhookFunctions, NodeApiError, NodeOperationError } from 'n8n-workflow';

/**
 * Makes a run that a callback resumes stop at this node with an error. What webhook() throws does not do it: n8n would
 * forget the run so far and start the flow behind with an empty item. n8n 2 carries out an error that stands in the
 * metadata of the node's saved entry, as it does for a failed sub-workflow; older versions do not look at it, and
 * there the items go on with their `error`.
 */
export function endResumedRun(
	context: IWebhookFunctions,
	error: NodeApiError | NodeOperationError,
): void {
	const saved = member(member(context, 'runExecutionData'), 'executionData');
	const entry = member(member(saved, 'nodeExecutionStack'), '0');
	if (typeof entry !== 'object' || entry === null) return;
	const metadata = { ...asObject(member(entry, 'metadata')), resumeError: error };
	Reflect.set(entry, 'metadata', metadata);
}

function member(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function asObject(value: unknown): object {
	return typeof value === 'object' && value !== null ? value : {};
}
