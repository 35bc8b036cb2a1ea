import type { IExecuteFunctions, INode } from 'n8n-workflow';

export type ToolContext = Pick<IExecuteFunctions, 'getNode' | 'getMode' | 'getExecutionId'> &
	Partial<Pick<IExecuteFunctions, 'isToolExecution'>>;

/**
 * Is an AI Agent calling, and how? `engine`: as a node of its own run; `agent`: from inside the agent's run; `ephemeral`:
 * outside of any execution, as n8n's Agents do (its `EphemeralNodeExecutor`), so that nothing of the call is kept.
 */
export function toolCallOf(context: ToolContext): 'engine' | 'agent' | 'ephemeral' | undefined {
	// No execution of n8n's has this mode, and none is without an id. One that was taken for such a call would forget what
	// it has paid for.
	if (context.getMode() === 'internal' && context.getExecutionId() === undefined) {
		return 'ephemeral';
	}
	const { type, rewireOutputLogTo } = context.getNode();
	if (rewireOutputLogTo === 'ai_tool') return 'engine';
	// n8n 1 has no isToolExecution; there the type tells.
	return context.isToolExecution?.() === true || type.endsWith('Tool') ? 'agent' : undefined;
}

/** Is an AI Agent calling the node? */
export function isTool(context: ToolContext): boolean {
	return toolCallOf(context) !== undefined;
}

/**
 * The node with its settings for errors. For an agent an error is an answer that it can act on: a thrown one would be
 * tried again by Retry On Fail without anything that remembers what has been paid for.
 */
export function effectiveNode(context: ToolContext): INode {
	const node = context.getNode();
	return isTool(context) ? { ...node, onError: 'continueRegularOutput' } : node;
}
