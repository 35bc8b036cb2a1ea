import type { WebhookContext } from 'n8n-core';
import type { IDataObject, INodeType } from 'n8n-workflow';
import { prepareEngine, withLog } from './engine';
import { createInstance } from './execution';
import { toNodeTypeMap } from './node-types';
import { webhookContext, type Callback, type CallbackResult } from './wake';
import { instancePlan, testedNode } from './run-node';
import type { RunOptions } from './types';

/** A call to the webhook of a trigger node in a published workflow. */
export async function callTrigger(
	options: RunOptions & { node: INodeType },
	callback: Callback = {},
): Promise<Omit<CallbackResult, 'resumed'> & { saved: IDataObject }> {
	await prepareEngine();
	const types = toNodeTypeMap(options.node);
	const node = testedNode(options, types);
	const mode = 'trigger';
	const plan = { ...instancePlan({ ...options, mode }, types), nodes: [node], connections: {} };
	const start = { name: node.name, items: [] };
	const { workflow, additionalData, log } = createInstance({ ...plan, start }, 'trigger');
	const [description] = options.node.description.webhooks ?? [];
	if (description === undefined || options.node.webhook === undefined) {
		throw new Error('The node has no webhook');
	}
	const answered: number[] = [];
	const called = { workflow, additionalData, node, description, mode, data: null } as const;
	const context = webhookContext(called, callback, answered);
	const staticData = context.getWorkflowStaticData('node');
	Object.assign(staticData, callback.saved);
	const { webhook } = options.node;
	const returned = await withLog(log, async () => await webhook.call(context));
	if (answered.length === 0) answerAsN8n(context.getResponseObject(), callback);
	return { returned, answered, log, saved: structuredClone({ ...staticData }) };
}

/** Node takes it also when the caller has hung up. */
function answerAsN8n(
	response: ReturnType<WebhookContext['getResponseObject']>,
	{ n8nAnswers = 200 }: Callback,
): void {
	if (n8nAnswers === null) return;
	Object.assign(response, { statusCode: n8nAnswers, writableEnded: true });
}
