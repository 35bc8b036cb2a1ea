import { outputKindOf } from '../runninghub/api/outputKind';
import type { Price } from '../runninghub/api/price';
import type { PriceDeps, TaskRequest } from '../runninghub/api/taskRequest';
import { RunningHubError, type ErrorKind } from '../runninghub/base/errors';
import type { JsonObject } from '../runninghub/base/json';
import { withRetries } from '../runninghub/base/retry';
import type { MediaSource } from '../runninghub/files/media';
import type { Uploads } from '../runninghub/files/uploads';
import { checkMedia } from './mediaContent';
import { takesSeveral, type Model } from './model';
import { cataloguePrice } from './price';
import type { ModelInput } from './wireFormat';

/** A checked request for one task of a standard model, known to the catalogue or not. */
export interface ModelCall {
	endpoint: string;
	/** What the catalogue knows of it. */
	model: Model | undefined;
	input: ModelInput;
	/** Sent as they are, over the values of the same name. */
	extraFields?: JsonObject;
}

export function modelRequest({ endpoint, model, input, extraFields }: ModelCall): TaskRequest {
	return {
		source: endpoint,
		call: { type: 'model', endpoint },
		expected: {
			outputKind: model?.output ?? outputKindOf(endpoint, 'video'),
			isQuick: model !== undefined && !['video', '3d'].includes(model.output),
		},
		checkFiles: async (check) => await checkMedia(input, model?.name ?? endpoint, check),
		prepare: async (uploads) => ({
			...input.values,
			...(await mediaAddresses(input, uploads)),
			...extraFields,
		}),
		price: async (deps, body) => await priceOf(endpoint, model, deps, body),
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

/** The preview says what a request would cost or why it would be refused; these only say that there is none … */
const NO_PREVIEW: ReadonlySet<ErrorKind> = new Set(['protocol', 'notFound', 'site']);
/** … and these that there is none just now. */
const NO_PREVIEW_NOW: ReadonlySet<ErrorKind> = new Set(['transient', 'rateLimit']);

/**
 * RunningHub's own preview; where that has no answer, the catalogue's dated price.
 * @throws RunningHubError when RunningHub refuses the request itself
 */
async function priceOf(
	endpoint: string,
	model: Model | undefined,
	deps: PriceDeps,
	body: JsonObject,
): Promise<Price | undefined> {
	const ask = async () => await deps.client.previewPrice(endpoint, body).catch(unless(NO_PREVIEW));
	const preview = await withRetries(ask, deps).catch(unless(NO_PREVIEW_NOW));
	return preview ?? (model === undefined ? undefined : estimateOf(model, body));
}

/** Makes nothing of an error of these kinds. */
function unless(kinds: ReadonlySet<ErrorKind>): (error: unknown) => undefined {
	return (error) => {
		if (error instanceof RunningHubError && kinds.has(error.kind)) return undefined;
		throw error;
	};
}

function estimateOf(model: Model, body: JsonObject): Price | undefined {
	const listed = cataloguePrice(model, body);
	if (listed === undefined) return undefined;
	const { amount, currency, date, isLowerBound } = listed;
	return { amount, currency, isLowerBound, text: null, isFree: false, basis: 'catalogue', date };
}
