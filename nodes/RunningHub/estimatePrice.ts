import pLimit from 'p-limit';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { RunningHubError } from '../../runninghub/errors';
import { createUploads } from '../../runninghub/uploads';
import { binaryFilesOf } from './binaries';
import { connect } from './connection';
import { toItems, type ItemResult } from './outcomes';
import type { ReadRequest } from './taskRun';
import { nodeOf } from './tool';

const CALLS_AT_ONCE = 8;

/** What the task of each item would cost; makes no task. */
export async function estimatePrices(
	context: IExecuteFunctions,
	itemIndexes: number[],
	read: ReadRequest,
): Promise<INodeExecutionData[]> {
	const connection = await connect(context);
	const { client, signal } = connection;
	const uploads = createUploads(connection);
	const limit = pLimit(CALLS_AT_ONCE);
	const results = itemIndexes.map(
		async (itemIndex): Promise<ItemResult> =>
			await limit(async () => {
				signal?.throwIfAborted();
				const request = await read(context, itemIndex, await binaryFilesOf(context, itemIndex));
				const price = await request.price?.(client, await request.prepare(uploads));
				if (price === undefined) throw unknownPrice(request.source);
				return { itemIndex, source: request.source, json: { source: request.source, ...price } };
			}).catch((error: unknown) => {
				if (error instanceof RunningHubError) return { itemIndex, source: null, error };
				throw error;
			}),
	);
	return toItems(nodeOf(context), await Promise.all(results));
}

function unknownPrice(source: string): RunningHubError {
	return new RunningHubError({
		kind: 'notFound',
		message: `RunningHub gives no price for ${source}.`,
		description: 'What it costs stands on the model’s page on the RunningHub site.',
	});
}
