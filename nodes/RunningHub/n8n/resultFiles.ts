import type { IBinaryData, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { SucceededTask } from '../../../runninghub/api/task';
import type { Clock, Random } from '../../../runninghub/base/clock';
import { RunningHubError } from '../../../runninghub/base/errors';
import { download, type FileFacts } from '../../../runninghub/files/download';
import { isTool } from '../agent/tool';
import { fileHosts, firstBytesOf, type FileBody } from './fileHosts';

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

/** The file of a result, or why it could not be had. */
export type DeliveredFile = { file: IBinaryData } | { error: RunningHubError };

export interface Delivered {
	/** One for each result with an address, in their order. */
	files: DeliveredFile[];
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
		peek: firstBytesOf,
	};
	return async ({ taskId, results }) => {
		const wanted = results.flatMap(({ url, type }) => (url === null ? [] : [{ url, type }]));
		const fetched = wanted.map(async ({ url, type }, index): Promise<DeliveredFile> => {
			// RunningHub gives the same names again and again, and a task's own files may share one.
			const place = index === 0 ? taskId : `${taskId}_${index + 1}`;
			const save = async (body: FileBody, { fileName, mimeType }: FileFacts) =>
				await context.helpers.prepareBinaryData(body, `${place}_${fileName}`, mimeType);
			return await limit(async () => await download(url, type, { ...downloadTools, save })).then(
				(file) => ({ file }),
				(error: unknown) => {
					if (error instanceof RunningHubError) return { error: error.with({ taskId, url }) };
					throw error;
				},
			);
		});
		return { files: await Promise.all(fetched) };
	};
}
