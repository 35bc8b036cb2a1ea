import pLimit from 'p-limit';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { RunningHubError } from '../../runninghub/errors';
import type { Price } from '../../runninghub/price';
import { createUploads, type Uploads } from '../../runninghub/uploads';
import { binaryFilesOf } from './binaries';
import { connect, type Connection } from './connection';
import { toItems, type ItemResult } from './outcomes';
import { checked, type ReadRequest, type TaskRequest } from './taskRun';
import { nodeOf } from './tool';

const CALLS_AT_ONCE = 8;

/** What the task of each item would cost; makes no task. */
export async function estimatePrices(
	context: IExecuteFunctions,
	itemIndexes: number[],
	read: ReadRequest,
): Promise<INodeExecutionData[]> {
	const connection = await connect(context);
	const { signal } = connection;
	const uploads = createUploads(connection);
	const limit = pLimit(CALLS_AT_ONCE);
	const estimate = async (itemIndex: number): Promise<ItemResult> => {
		signal?.throwIfAborted();
		const request = await checked(
			async () => await read(context, itemIndex, await binaryFilesOf(context, itemIndex)),
		);
		if (request instanceof RunningHubError) return { itemIndex, source: null, error: request };
		const { source } = request;
		const price = await pricedBy(request, connection, uploads);
		return price instanceof RunningHubError
			? { itemIndex, source, error: price }
			: { itemIndex, source, json: { source, ...price } };
	};
	const results = itemIndexes.map(
		async (itemIndex) => await limit(async () => await estimate(itemIndex)),
	);
	return toItems(nodeOf(context), await Promise.all(results));
}

/** @returns the price, or why there is none */
async function pricedBy(
	request: TaskRequest,
	connection: Connection,
	uploads: Uploads,
): Promise<Price | RunningHubError> {
	const price = async () => await request.price?.(connection, await request.prepare(uploads));
	return await price().then(
		(found) => found ?? unknownPrice(request.source),
		(error: unknown) => {
			if (error instanceof RunningHubError) return error;
			throw error;
		},
	);
}

function unknownPrice(source: string): RunningHubError {
	return new RunningHubError({
		kind: 'notFound',
		message: `RunningHub gives no price for ${source}.`,
		description: 'What it costs is on the model’s page on the RunningHub site.',
	});
}
