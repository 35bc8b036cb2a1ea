import { takesSeveral, type Model } from '../../catalogue/model';
import { cataloguePrice } from '../../catalogue/price';
import type { ModelInput } from '../../catalogue/wire';
import type { Client } from '../../runninghub/client';
import { RunningHubError, type ErrorKind } from '../../runninghub/errors';
import type { MediaSource } from '../../runninghub/media';
import type { Price } from '../../runninghub/price';
import type { JsonObject } from '../../runninghub/transport';
import type { Uploads } from '../../runninghub/uploads';
import type { TaskRequest } from './taskRun';

/** A checked request for one task of a standard model, known to the catalogue or not. */
export interface ModelCall {
	endpoint: string;
	/** What the catalogue knows of it. */
	model: Model | undefined;
	asWritten: unknown;
	input: ModelInput;
	/** Sent as they are, over the values of the same name. */
	extraFields?: JsonObject;
}

export function modelRequest({
	endpoint,
	model,
	asWritten,
	input,
	extraFields,
}: ModelCall): TaskRequest & Required<Pick<TaskRequest, 'price'>> {
	return {
		source: endpoint,
		asWritten,
		prepare: async (uploads) => ({
			...input.values,
			...(await mediaAddresses(input, uploads)),
			...extraFields,
		}),
		submit: async (client, body) => await client.submitModel(endpoint, body),
		price: async (client, body) => await priceOf(endpoint, model, client, body),
	};
}

async function mediaAddresses({ media }: ModelInput, uploads: Uploads): Promise<JsonObject> {
	const addresses = media.map(async ({ param, sources }) => {
		const urls = await Promise.all(sources.map(async (source) => await urlOf(source, uploads)));
		return [param.key, takesSeveral(param) ? urls : (urls[0] ?? null)] as const;
	});
	return Object.fromEntries(await Promise.all(addresses));
}

async function urlOf(source: MediaSource, uploads: Uploads): Promise<string> {
	switch (source.type) {
		case 'url':
			return source.url;
		case 'data':
		case 'binary':
			return (await uploads.upload(source)).url;
		case 'missingBinary':
		case 'invalid':
			throw new Error('unreachable: the check of the input refuses these');
	}
}

/** The preview says what a request would cost or why it would be refused; these only say that there is none. */
const NO_PREVIEW: ReadonlySet<ErrorKind> = new Set(['protocol', 'notFound', 'transient', 'site']);

/**
 * RunningHub's own preview; where that has no answer, the catalogue's dated price.
 * @throws RunningHubError when RunningHub refuses the request itself
 */
async function priceOf(
	endpoint: string,
	model: Model | undefined,
	client: Client,
	body: JsonObject,
): Promise<Price | undefined> {
	const preview = await client.previewPrice(endpoint, body).catch((error: unknown) => {
		if (error instanceof RunningHubError && NO_PREVIEW.has(error.kind)) return undefined;
		throw error;
	});
	return preview ?? (model === undefined ? undefined : estimateOf(model, body));
}

function estimateOf(model: Model, body: JsonObject): Price | undefined {
	const listed = cataloguePrice(model, body);
	if (listed === undefined) return undefined;
	const { amount, currency, date } = listed;
	return { amount, currency, date, text: null, isFree: false, basis: 'catalogue' };
}
