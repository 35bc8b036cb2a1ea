import type { ErrorKind, RunningHubError } from '../base/errors';
import type { JsonValue } from '../base/json';

/** States of a task that has not ended; UNKNOWN stands for any that this code does not know. */
export type PendingStatus = 'QUEUED' | 'RUNNING' | 'UNKNOWN';
export type TaskStatus = PendingStatus | 'SUCCESS' | 'FAILED' | 'CANCELLED';

/** One file or text that a task made. */
export interface TaskResult {
	url: string | null;
	/** File extension in lower case, e.g. `mp4`. */
	type: string | null;
	mimeType: string | null;
	text: string | null;
	/** The output node of a ComfyUI workflow. */
	nodeId: string | null;
}

/** What a task cost; null where RunningHub did not say. */
export interface TaskUsage {
	coins: number | null;
	money: number | null;
	thirdPartyMoney: number | null;
	/** Run time in seconds. */
	seconds: number | null;
}

export interface TaskFailure {
	code: string | null;
	message: string;
	kind: ErrorKind;
	nodeName?: string;
}

interface TaskFacts {
	/** 19 digits: never a number. */
	taskId: string;
	results: TaskResult[];
	usage: TaskUsage;
	/** What RunningHub found wrong with it when it accepted it all the same. */
	notice?: RunningHubError;
	/** RunningHub's own response, without secrets. */
	raw?: JsonValue;
}

export type PendingTask = TaskFacts & { status: PendingStatus };
export type SucceededTask = TaskFacts & { status: 'SUCCESS' };
export type FailedTask = TaskFacts & { status: 'FAILED' | 'CANCELLED'; failure: RunningHubError };
export type EndedTask = SucceededTask | FailedTask;
export type Task = PendingTask | EndedTask;

export function isEnded(task: Task): task is EndedTask {
	return task.status === 'SUCCESS' || hasFailed(task);
}

export function hasFailed(task: Task): task is FailedTask {
	return task.status === 'FAILED' || task.status === 'CANCELLED';
}

export const NO_USAGE: TaskUsage = {
	coins: null,
	money: null,
	thirdPartyMoney: null,
	seconds: null,
};

/** The one shape in which every task is output, whichever call made it. */
export interface TaskOutput {
	taskId: string;
	status: TaskStatus;
	/** What made it: a model's endpoint, a workflow's or an app's id; null where only the task id is known. */
	source: string | null;
	url: string | null;
	text: string | null;
	results: TaskResult[];
	usage: TaskUsage;
	error: TaskFailure | null;
}

/** @param source what made the task; null where only its id is known */
export function toOutput(task: Task, source: string | null): TaskOutput {
	const { taskId, status, results, usage, notice } = task;
	const shown = hasFailed(task) ? task.failure : notice;
	return {
		taskId,
		status,
		source,
		url: results.find(({ url }) => url !== null)?.url ?? null,
		text: results.find(({ text }) => text !== null)?.text ?? null,
		results,
		usage,
		error: shown === undefined ? null : failureOf(shown),
	};
}

/** An error as the output has it, without what to do about it. */
export function failureOf({ code, message, kind, nodeName }: RunningHubError): TaskFailure {
	return { code: code ?? null, message, kind, ...(nodeName === undefined ? {} : { nodeName }) };
}
