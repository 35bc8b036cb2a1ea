import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Price } from '../../../runninghub/api/price';
import type { TaskRequest } from '../../../runninghub/api/taskRequest';
import { RunningHubError } from '../../../runninghub/base/errors';
import { createUploads, type Uploads } from '../../../runninghub/files/uploads';
import { effectiveNode } from '../agent/tool';
import { binaryFilesOf } from '../n8n/binaries';
import { connect, type Connection } from '../n8n/connection';
import { addHint } from '../n8n/hint';
import { fileCheckOf } from './checkFiles';
import { mapItems } from './eachItem';
import type { ItemResult } from './itemResult';
import { toItems } from './output';
import { summaryOf, totalOf, totalSentence } from './priceSummary';
import type { ReadRequest } from './runTasks';

export type PriceOutput = { source: string } & Price & {
		/** Of all items of the run; null where it is not known of all of them in one currency. */
		total: number | null;
		/** Both in words. */
		summary: string;
	};

/** What the task of each item would cost; makes no task. */
export async function estimatePrices(
	context: IExecuteFunctions,
	itemIndexes: number[],
	read: ReadRequest,
): Promise<INodeExecutionData[]> {
	const connection = await connect(context);
	const uploads = createUploads(connection);
	const check = fileCheckOf(connection, false);
	const priced = await mapItems(itemIndexes, connection, async (itemIndex) => {
		const { request } = await read(context, itemIndex, await binaryFilesOf(context, itemIndex));
		await request.checkFiles?.(check);
		return { source: request.source, price: await pricedBy(request, connection, uploads) };
	});
	const all = priced.flatMap(({ made }) =>
		made instanceof RunningHubError || made.price instanceof RunningHubError ? [] : [made.price],
	);
	if (all.length > 0) addHint(context, totalSentence(all, itemIndexes.length));
	const results = priced.map(({ itemIndex, made }): ItemResult => {
		if (made instanceof RunningHubError) {
			return { itemIndex, source: null, state: 'error', error: made };
		}
		const { source, price } = made;
		if (price instanceof RunningHubError) {
			return { itemIndex, source, state: 'error', error: price };
		}
		const json: PriceOutput = {
			source,
			...price,
			total: totalOf(all, itemIndexes.length),
			summary: summaryOf(price, all, itemIndexes.length),
		};
		return { itemIndex, source, state: 'json', json: { ...json } };
	});
	return toItems(effectiveNode(context), results);
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
		message: `RunningHub has no price for ${source}.`,
		description: 'See its price on the model’s page on the RunningHub site.',
	});
}
