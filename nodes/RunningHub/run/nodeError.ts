import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';
import type { RunningHubError } from '../../../runninghub/base/errors';

/**
 * The error as n8n shows it: what happened first, with the task id, then what to do.
 * @param more sentences that follow the description
 */
export function nodeError(
	node: INode,
	error: RunningHubError,
	itemIndex: number,
	more = '',
): NodeApiError | NodeOperationError {
	const { code, kind } = error;
	const message = withContext(error);
	const description = [error.description, more].filter((part) => part !== '').join(' ');
	if ((kind === 'validation' && code === undefined) || kind === 'budget') {
		return withOwnMessage(
			new NodeOperationError(node, message, { description, itemIndex }),
			message,
		);
	}
	// Only RunningHub's own codes: n8n would replace the message for one of Node's, such as ECONNREFUSED.
	const httpCode = code !== undefined && /^\d+$/.test(code) ? code : undefined;
	return withOwnMessage(
		new NodeApiError(
			node,
			{ kind, taskId: error.taskId ?? null },
			{ message, description, itemIndex, httpCode },
		),
		message,
	);
}

/** The error's sentence with the task, and the address of the file, that it is about. */
function withContext({ message, taskId, url }: RunningHubError): string {
	const named: string[] = [];
	if (taskId !== undefined && !message.includes(taskId)) named.push(`task ${taskId}`);
	if (url !== undefined) named.push(url);
	return named.length === 0 ? message : `${message.replace(/\.$/, '')} (${named.join(', ')}).`;
}

/**
 * n8n replaces a whole message in which it finds one of Node's codes, even as a part of a word (ENOTFOUND in
 * FileNotFoundError), and with it the task's id.
 */
function withOwnMessage<E extends NodeApiError | NodeOperationError>(error: E, message: string): E {
	error.message = message;
	error.messages = [];
	return error;
}
