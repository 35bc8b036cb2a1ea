import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';
import { isTool } from '../agent/tool';

/** Says something above the output. An agent reads no such hints. */
export function addHint(
	context: IExecuteFunctions,
	message: string,
	type: NonNullable<NodeExecutionHint['type']> = 'info',
): void {
	if (isTool(context)) return;
	// Not in the oldest versions of n8n.
	const { addExecutionHints }: Partial<Pick<IExecuteFunctions, 'addExecutionHints'>> = context;
	addExecutionHints?.call(context, { message, type, location: 'outputPane' });
}
