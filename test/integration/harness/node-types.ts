import { NodeConnectionTypes, NodeHelpers } from 'n8n-workflow';
import type { INodeProperties, INodeType, INodeTypeDescription, INodeTypes } from 'n8n-workflow';
import { standIns } from './stand-ins';
import type { AnyNodeType, NodeTypeMap } from './types';

export const DEFAULT_TYPE = 'n8n-nodes-runninghub.runningHub';

/** The node types of one run: ours, the stand-ins for n8n's own, and `<name>Tool` for any that can be an Agent's tool. */
export class HarnessNodeTypes implements INodeTypes {
	constructor(private readonly types: NodeTypeMap) {}

	getByName(name: string): AnyNodeType {
		const type = this.types[name] ?? standIns[name];
		if (!type) throw new Error(`No node type "${name}": give it in the node map`);
		return type;
	}

	getByNameAndVersion(name: string, version?: number): INodeType {
		const known = this.types[name] ?? standIns[name];
		if (!known && name.endsWith('Tool')) {
			return asTool(this.getByNameAndVersion(name.slice(0, -'Tool'.length), version));
		}
		return NodeHelpers.getVersionedNodeType(this.getByName(name), version);
	}

	getKnownTypes() {
		return {};
	}
}

export function toNodeTypeMap(node: AnyNodeType | NodeTypeMap): NodeTypeMap {
	return isNodeType(node) ? { [DEFAULT_TYPE]: node } : node;
}

function isNodeType(node: AnyNodeType | NodeTypeMap): node is AnyNodeType {
	return 'description' in node && 'displayName' in node.description;
}

/** The variant that n8n makes of a node with `usableAsTool` (its `tool-generation/ai-tools`). */
function asTool(nodeType: INodeType): INodeType {
	const { description } = nodeType;
	if (!description.usableAsTool) throw new Error(`"${description.name}" cannot be used as a tool`);
	const toolDescription: INodeTypeDescription = {
		...description,
		name: `${description.name}Tool`,
		displayName: `${description.displayName} Tool`,
		inputs: [],
		outputs: [NodeConnectionTypes.AiTool],
		usableAsTool: undefined,
		properties: [...toolProperties(description), ...description.properties],
	};
	// The class keeps its methods; only what it says of itself changes.
	return Object.create(nodeType, { description: { value: toolDescription } }) as INodeType;
}

function toolProperties(description: INodeTypeDescription): INodeProperties[] {
	return [
		{
			displayName: 'Tool Description',
			name: 'descriptionType',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Set Automatically', value: 'auto' },
				{ name: 'Set Manually', value: 'manual' },
			],
			default: 'auto',
		},
		{
			displayName: 'Description',
			name: 'toolDescription',
			type: 'string',
			default: description.description,
			required: true,
			displayOptions: { show: { descriptionType: ['manual'] } },
		},
	];
}
