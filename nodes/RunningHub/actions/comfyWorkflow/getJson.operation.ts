import type { Workflow } from '../../../../runninghub/api/workflow';
import { parseJson } from '../../../../runninghub/base/json';
import { withRetries } from '../../../../runninghub/base/retry';
import type { NodeInputKind } from '../../../../runninghub/inputs/nodeInfo';
import { effectiveNode } from '../../agent/tool';
import { readPageId, WORKFLOW_PAGE } from '../../comfy/pageId';
import { connect } from '../../n8n/connection';
import { eachItem } from '../../run/eachItem';
import { toItems } from '../../run/output';
import type { Operation } from '../operation';

export type WorkflowOutput = {
	workflowId: string;
	/** In ComfyUI's API format. */
	workflow: object | null;
	inputs: Array<{
		nodeId: string;
		nodeClass: string;
		fieldName: string;
		label: string;
		type: NodeInputKind;
		value: string | null;
	}>;
};

export const getJson: Operation = {
	name: 'Get Workflow JSON',
	value: 'getJson',
	action: 'Get the JSON of a comfyui workflow',
	description: 'Get a workflow in API format and a list of its inputs',
	properties: [],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const results = await eachItem(itemIndexes, connection, async (itemIndex) => {
			const input: unknown = context.getNodeParameter('workflowId', itemIndex, '');
			const workflowId = readPageId(input, WORKFLOW_PAGE);
			const workflow = await withRetries(
				async () => await connection.client.workflow(workflowId),
				connection,
			);
			return { state: 'json', json: outputOf(workflowId, workflow) };
		});
		return toItems(effectiveNode(context), results);
	},
};

/** Seeds and the like that are too long for a number come out as text. */
function outputOf(workflowId: string, { text, inputs }: Workflow): WorkflowOutput {
	const workflow = parseJson(text);
	return {
		workflowId,
		workflow: typeof workflow === 'object' ? workflow : null,
		inputs: inputs
			.filter(({ kind }) => kind !== 'link')
			.map(({ nodeId, nodeClass, fieldName, label, kind, saved }) => ({
				nodeId,
				nodeClass,
				fieldName,
				label,
				type: kind,
				value: saved,
			})),
	};
}
