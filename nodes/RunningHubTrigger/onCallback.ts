import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { taskIdInCallback } from '../../runninghub/api/callback';
import { isEnded, toOutput, type Task } from '../../runninghub/api/task';
import { RunningHubError } from '../../runninghub/base/errors';
import { isId } from '../../runninghub/base/id';
import { connectApi } from '../RunningHub/n8n/connection';
import { toJson } from '../RunningHub/run/output';
import { respondUnavailable } from '../RunningHub/sleep/respondUnavailable';
import { startOf } from './deduplication';

const NOT_ENDED = 'Not known to have ended; call again.';

/**
 * A callback has come. Anybody who knows the address can send one, so it only says which task to ask for:
 * RunningHub's own response starts the workflow, once for each task. It never throws: what cannot be decided now, as without
 * the credential, is asked for again by RunningHub's next call.
 */
export async function onCallback(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		return await startWorkflow(this);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		this.logger.error(`A callback of RunningHub’s could not be handled: ${reason}`);
		return respondUnavailable(this, 'The task could not be looked at; call again.');
	}
}

async function startWorkflow(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const source = sourceOf(context.getQueryData());
	const wanted = String(context.getNodeParameter('source', '')).trim();
	if (wanted !== '' && source !== wanted) return ignored('The task has another source.');

	const taskId = taskIdInCallback(context.getBodyData());
	if (taskId === undefined || !isId(taskId)) return ignored('The callback names no task.');

	const { client } = await connectApi(context);
	const task = await client.query(taskId).catch((error: unknown): Task | RunningHubError => {
		if (error instanceof RunningHubError) return error;
		throw error;
	});
	if (task instanceof RunningHubError) {
		return task.kind === 'notFound'
			? ignored('This account has no such task.')
			: respondUnavailable(context, NOT_ENDED);
	}
	if (!isEnded(task)) return respondUnavailable(context, NOT_ENDED);

	const statuses: unknown = context.getNodeParameter('statuses', []);
	if (Array.isArray(statuses) && !statuses.includes(task.status)) return ignored(task.status);
	const start = startOf(context, taskId);
	if (start === 'undecided')
		return respondUnavailable(context, 'The workflow is being started; call again.');
	if (start === 'done') return ignored('The task has already started it.');
	return { workflowData: [[{ json: toJson(toOutput(task, source)) }]] };
}

function sourceOf(query: object): string | null {
	const source: unknown = Reflect.get(query, 'source');
	return typeof source === 'string' && source !== '' ? source : null;
}

/** A success: RunningHub need not call again. */
function ignored(why: string): IWebhookResponseData {
	return { webhookResponse: { message: `Workflow not started: ${why}` } };
}
