import { NodeConnectionTypes } from 'n8n-workflow';
import type { EngineResponse, IDataObject, IExecuteFunctions, INodeType } from 'n8n-workflow';
import { startExecution } from './execution';
import { toNodeTypeMap } from './node-types';
import { runEphemerally } from './run-ephemeral';
import { NODE_NAME, instancePlan, link, makeNode, testedNode } from './run-node';
import { START_TYPE } from './stand-ins';
import type { NodeRun, RunOptions } from './types';

export interface ToolRun extends NodeRun {
	/** What the language model would be given; undefined when the call failed (see `error`). */
	answer?: string;
}

export interface ToolOptions {
	/**
	 * How the Agent calls its tools. `supplyData`: in a supply-data context, where `isToolExecution()` is true (Agent 2, an
	 * Agent inside an Agent, MCP). `engine`: the engine runs the node in an ordinary context, with
	 * `rewireOutputLogTo: 'ai_tool'` on it, and `isToolExecution()` is false (Agent 3, today's default). `ephemeral`: n8n's
	 * Agents, which are no nodes, see {@link runEphemerally}.
	 */
	via?: 'supplyData' | 'engine' | 'ephemeral';
	/** The type of the trigger before the Agent; not for `ephemeral`. */
	trigger?: string;
}

interface Tool {
	invoke(input: IDataObject): Promise<string>;
}

const AGENT = 'Agent';
const AGENT_TYPE = 'harness.agent';

/** One call of the node as an Agent's tool; `input` is what the model fills in for `$fromAI()`. */
export async function runAsTool(
	options: RunOptions,
	input: IDataObject,
	{ via, trigger = START_TYPE }: ToolOptions = {},
): Promise<ToolRun> {
	if (via === 'ephemeral') return await runEphemerally(options, input);
	const types = toNodeTypeMap(options.node);
	const tool = testedNode(options, types);
	const start = makeNode({ name: 'Start', type: trigger });
	const agent = makeNode({ name: AGENT, type: AGENT_TYPE });
	const execute = via === 'engine' ? callThroughEngine(input) : callSuppliedTool(input);
	const { finished } = startExecution({
		...instancePlan(options, { ...types, [AGENT_TYPE]: agentType(execute) }),
		nodes: [start, { ...tool, type: `${tool.type}Tool` }, agent],
		connections: {
			[start.name]: { main: [[link(AGENT)]] },
			[tool.name]: { ai_tool: [[link(AGENT, NodeConnectionTypes.AiTool)]] },
		},
		start: { name: start.name, items: options.items ?? [{ json: {} }] },
		watched: tool.name,
	});
	const run = await finished;
	const answer = run.outputOf(AGENT)[0]?.json.answer as string | undefined;
	return { ...run, answer };
}

function callSuppliedTool(input: IDataObject): INodeType['execute'] {
	return async function (this: IExecuteFunctions) {
		const connected = await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0);
		const [tool] = (Array.isArray(connected) ? connected : [connected]) as Tool[];
		return [[{ json: { answer: await tool?.invoke(input) } }]];
	};
}

function callThroughEngine(input: IDataObject): INodeType['execute'] {
	return async function (this: IExecuteFunctions, response?: EngineResponse) {
		const [done] = response?.actionResponses ?? [];
		if (done) {
			const output = done.data.data?.ai_tool?.[0]?.map(({ json }) => json);
			return [[{ json: { answer: JSON.stringify(output) } }]];
		}
		const action = {
			actionType: 'ExecutionNodeAction' as const,
			nodeName: NODE_NAME,
			input,
			type: NodeConnectionTypes.AiTool,
			id: 'call-1',
			metadata: { itemIndex: 0 },
		};
		return { actions: [action], metadata: {} };
	};
}

const agentType = (execute: INodeType['execute']): INodeType => ({
	description: {
		displayName: AGENT,
		name: 'agent',
		group: ['transform'],
		version: 1,
		description: 'Calls its one tool once',
		defaults: { name: AGENT },
		inputs: [NodeConnectionTypes.Main, { type: NodeConnectionTypes.AiTool, required: true }],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
	execute,
});
