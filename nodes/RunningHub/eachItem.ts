import pLimit from 'p-limit';
import { RunningHubError } from '../../runninghub/errors';
import type { Connection } from './engine/connection';
import type { ItemResult } from './outcomes';

const CALLS_AT_ONCE = 8;

/**
 * Does one thing for each item, for operations that make no task; a failed item takes nothing from the others.
 * @param atOnce how many items are handled at the same time
 */
export async function eachItem(
	itemIndexes: number[],
	{ signal }: Pick<Connection, 'signal'>,
	handle: (
		itemIndex: number,
	) => Promise<Omit<ItemResult, 'itemIndex' | 'source'> & { source?: string }>,
	atOnce = CALLS_AT_ONCE,
): Promise<ItemResult[]> {
	const limit = pLimit(atOnce);
	const results = itemIndexes.map(async (itemIndex): Promise<ItemResult> => {
		const outcome = await limit(async () => {
			signal?.throwIfAborted();
			return await handle(itemIndex);
		}).catch((error: unknown) => {
			if (error instanceof RunningHubError) return { error };
			throw error;
		});
		return { itemIndex, source: null, ...outcome };
	});
	return await Promise.all(results);
}
