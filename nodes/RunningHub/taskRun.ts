import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { runBatch, type Job, type JobOutcome } from '../../runninghub/batch';
import type { Client } from '../../runninghub/client';
import { RunningHubError } from '../../runninghub/errors';
import type { BinaryFiles } from '../../runninghub/media';
import type { Price } from '../../runninghub/price';
import type { RetryTools } from '../../runninghub/retry';
import type { Task } from '../../runninghub/task';
import type { JsonObject } from '../../runninghub/transport';
import { createUploads, type Uploads } from '../../runninghub/uploads';
import { binaryFilesOf } from './engine/binaries';
import { readCallbackUrl } from './suspended/callbackUrl';
import { connect, type Connection } from './engine/connection';
import { hintAtCost } from './costHint';
import { deliveryOf, type Delivered } from './engine/delivery';
import { journalKey } from './engine/journal';
import { checkMaxPrice, readMaxPrice } from './maxPrice';
import { goesOnAfterError, toItems, waitResult, type ItemResult } from './outcomes';
import { readFlag } from './readOptions';
import { readMaxConcurrent, readWaitChoice, suspends, type WaitChoice } from './runProperties';
import { resumeUrl, suspend } from './suspended/suspend';
import { nodeOf } from './tool';

/** A checked request for one task, of whichever resource. */
export interface TaskRequest {
	/** What makes it, as the output's `source`: a model's endpoint, a workflow's or an app's id. */
	source: string;
	/** The form with its expressions as they are written: see {@link journalKey}. */
	asWritten: unknown;
	/** All that costs nothing and comes first, uploads above all: gives what will be sent. Done once. */
	prepare(uploads: Uploads): Promise<JsonObject>;
	/** Sends it: costs money. The body has got its `webhookUrl` where the task is to call back (reference section 8.1). */
	submit(client: Client, body: JsonObject): Promise<Task>;
	/** What it would cost; missing where RunningHub cannot say before. */
	price?(tools: PriceTools, body: JsonObject): Promise<Price | undefined>;
}

/** Asking for a price costs nothing, so it is tried again. */
export type PriceTools = RetryTools & { client: Pick<Client, 'previewPrice'> };

/** Reads one item's request from the form. Throws a RunningHubError of kind `validation` for what would be refused. */
export type ReadRequest = (
	context: IExecuteFunctions,
	itemIndex: number,
	binaries: BinaryFiles,
) => TaskRequest | Promise<TaskRequest>;

interface PlannedItem {
	itemIndex: number;
	request: TaskRequest;
	wait: WaitChoice | undefined;
	callbackUrl: string | undefined;
	maxPrice: number | undefined;
	maxConcurrent: number;
	safety: Pick<Job, 'cancelWhenStopped' | 'resubmitUnknown'>;
	/** The files of its task, once they are there. */
	delivered?: Delivered;
}

/**
 * Makes one task for each item. All items are checked before the first is paid for: without Continue On Fail one
 * invalid item stops the node while nothing has been spent.
 */
export async function runTasks(
	context: IExecuteFunctions,
	itemIndexes: number[],
	{ read, wait }: { read: ReadRequest; wait: boolean },
): Promise<INodeExecutionData[]> {
	const node = nodeOf(context);
	const connection = await connect(context);
	const suspending = wait && suspends(context, itemIndexes);
	const wakeUpUrl = suspending ? resumeUrl(context, connection.baseUrl) : undefined;
	const { delivery, deliver } = deliveryOf(context, itemIndexes[0] ?? 0, connection);

	const planned: PlannedItem[] = [];
	const results: ItemResult[] = [];
	for (const itemIndex of itemIndexes) {
		const plan = await checked(async () => ({
			itemIndex,
			request: await read(context, itemIndex, await binaryFilesOf(context, itemIndex)),
			wait: wait ? readWaitChoice(context, itemIndex) : undefined,
			callbackUrl: wait ? wakeUpUrl : readCallbackUrl(context, itemIndex, connection.baseUrl),
			maxPrice: readMaxPrice(context, itemIndex),
			maxConcurrent: readMaxConcurrent(context, itemIndex),
			safety: {
				cancelWhenStopped: readFlag(context, itemIndex, 'cancelOnStop', 'Cancel Tasks on Stop'),
				resubmitUnknown: readFlag(context, itemIndex, 'resubmitUnknown', 'Submit Again if Unsure'),
			},
		}));
		if (plan instanceof RunningHubError) results.push({ itemIndex, source: null, error: plan });
		else planned.push(plan);
	}
	if (results.length > 0 && !goesOnAfterError(node)) return toItems(node, results);

	const uploads = createUploads(connection);
	const jobs = planned.map(
		(item): Job => ({
			...jobFor(item, connection, uploads),
			...(wait &&
				deliver && {
					deliver: async (task) => {
						item.delivered = await deliver(task);
					},
				}),
		}),
	);
	const outcomes = await runBatch(jobs, connection, {
		goOnAfterFailure: goesOnAfterError(node),
		// At once: while it still holds a worker, a run that will be suspended keeps others from starting.
		handOver: suspending,
		maxConcurrent: planned[0]?.maxConcurrent ?? 0,
	});
	for (const [index, item] of planned.entries()) {
		const outcome = outcomes[index];
		if (outcome !== undefined) results.push(resultFor(item, outcome));
	}
	results.sort((a, b) => a.itemIndex - b.itemIndex);
	if (!results.some(({ handedOver }) => handedOver)) {
		hintAtCost(context, results, connection);
		return toItems(node, results, delivery);
	}
	const longestMs = planned.reduce((most, item) => Math.max(most, item.wait?.timeoutMs ?? 0), 0);
	return await suspend(context, results, delivery, longestMs);
}

function jobFor(
	{ itemIndex, request, wait, callbackUrl, maxPrice, safety }: PlannedItem,
	connection: Connection,
	uploads: Uploads,
): Job {
	let body: JsonObject = {};
	return {
		itemIndex,
		key: journalKey(itemIndex, [request.source, request.asWritten]),
		source: request.source,
		wait,
		...safety,
		prepare: async () => {
			body = await request.prepare(uploads);
			if (maxPrice !== undefined) await checkMaxPrice(maxPrice, request, connection, body);
			if (callbackUrl !== undefined) body.webhookUrl = callbackUrl;
		},
		submit: async () => await request.submit(connection.client, body),
	};
}

function resultFor(
	{ itemIndex, request, wait, delivered }: PlannedItem,
	outcome: JobOutcome,
): ItemResult {
	const base = { itemIndex, source: request.source };
	switch (outcome.state) {
		case 'error':
			return { ...base, error: outcome.error };
		case 'notSent':
			return { ...base, notSent: true };
		case 'pending':
			return { ...base, task: outcome.task };
		case 'ended':
		case 'timedOut':
		case 'handedOver':
			return {
				...base,
				...waitResult(outcome, wait ?? { timeoutMs: 0, onTimeout: 'return' }, delivered),
			};
	}
}

/** @returns the plan, or why there is none: input that would be refused, or an expression that failed */
export async function checked<T>(plan: () => Promise<T>): Promise<T | RunningHubError> {
	try {
		return await plan();
	} catch (error) {
		if (error instanceof RunningHubError) return error;
		const message = error instanceof Error ? error.message : String(error);
		return new RunningHubError({ kind: 'validation', message });
	}
}
