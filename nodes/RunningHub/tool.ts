import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Is an AI Agent calling? Older agents run their tools in a context that says so; newer ones run them through the
 * engine, where the type of the node and where its output goes give it away.
 */
export function isTool(context: IExecuteFunctions): boolean {
	const { type, rewireOutputLogTo } = context.getNode();
	return context.isToolExecution() || type.endsWith('Tool') || rewireOutputLogTo === 'ai_tool';
}
