import pLimit from 'p-limit';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { RunningHubError } from '../../../../runninghub/errors';
import { connect, type Connection } from '../../connection';
import { toItems, type ItemResult } from '../../outcomes';
import { readTaskId } from './taskId';

const CALLS_AT_ONCE = 8;

/**
 * Does one thing for the task of each item; a failed item takes nothing from the others.
 * @param atOnce how many items are handled at the same time
 */
export async function eachTask(
	context: IExecuteFunctions,
	itemIndexes: number[],
	handle: (
		taskId: string,
		connection: Connection,
		itemIndex: number,
	) => Promise<Pick<ItemResult, 'task' | 'error'>>,
	atOnce = CALLS_AT_ONCE,
): Promise<INodeExecutionData[]> {
	const connection = await connect(context);
	const limit = pLimit(atOnce);
	const results = itemIndexes.map(async (itemIndex): Promise<ItemResult> => {
		const outcome = await limit(async () => {
			connection.signal?.throwIfAborted();
			return await handle(readTaskId(context, itemIndex), connection, itemIndex);
		}).catch((error: unknown) => {
			if (error instanceof RunningHubError) return { error };
			throw error;
		});
		return { itemIndex, source: null, ...outcome };
	});
	return toItems(context.getNode(), await Promise.all(results));
}
