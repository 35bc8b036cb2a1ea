import { WebhookContext } from 'n8n-core';
import { NodeHelpers } from 'n8n-workflow';
import type {
	IDataObject,
	INode,
	IRunExecutionData,
	IWebhookDescription,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { continueExecution, createInstance, planOf, savedCopy } from './execution';
import type { Instance } from './execution';
import { prepareEngine, withLog } from './engine';
import type { NodeRun, StartedRun } from './types';

/** The moment until which a run waits has come. */
export async function wakeOnTime(waiting: NodeRun): Promise<NodeRun> {
	assertWaiting(waiting);
	return await continueExecution(waiting, () => {}).finished;
}

/** "Retry" in the list of executions, with the workflow as it was. */
export function startRetry(failed: NodeRun): StartedRun {
	return continueExecution(
		failed,
		({ resultData }) => {
			delete resultData.error;
			const runs = resultData.runData[resultData.lastNodeExecuted ?? ''];
			if (runs?.at(-1)?.error) runs.pop();
		},
		{ mode: 'retry', newExecution: true },
	);
}

export async function retryRun(failed: NodeRun): Promise<NodeRun> {
	return await startRetry(failed).finished;
}

export interface Callback {
	method?: 'GET' | 'POST';
	/** Behind the address of the execution. */
	path?: string;
	body?: IDataObject;
	query?: Record<string, string>;
	headers?: Record<string, string>;
	/** Called when the node answers by itself. */
	onAnswer?(): void;
	/** Of a trigger: what n8n answers once it has started the run, or could not; 200 if not given, null: nothing yet. */
	n8nAnswers?: number | null;
	/** The run as n8n has stored it by the time the node has asked RunningHub; unchanged if not given. */
	storedMeanwhile?: NodeRun;
	/** Of a trigger: what n8n has saved for it. */
	saved?: IDataObject;
}

export interface CallbackResult {
	/** What the node returned from `webhook()`. */
	returned: IWebhookResponseData;
	/** The rest of the run, when the node resumed it; otherwise the run is still waiting, and unchanged. */
	resumed?: NodeRun;
	/** HTTP status of each answer that the node gave by itself, before it returned. */
	answered: number[];
	log: string[];
}

/** A call to `$execution.resumeUrl` of a waiting run, after n8n has checked its signature. */
export async function callBack(waiting: NodeRun, callback: Callback = {}): Promise<CallbackResult> {
	assertWaiting(waiting);
	await prepareEngine();
	const { plan, executionId } = planOf(waiting);
	const data = savedCopy(waiting.run.data);
	const instance = createInstance(plan, executionId);
	const { storedMeanwhile = waiting } = callback;
	instance.additionalData.getRunExecutionData = async () => savedCopy(storedMeanwhile.run.data);
	const node = wakeUp(data, instance);
	const answered: number[] = [];
	const returned = await withLog(
		instance.log,
		async () => await runWebhook(instance, node, data, callback, answered),
	);
	if (returned.workflowData === undefined) return { returned, answered, log: instance.log };

	const { workflowData } = returned;
	const resumed = await continueExecution(waiting, (saved) => {
		// n8n goes on with the very data that the node saw, and may have changed.
		Object.assign(saved, data);
		const entry = saved.executionData?.nodeExecutionStack[0];
		if (!entry) return;
		entry.data.main = workflowData;
		entry.metadata = { ...entry.metadata, forwardAllOutputs: true } as typeof entry.metadata;
	}).finished;
	return { returned, resumed, answered, log: instance.log };
}

function assertWaiting({ run }: NodeRun) {
	if (run.status !== 'waiting') throw new Error(`The run is not waiting, but "${run.status}"`);
}

/** What n8n's WaitingWebhooks does to the saved data before it calls the node. */
function wakeUp(data: IRunExecutionData, { workflow }: Instance): INode {
	const entry = data.executionData?.nodeExecutionStack[0];
	const name = data.resultData.lastNodeExecuted ?? '';
	const node = workflow.getNode(name);
	if (!entry || !node) throw new Error('The saved run has no node that waits');
	entry.node.disabled = true;
	data.waitTill = undefined;
	data.resultData.runData[name]?.pop();
	return node;
}

async function runWebhook(
	{ workflow, additionalData }: Instance,
	node: INode,
	data: IRunExecutionData,
	callback: Callback,
	answered: number[],
): Promise<IWebhookResponseData> {
	const { method = 'POST', path = '' } = callback;
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const description = nodeType.description.webhooks?.find(
		(webhook) =>
			webhook.restartWebhook === true &&
			webhook.httpMethod === method &&
			NodeHelpers.getNodeWebhookPath('', node, webhook.path, webhook.isFullPath === true, true) ===
				path,
	);
	if (!description || !nodeType.webhook) {
		throw new Error(`The node has no waiting webhook for ${method} at "${path}" (n8n answers 404)`);
	}
	const mode = planMode(data);
	const context = webhookContext(
		{ workflow, additionalData, node, description, mode, data },
		callback,
		answered,
	);
	return await nodeType.webhook.call(context);
}

export interface CalledWebhook extends Pick<Instance, 'workflow' | 'additionalData'> {
	node: INode;
	description: IWebhookDescription;
	mode: WorkflowExecuteMode;
	/** The saved run of an execution that waits; of a trigger there is none. */
	data: IRunExecutionData | null;
}

/** What a node's `webhook()` is called in. */
export function webhookContext(
	{ workflow, additionalData, node, description, mode, data }: CalledWebhook,
	callback: Callback,
	answered: number[],
): WebhookContext {
	const webhookData = {
		httpMethod: callback.method ?? 'POST',
		node: node.name,
		path: '',
		webhookDescription: description,
		workflowId: workflow.id,
		workflowExecuteAdditionalData: additionalData,
	};
	const request = {
		method: callback.method ?? 'POST',
		body: callback.body ?? {},
		query: callback.query ?? {},
		headers: callback.headers ?? {},
		params: {},
	};
	const httpResponse = {
		statusCode: 200,
		writableEnded: false,
		status(code: number) {
			answered.push(code);
			this.statusCode = code;
			return this;
		},
		json() {
			this.writableEnded = true;
			callback.onAnswer?.();
		},
	};
	const withRequest = Object.assign(additionalData, {
		httpRequest: request,
		httpResponse,
	}) as unknown as IWorkflowExecuteAdditionalData;
	return new WebhookContext(workflow, node, withRequest, mode, webhookData, [], data);
}

const planMode = (data: IRunExecutionData) => data.executionData?.runtimeData?.source ?? 'manual';
