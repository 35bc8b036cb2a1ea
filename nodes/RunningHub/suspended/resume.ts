import type {
	INodeExecutionData,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { taskIdInCallback } from '../../../runninghub/callback';
import type { Client } from '../../../runninghub/client';
import { RunningHubError } from '../../../runninghub/errors';
import { hasFailed, isEnded, type EndedTask, type Task } from '../../../runninghub/task';
import { callAgain } from './callAgain';
import { connectApi, n8nClock } from '../engine/connection';
import {
	createDelivery,
	readDeliveryChoice,
	type Delivered,
	type DeliveryChoice,
} from '../engine/delivery';
import { endResumedRun } from './endResumedRun';
import { endedResult, firstFailure, goesOnAfterError, itemsOf, type ItemResult } from '../outcomes';
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
	const [first] = pending;
	if (first === undefined) return goOnWaiting('This execution waits for no task.');
	const state = resumeStateOf(`${this.getExecutionId()}:${first}`, n8nClock.now);

	// The named task first: where it is still running, one question is enough.
	const hint = taskIdInCallback(this.getBodyData());
	const inOrder = pending.toSorted((a, b) => Number(b === hint) - Number(a === hint));
	const { client, baseUrl } = await connectApi(this);
	for (const taskId of inOrder) {
		if (state.ended.has(taskId)) continue;
		const task = await ask(client, taskId);
		if (task === undefined) return callAgain(this, 'RunningHub did not answer; call again.');
		if (!isEnded(task)) return goOnWaiting('Waiting for the tasks that are still running.');
		state.ended.set(taskId, task);
	}
	// Of two callbacks at the same time one alone gets through. Whether that one then did resume the run is not known
	// here: if it did, n8n answers the next call with 409; if not, that call resumes it.
	const claim = state.claim();
	if (claim === undefined) return callAgain(this, 'The execution is being resumed.');
	try {
		return await goOn(this, items, state.ended, baseUrl);
	} finally {
		claim.settle();
	}
}

async function goOn(
	context: IWebhookFunctions,
	items: readonly SavedItem[],
	ended: ReadonlyMap<string, EndedTask>,
	baseUrl: string,
): Promise<IWebhookResponseData> {
	const delivery = readDeliveryChoice((name, fallback) => context.getNodeParameter(name, fallback));
	if (delivery.binaryProperty === undefined) {
		return { workflowData: [outputOf(context, items, ended, delivery)] };
	}
	// Before the files are fetched: RunningHub calls again where an answer takes long (reference section 8.3).
	context.getResponseObject().status(200).json({ message: 'Resuming.' });
	const deliver = createDelivery(context, { baseUrl, clock: n8nClock, random: Math.random });
	const files = new Map<string, Delivered>();
	const waited = items.flatMap((item) => (item.state === 'pending' ? item.task.taskId : []));
	await Promise.all(
		waited.map(async (taskId) => {
			const task = ended.get(taskId);
			if (task !== undefined && !hasFailed(task)) files.set(taskId, await deliver(task));
		}),
	);
	return {
		workflowData: [outputOf(context, items, ended, delivery, files)],
		noWebhookResponse: true,
	};
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

function outputOf(
	context: IWebhookFunctions,
	items: readonly SavedItem[],
	ended: ReadonlyMap<string, EndedTask>,
	delivery: DeliveryChoice,
	files: ReadonlyMap<string, Delivered> = new Map(),
): INodeExecutionData[] {
	const node = context.getNode();
	const results = items.map((item): ItemResult => {
		const task = item.state === 'pending' ? ended.get(item.task.taskId) : undefined;
		if (task === undefined) return item.result;
		return { ...item.result, ...endedResult(task, files.get(task.taskId)) };
	});
	const failure = goesOnAfterError(node) ? undefined : firstFailure(node, results);
	const input = failure === undefined ? undefined : endResumedRun(context, failure);
	if (input !== undefined) return input;
	return items.flatMap((item, index) =>
		item.state === 'complete'
			? [item.item]
			: itemsOf(node, results[index] ?? item.result, delivery),
	);
}

/** Without data for the flow behind, n8n answers the caller and the execution waits on. */
function goOnWaiting(message: string): IWebhookResponseData {
	return { webhookResponse: { message } };
}
