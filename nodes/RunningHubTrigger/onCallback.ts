import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { taskIdInCallback } from '../../runninghub/callback';
import { RunningHubError } from '../../runninghub/errors';
import { isId } from '../../runninghub/id';
import { isEnded, toOutput, type Task } from '../../runninghub/task';
import { callAgain } from '../RunningHub/suspended/callAgain';
import { connectApi } from '../RunningHub/engine/connection';
import { toJson } from '../RunningHub/outcomes';
import { startOf } from './handledTasks';

const NOT_ENDED = 'Not known to have ended; call again.';

/**
 * A callback has come. Anybody who knows the address can send one, so it only says which task to ask for:
 * RunningHub's own answer starts the workflow, once for each task.
 */
export async function onCallback(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const source = sourceOf(this.getQueryData());
	const wanted = String(this.getNodeParameter('source', '')).trim();
	if (wanted !== '' && source !== wanted) return ignored('Another source.');

	const taskId = taskIdInCallback(this.getBodyData());
	if (taskId === undefined || !isId(taskId)) return ignored('It names no task.');

	const { client } = await connectApi(this);
	const task = await client.query(taskId).catch((error: unknown): Task | RunningHubError => {
		if (error instanceof RunningHubError) return error;
		throw error;
	});
	if (task instanceof RunningHubError) {
		return task.kind === 'notFound'
			? ignored('This account has no such task.')
			: callAgain(this, NOT_ENDED);
	}
	if (!isEnded(task)) return callAgain(this, NOT_ENDED);

	const statuses: unknown = this.getNodeParameter('statuses', []);
	if (Array.isArray(statuses) && !statuses.includes(task.status)) return ignored(task.status);
	const start = startOf(this, taskId);
	if (start === 'undecided') return callAgain(this, 'The workflow is being started; call again.');
	if (start === 'done') return ignored('It has started the workflow before.');
	return { workflowData: [[{ json: toJson(toOutput(task, source)) }]] };
}

function sourceOf(query: object): string | null {
	const source: unknown = Reflect.get(query, 'source');
	return typeof source === 'string' && source !== '' ? source : null;
}

/** A success: RunningHub need not call again. */
function ignored(why: string): IWebhookResponseData {
	return { webhookResponse: { message: `Nothing started. ${why}` } };
}
