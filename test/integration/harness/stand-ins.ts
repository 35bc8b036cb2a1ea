import { CHAT_TRIGGER_NODE_TYPE, NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import type { NodeTypeMap } from './types';

export const START_TYPE = 'harness.start';
export const RECORDER_TYPE = 'harness.recorder';

const describe = (
	name: string,
	changes: Partial<INodeTypeDescription> = {},
): INodeTypeDescription => ({
	displayName: name,
	name,
	group: ['transform'],
	version: 1,
	description: `Stand-in for ${name}`,
	defaults: { name },
	inputs: [NodeConnectionTypes.Main],
	outputs: [NodeConnectionTypes.Main],
	properties: [],
	...changes,
});

const property = (name: string, value: string): INodeProperties => ({
	displayName: name,
	name,
	type: 'string',
	default: value,
});
const RESPONSE_MODE = property('responseMode', 'onReceived');

/** Gives on what the run starts with: the engine does that with a webhook node's data, whatever the mode. */
const trigger = (name: string, properties: INodeProperties[] = []): INodeType => ({
	description: describe(name, { group: ['trigger'], inputs: [], properties }),
	async webhook() {
		return {};
	},
});

const passThrough = (name: string, properties: INodeProperties[] = []): INodeType => ({
	description: describe(name, { properties }),
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	},
});

/** Enough of n8n's own nodes for example workflows; more can be given in the node map, which wins. */
export const standIns: NodeTypeMap = {
	[START_TYPE]: trigger('start'),
	[RECORDER_TYPE]: passThrough('recorder'),
	'n8n-nodes-base.manualTrigger': trigger('manualTrigger'),
	'n8n-nodes-base.scheduleTrigger': trigger('scheduleTrigger'),
	'n8n-nodes-base.webhook': trigger('webhook', [RESPONSE_MODE]),
	'n8n-nodes-base.formTrigger': trigger('formTrigger', [RESPONSE_MODE]),
	[CHAT_TRIGGER_NODE_TYPE]: trigger('chatTrigger'),
	'n8n-nodes-base.noOp': passThrough('noOp'),
	'n8n-nodes-base.set': passThrough('set'),
	'n8n-nodes-base.if': passThrough('if'),
	'n8n-nodes-base.wait': passThrough('wait', [property('resume', 'timeInterval'), RESPONSE_MODE]),
	'n8n-nodes-base.respondToWebhook': passThrough('respondToWebhook'),
	'n8n-nodes-base.form': passThrough('form'),
	'n8n-nodes-base.stickyNote': passThrough('stickyNote'),
};
