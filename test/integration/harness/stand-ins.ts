import { CHAT_TRIGGER_NODE_TYPE, NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
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

/** Gives on what the run starts with: the engine does that with a webhook node's data, whatever the mode. */
const trigger = (name: string): INodeType => ({
	description: describe(name, { group: ['trigger'], inputs: [] }),
	async webhook() {
		return {};
	},
});

const passThrough = (name: string): INodeType => ({
	description: describe(name),
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
	'n8n-nodes-base.webhook': trigger('webhook'),
	'n8n-nodes-base.formTrigger': trigger('formTrigger'),
	[CHAT_TRIGGER_NODE_TYPE]: trigger('chatTrigger'),
	'n8n-nodes-base.noOp': passThrough('noOp'),
	'n8n-nodes-base.set': passThrough('set'),
	'n8n-nodes-base.if': passThrough('if'),
	'n8n-nodes-base.wait': passThrough('wait'),
	'n8n-nodes-base.stickyNote': passThrough('stickyNote'),
};
