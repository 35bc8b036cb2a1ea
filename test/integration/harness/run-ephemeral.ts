import { ExecuteContext } from 'n8n-core';
import { Workflow, createEmptyRunExecutionData } from 'n8n-workflow';
import type { ExecutionError, IDataObject, INodeExecutionData, INodeType } from 'n8n-workflow';
import { readBinary } from './binary';
import { prepareEngine, withLog } from './engine';
import { createInstance } from './execution';
import { toNodeTypeMap } from './node-types';
import type { ToolRun } from './run-as-tool';
import { instancePlan, makeNode, testedNode } from './run-node';
import type { RunOptions } from './types';

/**
 * One call of the node as a tool of n8n's Agents, made as n8n's `EphemeralNodeExecutor` makes it: outside of any
 * execution, so that there is no id, no context of a node, no hook and nothing that stops it. With another mode it is an
 * execution that has lost all that.
 */
export async function runEphemerally(options: RunOptions, input: IDataObject): Promise<ToolRun> {
	await prepareEngine();
	const types = toNodeTypeMap(options.node);
	const { type, typeVersion, parameters, credentials } = testedNode(options, types);
	const name = 'Target Node';
	const node = makeNode({ name, type: `${type}Tool`, typeVersion, parameters, credentials });
	const { mode = 'internal' } = options;
	const items = [{ json: input }];
	const start = { name, items };
	const plan = { ...instancePlan(options, types), mode, nodes: [node], connections: {}, start };
	const { additionalData, log, uiMessages, chunks } = createInstance(plan, '');
	const { executionId, hooks, workflowId, workflowSettings, streamingEnabled, ...base } =
		additionalData;

	const { nodeTypes } = plan;
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const data = createEmptyRunExecutionData();
	const inputData = { main: [items] };
	const executeData = { node, data: inputData, source: null };
	const context = new ExecuteContext(
		workflow,
		node,
		base,
		mode,
		data,
		0,
		items,
		inputData,
		executeData,
		[],
	);
	const { execute } = nodeTypes.getByNameAndVersion(node.type, typeVersion);
	const called = await withLog(log, async () => await outcomeOf(execute?.call(context)));
	const { output = [], error } = called;
	return {
		items: output,
		errorItems: [],
		recorded: output,
		error,
		run: { data, mode, startedAt: new Date(), status: error ? 'error' : 'success', storedAt: 'db' },
		log,
		uiMessages,
		chunks,
		outputOf: () => output,
		readBinary,
		answer: error ? undefined : JSON.stringify(output.map(({ json }) => json)),
	};
}

interface Outcome {
	output?: INodeExecutionData[];
	error?: ExecutionError;
}

async function outcomeOf(called: ReturnType<NonNullable<INodeType['execute']>> | undefined) {
	try {
		const outputs = await called;
		return { output: Array.isArray(outputs) ? outputs[0] : undefined } as Outcome;
	} catch (error) {
		return { error } as Outcome;
	}
}
