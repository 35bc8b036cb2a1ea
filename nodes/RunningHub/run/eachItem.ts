import pLimit from 'p-limit';
import { RunningHubError } from '../../../runninghub/base/errors';
import type { Connection } from '../n8n/connection';
import type { ItemOutcome, ItemResult } from './itemResult';

const ITEM_CONCURRENCY = 8;

/**
 * Does one thing for each item, for operations that make no task; a failed item takes nothing from the others.
 * @param concurrency how many items are handled at the same time
 */
export async function eachItem(
	itemIndexes: number[],
	connection: Pick<Connection, 'signal'>,
	handle: (itemIndex: number) => Promise<ItemOutcome>,
	concurrency?: number,
): Promise<ItemResult[]> {
	const handled = await mapItems(itemIndexes, connection, handle, concurrency);
	return handled.map(({ itemIndex, made }) =>
		made instanceof RunningHubError
			? { itemIndex, source: null, state: 'error', error: made }
			: { itemIndex, source: null, ...made },
	);
}

/**
 * Makes something of each item.
 * @returns for each what was made, or why there is nothing
 */
export async function mapItems<T>(
	itemIndexes: number[],
	{ signal }: Pick<Connection, 'signal'>,
	make: (itemIndex: number) => Promise<T>,
	concurrency = ITEM_CONCURRENCY,
): Promise<Array<{ itemIndex: number; made: T | RunningHubError }>> {
	const limit = pLimit(concurrency);
	const all = itemIndexes.map(async (itemIndex) => {
		const made = await limit(async () => {
			signal?.throwIfAborted();
			return await checked({ signal }, async () => await make(itemIndex));
		});
		return { itemIndex, made };
	});
	return await Promise.all(all);
}

/**
 * Does what is for one item alone. Whatever n8n throws there, for an expression that fails above all, is an error of that item:
 * of a node that throws, n8n hands the input on as if it were results where the run goes on after errors.
 * @returns what was made, or why there is nothing
 * @throws only when the run is stopped
 */
export async function checked<T>(
	{ signal }: Pick<Connection, 'signal'>,
	make: () => Promise<T> | T,
): Promise<T | RunningHubError> {
	try {
		return await make();
	} catch (error) {
		if (error instanceof RunningHubError) return error;
		signal?.throwIfAborted();
		const message = error instanceof Error ? error.message : String(error);
		return new RunningHubError({ kind: 'validation', message });
	}
}
