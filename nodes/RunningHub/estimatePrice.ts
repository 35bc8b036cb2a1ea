import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { RunningHubError } from '../../runninghub/errors';
import type { Price } from '../../runninghub/price';
import { createUploads, type Uploads } from '../../runninghub/uploads';
import { fileCheckOf } from './checkFiles';
import { binaryFilesOf } from './engine/binaries';
import { connect, type Connection } from './engine/connection';
import { eachItem } from './eachItem';
import { toItems } from './outcomes';
import type { ReadRequest, TaskRequest } from './taskRun';
import { nodeOf } from './tool';

export type PriceOutput = { source: string } & Price;

/** What the task of each item would cost; makes no task. */
export async function estimatePrices(
	context: IExecuteFunctions,
	itemIndexes: number[],
	read: ReadRequest,
): Promise<INodeExecutionData[]> {
	const connection = await connect(context);
	const uploads = createUploads(connection);
	const check = fileCheckOf(connection, false);
	const results = await eachItem(itemIndexes, connection, async (itemIndex) => {
		const request = await read(context, itemIndex, await binaryFilesOf(context, itemIndex));
		await request.checkFiles?.(check);
		const { source } = request;
		const price = await pricedBy(request, connection, uploads);
		if (price instanceof RunningHubError) return { source, error: price };
		const json: PriceOutput = { source, ...price };
		return { source, json: { ...json } };
	});
	return toItems(nodeOf(context), results);
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
