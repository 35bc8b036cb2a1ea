import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { takesSeveral, type Model } from '../../catalogue/model';
import type { ModelInput } from '../../catalogue/wire';
import { runBatch, type Job, type JobOutcome } from '../../runninghub/batch';
import type { Client } from '../../runninghub/client';
import { RunningHubError } from '../../runninghub/errors';
import type { MediaSource } from '../../runninghub/media';
import type { JsonObject } from '../../runninghub/transport';
import { connect } from './connection';
import { journalKey } from './journal';
import { goesOnAfterError, toItems, waitResult, type ItemResult } from './outcomes';
import { readWaitChoice, suspends, type WaitChoice } from './runProperties';
import { GRACE_MS, resumeUrl, suspend } from './suspend';

/** A checked request for one task of a standard model. */
export interface ModelRequest {
	model: Model;
	/** What the form gave, by wire key. */
	given: Record<string, unknown>;
	input: ModelInput;
}

interface PlannedItem {
	itemIndex: number;
	request: ModelRequest;
	wait: WaitChoice | undefined;
}

/**
 * Makes one task of a standard model for each item. All items are checked before the first is paid for: without
 * Continue On Fail one invalid item stops the node while nothing has been spent.
 */
export async function runModelTasks(
	context: IExecuteFunctions,
	itemIndexes: number[],
	{
		read,
		wait,
	}: {
		/** @throws InvalidInput */
		read: (context: IExecuteFunctions, itemIndex: number) => ModelRequest;
		wait: boolean;
	},
): Promise<INodeExecutionData[]> {
	const planned: PlannedItem[] = [];
	const results: ItemResult[] = [];
	for (const itemIndex of itemIndexes) {
		const request = readChecked(() => read(context, itemIndex));
		if (request instanceof RunningHubError) {
			results.push({ itemIndex, source: null, error: request });
		} else {
			const choice = wait ? readWaitChoice(context, itemIndex) : undefined;
			planned.push({ itemIndex, request, wait: choice });
		}
	}
	if (results.length > 0 && !goesOnAfterError(context.getNode())) {
		return toItems(context.getNode(), results);
	}

	const connection = await connect(context);
	const suspending = wait && suspends(context, itemIndexes);
	const callbackUrl = suspending ? resumeUrl(context, connection.baseUrl) : undefined;
	const outcomes = await runBatch(
		planned.map((item) => jobFor(item, connection.client, callbackUrl)),
		connection,
		{
			goOnAfterFailure: goesOnAfterError(context.getNode()),
			handOverAfterMs: suspending ? GRACE_MS : undefined,
		},
	);
	for (const [index, item] of planned.entries()) {
		const outcome = outcomes[index];
		if (outcome !== undefined) results.push(resultFor(item, outcome));
	}
	results.sort((a, b) => a.itemIndex - b.itemIndex);
	if (!results.some(({ handedOver }) => handedOver)) return toItems(context.getNode(), results);
	return await suspend(
		context,
		results,
		Math.max(...planned.map((item) => item.wait?.timeoutMs ?? 0)),
	);
}

function jobFor(
	{ itemIndex, request, wait }: PlannedItem,
	client: Client,
	callbackUrl: string | undefined,
): Job {
	const { model, given, input } = request;
	const body: JsonObject = { ...input.values };
	if (callbackUrl !== undefined) body.webhookUrl = callbackUrl;
	return {
		itemIndex,
		key: journalKey(itemIndex, [model.endpoint, given]),
		source: model.endpoint,
		wait,
		prepare: async () => {
			for (const { param, sources } of input.media) {
				const urls = await Promise.all(sources.map(async (source) => await urlOf(source, client)));
				body[param.key] = takesSeveral(param) ? urls : (urls[0] ?? null);
			}
		},
		submit: async () => await client.submitModel(model.endpoint, body),
	};
}

async function urlOf(source: MediaSource, client: Client): Promise<string> {
	switch (source.type) {
		case 'url':
			return source.url;
		case 'data': {
			const { fileName, mimeType, bytes } = source;
			return (await client.upload({ name: fileName, mimeType, bytes })).url;
		}
		case 'binary':
		case 'invalid':
			throw new Error('unreachable: the check of the input refuses these');
	}
}

function resultFor({ itemIndex, request, wait }: PlannedItem, outcome: JobOutcome): ItemResult {
	const base = { itemIndex, source: request.model.endpoint };
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
				...waitResult(outcome, wait ?? { timeoutMs: 0, onTimeout: 'return' }),
			};
	}
}

/** @returns the request, or why there is none: input that the model would refuse, or an expression that failed */
function readChecked(read: () => ModelRequest): ModelRequest | RunningHubError {
	try {
		return read();
	} catch (error) {
		if (error instanceof RunningHubError) return error;
		const message = error instanceof Error ? error.message : String(error);
		return new RunningHubError({ kind: 'validation', message });
	}
}
