import type { IConnections, INode, NodeConnectionType } from 'n8n-workflow';
import { HarnessCredentials } from './credentials';
import { startExecution } from './execution';
import type { Plan } from './execution';
import { DEFAULT_TYPE, HarnessNodeTypes, toNodeTypeMap } from './node-types';
import { RECORDER_TYPE, START_TYPE } from './stand-ins';
import type { InstanceOptions, NodeRun, NodeTypeMap, RunOptions, StartedRun } from './types';

export const NODE_NAME = 'Node under test';
const ERROR_RECORDER = 'Error recorder';

/** Start → the node under test → what is behind it → recorder. */
export async function runNode(options: RunOptions): Promise<NodeRun> {
	return await startNode(options).finished;
}

export function startNode(options: RunOptions): StartedRun {
	return startExecution(planNode(options));
}

function planNode(options: RunOptions): Plan {
	const types = toNodeTypeMap(options.node);
	const tested = testedNode(options, types);
	const behind = (options.behind ?? []).map((node, index) =>
		makeNode({ position: [400 + 200 * index, 0], ...node }),
	);
	const recorder = makeNode({ name: 'Recorder', type: RECORDER_TYPE, position: [1000, 0] });
	const errorRecorder = makeNode({
		name: ERROR_RECORDER,
		type: RECORDER_TYPE,
		position: [1000, 200],
	});
	const start = makeNode({ name: 'Start', type: START_TYPE });

	const connections = chain([start, tested, ...behind, recorder]);
	if (tested.onError === 'continueErrorOutput') {
		connections[tested.name]?.main?.push([link(ERROR_RECORDER)]);
	}
	return {
		...instancePlan(options, types),
		nodes: [start, tested, ...behind, recorder, errorRecorder],
		connections,
		start: { name: start.name, items: options.items ?? [{ json: {} }] },
		watched: tested.name,
		recorder: recorder.name,
	};
}

/** The part of a plan that is about the instance and not about the workflow. */
export function instancePlan(options: InstanceOptions, types: NodeTypeMap) {
	return {
		nodeTypes: new HarnessNodeTypes(types),
		credentials: new HarnessCredentials(options),
		mode: options.mode ?? ('manual' as const),
		settings: options.settings,
		streaming: options.streaming,
		calledByAgent: options.calledByAgent,
		instanceUrl: options.instanceUrl,
	};
}

export function testedNode(options: RunOptions, types: NodeTypeMap): INode {
	const type = options.type ?? Object.keys(types)[0] ?? DEFAULT_TYPE;
	return makeNode({
		name: NODE_NAME,
		type,
		typeVersion: latestVersion(types, type),
		position: [200, 0],
		parameters: structuredClone(options.parameters),
		credentials: credentialReferences(options.credentials),
		...options.nodeSettings,
	});
}

/** What n8n gives a node that is dropped on the canvas. */
function latestVersion(types: NodeTypeMap, type: string): number {
	const nodeType = types[type];
	if (!nodeType) throw new Error(`No node type "${type}" in the node map`);
	if ('nodeVersions' in nodeType) return nodeType.currentVersion;
	const { version, defaultVersion } = nodeType.description;
	return defaultVersion ?? (Array.isArray(version) ? Math.max(...version) : version);
}

export function credentialReferences(
	credentials: InstanceOptions['credentials'],
): INode['credentials'] {
	return Object.fromEntries(
		Object.keys(credentials).map((type) => [type, { id: type, name: type }]),
	);
}

export function makeNode(node: Pick<INode, 'name' | 'type'> & Partial<INode>): INode {
	return { id: node.name, typeVersion: 1, position: [0, 0], parameters: {}, ...node };
}

export function chain(nodes: INode[]): IConnections {
	const pairs = nodes.slice(1).map((node, index) => [nodes[index]?.name ?? '', node.name] as const);
	return Object.fromEntries(pairs.map(([from, to]) => [from, { main: [[link(to)]] }]));
}

export const link = (node: string, type: NodeConnectionType = 'main') => ({ node, type, index: 0 });
