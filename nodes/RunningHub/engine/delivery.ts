import pLimit from 'p-limit';
import type { IBinaryData, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { Clock, Random } from '../../../runninghub/clock';
import { download } from '../../../runninghub/download';
import { RunningHubError } from '../../../runninghub/errors';
import type { SucceededTask } from '../../../runninghub/task';
import { fileHosts, type FileBody } from './fileHosts';
import { isTool } from '../tool';

/** How the results of a task are to be given out; one choice for the whole run. */
export interface DeliveryChoice {
	/**
	 * The binary field of the first file, the next ones are numbered: `data`, `data_1`, `data_2`; undefined = no files,
	 * only their addresses.
	 */
	binaryProperty: string | undefined;
	/** One item for each file instead of one for each task. */
	split: boolean;
	/** RunningHub's own answer as well. */
	raw: boolean;
}

export interface Delivered {
	/** One for each result with an address, in their order; undefined where it could not be had. */
	files: Array<IBinaryData | undefined>;
	/** Why one is missing. */
	error?: RunningHubError;
}

/** Fetches the files of a task that has succeeded. It never throws for a file that cannot be had. */
export type Deliver = (task: SucceededTask) => Promise<Delivered>;

const DOWNLOADS_AT_ONCE = 3;

/** @param read one parameter of the node: executions and webhooks are asked in different ways */
export function readDeliveryChoice(
	read: (name: string, fallback: boolean | string) => unknown,
): DeliveryChoice {
	const named = String(read('binaryPropertyName', 'data')).trim() || 'data';
	return {
		binaryProperty: read('downloadResults', false) === true ? named : undefined,
		split: read('options.splitResults', false) === true,
		raw: read('options.rawResponse', false) === true,
	};
}

/** The choice of an execution, and what fetches the files where they are asked for. An agent cannot read files. */
export function deliveryOf(
	context: IExecuteFunctions,
	itemIndex: number,
	tools: Parameters<typeof createDelivery>[1],
): { delivery: DeliveryChoice; deliver: Deliver | undefined } {
	const delivery = readDeliveryChoice((name, fallback) =>
		context.getNodeParameter(name, itemIndex, fallback),
	);
	const fetches = delivery.binaryProperty !== undefined && !isTool(context);
	return { delivery, deliver: fetches ? createDelivery(context, tools) : undefined };
}

/** @param tools `baseUrl`: where the API is; a local simulator's files may be local too */
export function createDelivery(
	context: Pick<IExecuteFunctions | IWebhookFunctions, 'helpers'>,
	tools: { baseUrl: string; clock: Clock; random: Random; signal?: AbortSignal },
): Deliver {
	const limit = pLimit(DOWNLOADS_AT_ONCE);
	const downloadTools = {
		...tools,
		...fileHosts(context, tools.baseUrl, tools.signal),
		save: async (body: FileBody, { fileName, mimeType }: { fileName: string; mimeType: string }) =>
			await context.helpers.prepareBinaryData(body, fileName, mimeType),
	};
	return async ({ taskId, results }) => {
		const files = results.flatMap(({ url, type }) => (url === null ? [] : [{ url, type }]));
		const fetched = await Promise.all(
			files.map(
				async ({ url, type }) =>
					await limit(async () => await download(url, type, downloadTools)).catch(
						(error: unknown) => {
							if (error instanceof RunningHubError) return error.with({ taskId });
							throw error;
						},
					),
			),
		);
		return {
			files: fetched.map((file) => (file instanceof RunningHubError ? undefined : file)),
			error: fetched.find((file) => file instanceof RunningHubError),
		};
	};
}
