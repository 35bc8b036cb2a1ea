import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { takesSeveral, type Model } from '../../catalogue/model';
import type { ModelInput } from '../../catalogue/wire';
import { runBatch, type Job, type JobOutcome } from '../../runninghub/batch';
import type { Client } from '../../runninghub/client';
import { RunningHubError } from '../../runninghub/errors';
import type { MediaSource } from '../../runninghub/media';
import type { JsonObject } from '../../runninghub/transport';
import { readCallbackUrl } from './callbackUrl';
import { connect } from './connection';
import { journalKey } from './journal';
import { goesOnAfterError, toItems, waitResult, type ItemResult } from './outcomes';
import { readWaitChoice, suspends, type WaitChoice } from './runProperties';
import { resumeUrl, suspend } from './suspend';
import { nodeOf } from './tool';

/** A checked request for one task of a standard model. */
export interface ModelRequest {
	model: Model;
	/** The form by wire key, with its expressions as they are written: see {@link journalKey}. */
	asWritten: Record<string, unknown>;
	input: ModelInput;
}

interface PlannedItem {
	itemIndex: number;
	request: ModelRequest;
	wait: WaitChoice | undefined;
	/** What RunningHub calls when the task ends; beside the model's own parameters (reference section 8.1). */
	callbackUrl: string | undefined;
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
	const node = nodeOf(context);
	const connection = await connect(context);
	const suspending = wait && suspends(context, itemIndexes);
	const wakeUpUrl = suspending ? resumeUrl(context, connection.baseUrl) : undefined;

	const planned: PlannedItem[] = [];
	const results: ItemResult[] = [];
	for (const itemIndex of itemIndexes) {
		const plan = checked(() => ({
			itemIndex,
			request: read(context, itemIndex),
			wait: wait ? readWaitChoice(context, itemIndex) : undefined,
			callbackUrl: wait ? wakeUpUrl : readCallbackUrl(context, itemIndex, connection.baseUrl),
		}));
		if (plan instanceof RunningHubError) results.push({ itemIndex, source: null, error: plan });
		else planned.push(plan);
	}
	if (results.length > 0 && !goesOnAfterError(node)) return toItems(node, results);

	const outcomes = await runBatch(
		planned.map((item) => jobFor(item, connection.client)),
		connection,
		{
			goOnAfterFailure: goesOnAfterError(node),
			// At once: while it still holds a worker, a run that will be suspended keeps others from starting.
			handOver: suspending,
		},
	);
	for (const [index, item] of planned.entries()) {
		const outcome = outcomes[index];
		if (outcome !== undefined) results.push(resultFor(item, outcome));
	}
	results.sort((a, b) => a.itemIndex - b.itemIndex);
	if (!results.some(({ handedOver }) => handedOver)) return toItems(node, results);
	const longestMs = planned.reduce((most, item) => Math.max(most, item.wait?.timeoutMs ?? 0), 0);
	return await suspend(context, results, longestMs);
}

function jobFor({ itemIndex, request, wait, callbackUrl }: PlannedItem, client: Client): Job {
	const { model, asWritten, input } = request;
	const body: JsonObject = { ...input.values };
	if (callbackUrl !== undefined) body.webhookUrl = callbackUrl;
	return {
		itemIndex,
		key: journalKey(itemIndex, [model.endpoint, asWritten]),
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

/** @returns the plan, or why there is none: input that would be refused, or an expression that failed */
function checked<T>(plan: () => T): T | RunningHubError {
	try {
		return plan();
	} catch (error) {
		if (error instanceof RunningHubError) return error;
		const message = error instanceof Error ? error.message : String(error);
		return new RunningHubError({ kind: 'validation', message });
	}
}
