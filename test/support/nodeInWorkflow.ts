import { Workflow, type INode, type INodeParameters, type INodeTypes } from 'n8n-workflow';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';

/** The node as a workflow holds it. */
export const nodeWith = (parameters: INodeParameters = {}): INode => ({
	id: '1',
	name: 'RunningHub',
	type: 'n8n-nodes-runninghub.runningHub',
	typeVersion: 1,
	position: [0, 0],
	parameters,
});

/**
 * What n8n's editor makes of one of the node's own expressions, such as its subtitle.
 * @param failed what it gives where the expression fails
 */
export function evaluated(
	expression: string | boolean | undefined,
	parameters: INodeParameters,
	failed?: string,
): unknown {
	const nodeType = new RunningHub();
	const nodeTypes: INodeTypes = {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
	const node = nodeWith(parameters);
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return workflow.expression.getSimpleParameterValue(
		workflow.getNode(node.name) ?? node,
		expression,
		'internal',
		{},
		undefined,
		failed,
	);
}
