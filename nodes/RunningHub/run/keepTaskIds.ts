import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { RunningHubError } from '../../../runninghub/base/errors';
import { taskIdIn } from '../../../runninghub/tasks/journal';
import { effectiveNode } from '../agent/tool';
import { itemIndexOf, type RunState } from '../n8n/runState';
import type { ItemResult } from './itemResult';
import { continuesOnFail, toItems } from './output';

/**
 * Does the work of a run, whose tasks may be paid for already. Where it fails as a whole, since the credential is gone for
 * example, no id is lost: with Continue On Fail each item becomes an error with its own, else the error names them all.
 * @throws NodeApiError | NodeOperationError, and whatever the work throws when the execution is cancelled
 */
export async function keepTaskIds(
	context: IExecuteFunctions,
	{ journal }: RunState,
	itemIndexes: readonly number[],
	work: () => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const taskIds = () =>
		new Map(journal.entries().map(([key, entry]) => [itemIndexOf(key), taskIdIn(entry)]));
	const failAsItems = (error: unknown): INodeExecutionData[] => {
		if (context.getExecutionCancelSignal()?.aborted) throw error;
		const node = effectiveNode(context);
		if (!(error instanceof RunningHubError) && !continuesOnFail(node)) throw error;
		const known = taskIds();
		const failed = itemIndexes.map(
			(itemIndex): ItemResult => ({
				itemIndex,
				source: null,
				state: 'error',
				error: asRunningHubError(error).with({ taskId: known.get(itemIndex) }),
			}),
		);
		return toItems(node, failed);
	};
	const naming = (error: unknown): never => {
		if (error instanceof NodeApiError || error instanceof NodeOperationError) {
			nameTasks(error, [...taskIds().values()]);
		}
		throw error;
	};
	return await work().catch(failAsItems).catch(naming);
}

/** Of n8n's own, as of a credential that does not exist. */
function asRunningHubError(error: unknown): RunningHubError {
	if (error instanceof RunningHubError) return error;
	const message = error instanceof Error ? error.message : String(error);
	return new RunningHubError({ kind: 'auth', message });
}

const MAX_NAMED = 50;

function nameTasks(
	error: NodeApiError | NodeOperationError,
	taskIds: ReadonlyArray<string | undefined>,
): void {
	const before = error.description ?? '';
	const text = `${error.message} ${before}`;
	const missing = taskIds.filter((id) => id !== undefined).filter((id) => !text.includes(id));
	if (missing.length === 0) return;
	const more = missing.length > MAX_NAMED ? `, and ${missing.length - MAX_NAMED} more` : '';
	const named = `RunningHub tasks of this run: ${missing.slice(0, MAX_NAMED).join(', ')}${more}. They are paid for: a retry of this execution continues with them.`;
	error.description = `${before} ${named}`.trim();
}
