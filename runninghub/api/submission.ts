import { RunningHubError } from '../base/errors';
import type { JsonObject } from '../base/json';
import type { Client } from './client';
import type { Task } from './task';

/** Which of RunningHub's calls makes the task. */
export type SubmitCall =
	| { type: 'model'; endpoint: string }
	| { type: 'workflow' | 'app' | 'quickCreate' };

/** A task as it is asked for, ready to be sent. */
export interface Submission {
	call: SubmitCall;
	body: JsonObject;
	/** Of a protected workflow or app. RunningHub may repeat it, and nobody else may see it. */
	password?: string;
}

export type SubmitClient = Pick<
	Client,
	'submitModel' | 'submitWorkflow' | 'submitApp' | 'submitQuickCreate'
>;

/**
 * Sends it: costs money.
 * @throws RunningHubError; `resendable` only where no task can have been made
 */
export async function submitTask(client: SubmitClient, submission: Submission): Promise<Task> {
	return await send(client, submission).catch((error: unknown) => {
		throw error instanceof RunningHubError ? withoutPassword(error, submission.password) : error;
	});
}

async function send(client: SubmitClient, { call, body }: Submission): Promise<Task> {
	switch (call.type) {
		case 'model':
			return await client.submitModel(call.endpoint, body);
		case 'workflow':
			return await client.submitWorkflow(body);
		case 'app':
			return await client.submitApp(body);
		case 'quickCreate':
			return await client.submitQuickCreate(body);
	}
}

function withoutPassword(error: RunningHubError, password: string | undefined): RunningHubError {
	if (password === undefined) return error;
	const hide = (text: string) => text.replaceAll(password, '[password hidden]');
	return error.with({ message: hide(error.message), description: hide(error.description) });
}
