import type { ChunkType, IExecuteFunctions } from 'n8n-workflow';
import { isTool } from './tool';

/**
 * Says something in the chat whose agent has called this node, as a message of its own.
 * @returns undefined where there is no chat, or one that shows nothing before the agent has ended
 */
export function chatOf(context: IExecuteFunctions): ((text: string) => void) | undefined {
	if (!isTool(context) || !streamsToChat(context)) return undefined;
	// Its promise is not in n8n's types.
	const send = async (type: ChunkType, text?: string) =>
		await Promise.resolve(context.sendChunk(type, 0, text));
	const message = async (text: string) => {
		await send('begin');
		await send('item', text);
		// At once: n8n's chat keeps a message open for ever if the run is stopped before its end.
		await send('end');
	};
	return (text) => {
		message(text).catch(() => context.logger.debug('RunningHub: the chat takes no progress'));
	};
}

/** A Webhook can stream as well, but to a program, which expects the agent's words alone. */
function streamsToChat(context: IExecuteFunctions): boolean {
	// Not in the oldest versions of n8n.
	const { isStreaming, getChatTrigger }: Partial<IExecuteFunctions> = context;
	if (isStreaming?.call(context) !== true) return false;
	return (getChatTrigger?.call(context) ?? null) !== null;
}
