import { RunningHubError } from '../base/errors';
import type { JsonObject } from '../base/json';
import type { Transport } from '../http/transport';
import { startQuickCreate } from './quickCreate';
import { submit } from './submit';
import type { Task } from './task';
import { startApp, startWorkflow } from './workflowStart';

/** A task as it is asked for, ready to be sent. */
export interface Submission {
	/** Which of RunningHub's calls makes the task. */
	call: { type: 'model'; endpoint: string } | { type: 'workflow' | 'app' | 'quickCreate' };
	body: JsonObject;
	/** Of a protected workflow or app. RunningHub may repeat it, and nobody else may see it. */
	password?: string;
}

/**
 * Sends it: costs money.
 * @throws RunningHubError as {@link submit}
 */
export async function submitTask(transport: Transport, submission: Submission): Promise<Task> {
	return await send(transport, submission).catch((error: unknown) => {
		throw error instanceof RunningHubError ? withoutPassword(error, submission.password) : error;
	});
}

async function send(transport: Transport, { call, body }: Submission): Promise<Task> {
	switch (call.type) {
		case 'model':
			return await submit(transport, `/openapi/v2/${endpointPath(call.endpoint)}`, body);
		case 'workflow':
			return await startWorkflow(transport, body);
		case 'app':
			return await startApp(transport, body);
		case 'quickCreate':
			return await startQuickCreate(transport, body);
	}
}

export function endpointPath(endpoint: string): string {
	return endpoint.replace(/^\/+/, '');
}

function withoutPassword(error: RunningHubError, password: string | undefined): RunningHubError {
	if (password === undefined) return error;
	const hide = (text: string) => text.replaceAll(password, '[password hidden]');
	return error.with({ message: hide(error.message), description: hide(error.description) });
}
