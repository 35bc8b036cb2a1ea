import type { IConnections, INode, INodeExecutionData, IWorkflowSettings } from 'n8n-workflow';
import { startExecution } from './execution';
import { HarnessNodeTypes } from './node-types';
import { credentialReferences, instancePlan } from './run-node';
import type { InstanceOptions, NodeRun, NodeTypeMap, StartedRun } from './types';

/** A workflow as n8n exports it. */
export interface ExportedWorkflow {
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

export interface WorkflowRunOptions extends InstanceOptions {
	workflow: ExportedWorkflow;
	/** Our nodes by type name, and stand-ins for any of n8n's own that are not in `stand-ins.ts`. */
	nodeTypes: NodeTypeMap;
	/** What the trigger gives out; one empty item by default. */
	items?: INodeExecutionData[];
	/** The trigger's name; the first one of the workflow by default. */
	start?: string;
	/** The node whose output becomes `items`; the last one that ran by default. */
	watch?: string;
	/** Parameters to replace, by node name, for what an example cannot know (an id, an address). */
	parameters?: Record<string, INode['parameters']>;
}

export async function runWorkflow(options: WorkflowRunOptions): Promise<NodeRun> {
	return await startWorkflow(options).finished;
}

export function startWorkflow(options: WorkflowRunOptions): StartedRun {
	const plan = instancePlan(options, options.nodeTypes);
	const nodes = options.workflow.nodes.map((node) => prepare(node, options, plan.nodeTypes));
	return startExecution({
		...plan,
		nodes,
		connections: options.workflow.connections,
		settings: { ...options.workflow.settings, ...options.settings },
		start: {
			name: options.start ?? findTrigger(nodes, plan.nodeTypes),
			items: options.items ?? [{ json: {} }],
		},
		watched: options.watch,
	});
}

/** An exported node refers to credentials of the instance that it came from, or to none. */
function prepare(node: INode, options: WorkflowRunOptions, types: HarnessNodeTypes): INode {
	const { description } = types.getByNameAndVersion(node.type, node.typeVersion);
	const wanted = new Set(description.credentials?.map(({ name }) => name));
	const given = Object.entries(options.credentials).filter(([name]) => wanted.has(name));
	return {
		...node,
		parameters: { ...node.parameters, ...options.parameters?.[node.name] },
		credentials: { ...node.credentials, ...credentialReferences(Object.fromEntries(given)) },
	};
}

function findTrigger(nodes: INode[], types: HarnessNodeTypes): string {
	const trigger = nodes.find(({ type, typeVersion, disabled }) => {
		const { group } = types.getByNameAndVersion(type, typeVersion).description;
		return !disabled && group.includes('trigger');
	});
	if (!trigger) throw new Error('The workflow has no trigger');
	return trigger.name;
}
