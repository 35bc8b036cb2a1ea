import type { IDataObject } from 'n8n-workflow';
import { hasFailed, type EndedTask, type Task } from '../../../runninghub/api/task';
import { durationOf } from '../../../runninghub/base/duration';
import { RunningHubError } from '../../../runninghub/base/errors';
import type { WaitOutcome } from '../../../runninghub/tasks/waitUntilDeadline';
import type { WaitOptions } from '../form/waitOptions';
import type { ResultFile } from '../n8n/resultFiles';

/** What became of one input item, and where it comes from. */
export type ItemResult = { itemIndex: number; source: string | null } & ItemOutcome;

export type ItemOutcome =
	/** The task as it was last seen, with a file for each result that has an address, where files were asked for. */
	| { state: 'task'; task: Task; files: ResultFile[] }
	/** The task goes on: the notice is shown in the item's `error`, without making it an error of the run. */
	| { state: 'running'; task: Task; notice: RunningHubError }
	/** It failed, did not end in time, or a file of it could not be had; what there is is given out with the error. */
	| { state: 'taskError'; task: Task; error: RunningHubError; files: ResultFile[] }
	/** No task was made, or none is known. */
	| { state: 'error'; error: RunningHubError }
	/** Nothing was done for this item, since another one had failed before. */
	| { state: 'notSent' }
	/** The whole output of an operation that gives something else than a task: one item, or one for each of a list. */
	| { state: 'json'; json: IDataObject | IDataObject[] };

/** One that is an error of the run. */
export type FailedItem = Extract<ItemResult, { error: RunningHubError }>;

export function isFailed(result: ItemResult): result is FailedItem {
	return 'error' in result;
}

/** A task that has ended: a failure of it, or of fetching its files, is an error of the item. */
export function endedResult(task: EndedTask, files: ResultFile[] = []): ItemOutcome {
	if (hasFailed(task)) return { state: 'taskError', task, error: task.failure, files: [] };
	const missing = files.find((file) => 'error' in file);
	if (missing === undefined) return { state: 'task', task, files };
	return { state: 'taskError', task, error: missing.error, files };
}

/** A task that was not seen to end: what the user chose for a timeout decides whether that is an error of the item. */
export function timedOutResult(
	{ task, lastFailure }: Extract<WaitOutcome, { state: 'timedOut' }>,
	{ timeoutMs, onTimeout }: WaitOptions,
): ItemOutcome {
	switch (onTimeout) {
		case 'answer':
			return { state: 'running', task, notice: stillRunning(task) };
		case 'error': {
			const error = timeoutError(task, timeoutMs, lastFailure);
			return { state: 'taskError', task, error, files: [] };
		}
		case 'return':
			return { state: 'task', task, files: [] };
	}
}

/** @param lastFailure why RunningHub could not be asked at the end; undefined = it could */
function timeoutError(
	{ taskId, status }: Task,
	timeoutMs: number,
	lastFailure: RunningHubError | undefined,
): RunningHubError {
	const waited = durationOf(timeoutMs);
	return new RunningHubError({
		kind: 'timeout',
		taskId,
		message:
			lastFailure === undefined
				? `Task ${taskId} was still ${status} after ${waited} of waiting.`
				: `Task ${taskId} was not seen to end within ${waited}, and its last status check failed: ${lastFailure.message}`,
		description:
			'The task continues and its result is not lost: get it later with Task > Wait for Result, or increase Timeout.',
	});
}

/** For an agent: it must neither take the task for failed nor pay for it again. */
function stillRunning({ taskId, status }: Task): RunningHubError {
	return new RunningHubError({
		kind: 'timeout',
		taskId,
		message: `Task ${taskId} is still ${status}. Do not submit it again; it is already charged. Get its result later, with the operation that gets a task and this task ID.`,
	});
}
