import { LoadOptionsContext } from 'n8n-core';
import type { ILoadOptionsFunctions, INodeType } from 'n8n-workflow';
import { prepareEngine, withLog } from './engine';
import { createInstance } from './execution';
import { toNodeTypeMap } from './node-types';
import { instancePlan, testedNode } from './run-node';
import type { RunOptions } from './types';

type Methods = NonNullable<INodeType['methods']>;

/**
 * What the editor asks while a form is being filled, in the context that n8n makes for it: the node's parameters are the
 * form as it is now.
 */
export async function askForm<Answer>(
	options: RunOptions & { node: INodeType },
	ask: (this: ILoadOptionsFunctions, methods: Methods) => Promise<Answer>,
): Promise<Answer> {
	await prepareEngine();
	const types = toNodeTypeMap(options.node);
	const node = testedNode(options, types);
	const plan = { ...instancePlan(options, types), nodes: [node], connections: {} };
	const start = { name: node.name, items: [] };
	const { workflow, additionalData } = createInstance({ ...plan, start }, 'form');
	const path = 'parameters.nodeInputs';
	const context = new LoadOptionsContext(
		workflow,
		node,
		{ ...additionalData, currentNodeParameters: node.parameters },
		path,
	);
	return await withLog([], async () => await ask.call(context, options.node.methods ?? {}));
}
