import pLimit from 'p-limit';
import type { IExecuteFunctions } from 'n8n-workflow';
import { RunningHubError } from '../../../../runninghub/errors';
import type { Connection } from '../../connection';
import type { ItemResult } from '../../outcomes';
import { readTaskId } from './taskId';

const CALLS_AT_ONCE = 8;

/**
 * Does one thing for the task of each item; a failed item takes nothing from the others.
 * @param atOnce how many items are handled at the same time
 */
export async function eachTask(
	context: IExecuteFunctions,
	itemIndexes: number[],
	{ signal }: Pick<Connection, 'signal'>,
	handle: (taskId: string, itemIndex: number) => Promise<Omit<ItemResult, 'itemIndex' | 'source'>>,
	atOnce = CALLS_AT_ONCE,
): Promise<ItemResult[]> {
	const limit = pLimit(atOnce);
	const results = itemIndexes.map(async (itemIndex): Promise<ItemResult> => {
		const outcome = await limit(async () => {
			signal?.throwIfAborted();
			return await handle(readTaskId(context, itemIndex), itemIndex);
		}).catch((error: unknown) => {
			if (error instanceof RunningHubError) return { error };
			throw error;
		});
		return { itemIndex, source: null, ...outcome };
	});
	return await Promise.all(results);
}
