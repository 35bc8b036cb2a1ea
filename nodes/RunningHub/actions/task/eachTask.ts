import type { IExecuteFunctions } from 'n8n-workflow';
import { expectRunningHubError } from '../../../../runninghub/base/errors';
import type { Connection } from '../../n8n/connection';
import { eachItem } from '../../run/eachItem';
import type { ItemOutcome, ItemResult } from '../../run/itemResult';
import { readTaskId } from './taskId';

/**
 * Does one thing for the task of each item; a failed item takes nothing from the others.
 * @param concurrency as {@link eachItem}
 */
export async function eachTask(
	context: IExecuteFunctions,
	itemIndexes: number[],
	connection: Pick<Connection, 'signal'>,
	handle: (taskId: string, itemIndex: number) => Promise<ItemOutcome>,
	concurrency?: number,
): Promise<ItemResult[]> {
	return await eachItem(
		itemIndexes,
		connection,
		async (itemIndex) => {
			const taskId = readTaskId(context, itemIndex);
			return await namingTask(taskId, handle(taskId, itemIndex));
		},
		concurrency,
	);
}

/** The work's result; a failure of it names the task. */
export async function namingTask<T>(taskId: string, work: Promise<T>): Promise<T> {
	return await work.catch((thrown: unknown) => {
		throw expectRunningHubError(thrown).with({ taskId });
	});
}
