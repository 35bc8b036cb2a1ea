import type {
	INodeExecutionData,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { taskIdInCallback } from '../../runninghub/callback';
import type { Client } from '../../runninghub/client';
import { RunningHubError } from '../../runninghub/errors';
import { hasFailed, isEnded, type EndedTask, type Task } from '../../runninghub/task';
import { connectApi, n8nClock } from './connection';
import { toItem } from './outcomes';
import { resumeStateOf } from './resumeState';
import { readSavedItem, type SavedItem } from './savedItems';

/** Where RunningHub calls back: n8n's own address of the waiting execution, to which nothing is added. */
export const resumeWebhooks: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		path: '',
		restartWebhook: true,
		isFullPath: true,
	},
];

const TRIES = 3;
const PAUSE_BETWEEN_TRIES_MS = 500;

/**
 * A callback has come for an execution that waits. It is a hint and no more: anybody can send one, and one may come
 * twice, too early or for another task. What counts is RunningHub's own answer about each task, and the execution goes
 * on only when all of its tasks have ended.
 */
export async function resume(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const input: unknown = this.evaluateExpression('{{ $input.all() }}');
	const items = (Array.isArray(input) ? input : []).map(readSavedItem);
	const pending = items.flatMap((item) => (item.state === 'pending' ? item.task.taskId : []));
	const state = resumeStateOf(`${this.getExecutionId()}:${pending[0] ?? ''}`, n8nClock.now);

	// The named task first: where it is still running, one question is enough.
	const hint = taskIdInCallback(this.getBodyData());
	const inOrder = pending.toSorted((a, b) => Number(b === hint) - Number(a === hint));
	const { client } = await connectApi(this);
	for (const taskId of inOrder) {
		if (state.ended.has(taskId)) continue;
		const task = await ask(client, taskId);
		if (task === undefined) return answer(this, 503, 'RunningHub did not answer; call again.');
		if (!isEnded(task)) return answer(this, 200, 'Waiting for the tasks that are still running.');
		state.ended.set(taskId, task);
	}
	// Nothing waits between this line and the return, so of two callbacks at the same time one alone gets through.
	if (!state.claim()) return answer(this, 200, 'The execution has been resumed.');
	return { workflowData: [items.map((item) => complete(this, item, state.ended))] };
}

/** @returns undefined when RunningHub cannot be asked just now */
async function ask(client: Client, taskId: string): Promise<Task | undefined> {
	for (let tries = 0; tries < TRIES; tries++) {
		if (tries > 0) await n8nClock.sleep(PAUSE_BETWEEN_TRIES_MS);
		const task = await client.query(taskId).catch((error: unknown) => {
			if (error instanceof RunningHubError) return undefined;
			throw error;
		});
		if (task !== undefined) return task;
	}
	return undefined;
}

function complete(
	context: IWebhookFunctions,
	item: SavedItem,
	ended: ReadonlyMap<string, EndedTask>,
): INodeExecutionData {
	if (item.state === 'complete') return item.item;
	const task = ended.get(item.task.taskId) ?? item.task;
	const error = hasFailed(task) ? task.failure : undefined;
	return toItem(context.getNode(), { ...item.result, task, error });
}

/** Answers the caller and goes on waiting. */
function answer(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
