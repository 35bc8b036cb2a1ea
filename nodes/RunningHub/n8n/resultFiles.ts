import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { SucceededTask } from '../../../runninghub/api/task';
import type { Clock, Random } from '../../../runninghub/base/clock';
import { expectRunningHubError, type RunningHubError } from '../../../runninghub/base/errors';
import { download } from '../../../runninghub/files/download';
import type { FileFacts } from '../../../runninghub/files/fileFacts';
import { isTool } from '../agent/tool';
import { fileHosts, firstBytesOf, type FileBody } from './fileHosts';

/** How the results of a task are to be output; one choice for the whole run. */
export interface OutputOptions {
	/**
	 * The binary field of the first file, the next ones are numbered: `data`, `data_1`, `data_2`; undefined = no files,
	 * only their addresses.
	 */
	binaryProperty: string | undefined;
	/** One item for each file instead of one for each task. */
	split: boolean;
	/** RunningHub's own response as well. */
	raw: boolean;
}

/** The file of a result, or why it could not be had. */
export type ResultFile = { file: IBinaryData } | { error: RunningHubError };

export interface ResultFiles {
	/** One for each result with an address, in their order. */
	files: ResultFile[];
}

/** Fetches the files of a task that has succeeded. It never throws for a file that cannot be had. */
export type FetchResultFiles = (task: SucceededTask) => Promise<ResultFiles>;

const DOWNLOAD_CONCURRENCY = 3;

export function readOutputOptions(context: IExecuteFunctions, itemIndex: number): OutputOptions {
	const read = (name: string, fallback: boolean | string): unknown =>
		context.getNodeParameter(name, itemIndex, fallback);
	const named = String(read('binaryPropertyName', 'data')).trim() || 'data';
	return {
		binaryProperty: read('downloadResults', false) === true ? named : undefined,
		split: read('options.splitResults', false) === true,
		raw: read('options.rawResponse', false) === true,
	};
}

/** The choice of an execution, and what fetches the files where they are asked for. An agent cannot read files. */
export function resultFilesOf(
	context: IExecuteFunctions,
	itemIndex: number,
	deps: Parameters<typeof createResultFileFetcher>[1],
): { options: OutputOptions; fetchFiles: FetchResultFiles | undefined } {
	const options = readOutputOptions(context, itemIndex);
	const fetches = options.binaryProperty !== undefined && !isTool(context);
	return { options, fetchFiles: fetches ? createResultFileFetcher(context, deps) : undefined };
}

/** @param deps `baseUrl`: where the API is; a local simulator's files may be local too */
function createResultFileFetcher(
	{ helpers }: Pick<IExecuteFunctions, 'helpers'>,
	deps: { baseUrl: string; clock: Clock; random: Random; signal?: AbortSignal },
): FetchResultFiles {
	const limit = pLimit(DOWNLOAD_CONCURRENCY);
	const downloadDeps = {
		...deps,
		...fileHosts(helpers, deps.baseUrl, deps.signal),
		peek: firstBytesOf,
	};
	return async ({ taskId, results }) => {
		const wanted = results.flatMap(({ url, type }) => (url === null ? [] : [{ url, type }]));
		const fetched = wanted.map(async ({ url, type }, index): Promise<ResultFile> => {
			// RunningHub gives the same names again and again, and a task's own files may share one.
			const place = index === 0 ? taskId : `${taskId}_${index + 1}`;
			const save = async (body: FileBody, { fileName, mimeType }: FileFacts) =>
				await helpers.prepareBinaryData(body, `${place}_${fileName}`, mimeType);
			return await limit(async () => await download(url, type, { ...downloadDeps, save })).then(
				(file) => ({ file }),
				(thrown: unknown) => ({ error: expectRunningHubError(thrown).with({ taskId, url }) }),
			);
		});
		return { files: await Promise.all(fetched) };
	};
}
