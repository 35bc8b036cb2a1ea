import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';
import {
	failureOf,
	hasFailed,
	NO_USAGE,
	toOutput,
	type EndedTask,
	type Task,
	type TaskOutput,
	type TaskStatus,
} from '../../../runninghub/api/task';
import { durationOf } from '../../../runninghub/base/duration';
import { RunningHubError } from '../../../runninghub/base/errors';
import type { WaitOutcome } from '../../../runninghub/tasks/wait';
import type { WaitOptions } from '../form/waitOptions';
import type { ResultFiles, ResultFile, OutputOptions } from '../n8n/resultFiles';

/** What became of one input item. */
export interface ItemResult {
	itemIndex: number;
	source: string | null;
	/** The task as it was last seen; undefined where none was made, or none is known. */
	task?: Task;
	/** Why this item is an error. */
	error?: RunningHubError;
	/** Shown in the item's `error`, without making it an error of the run: a task that is still running. */
	notice?: RunningHubError;
	/** The whole output of an operation that gives something else than a task: one item, or one for each of a list. */
	json?: IDataObject | IDataObject[];
	/** The task's files, where they were asked for: one for each result with an address. */
	files?: ResultFiles['files'];
	/** Nothing was done for this item, since another one had failed before. */
	notSent?: true;
}

const NO_FILES: OutputOptions = { binaryProperty: undefined, split: false, raw: false };
const MAX_ITEMS_NAMED = 20;

/** Both of the node's settings that go on after an error; older workflows have `continueOnFail`. */
export function continuesOnFail({ onError, continueOnFail }: INode): boolean {
	if (onError === undefined) return continueOnFail === true;
	return onError !== 'stopWorkflow';
}

/**
 * The output items. With Continue On Fail an error becomes an item that still carries its task id; without it the
 * first error stops the node, and names what became of the tasks of all other items.
 * @throws NodeApiError | NodeOperationError
 */
export function toItems(
	node: INode,
	results: readonly ItemResult[],
	options: OutputOptions = NO_FILES,
): INodeExecutionData[] {
	const failure = continuesOnFail(node) ? undefined : firstFailure(node, results);
	if (failure !== undefined) throw failure;
	return results.flatMap((result) => itemsOf(node, result, options));
}

/** The error of the first item that has one, with what became of the tasks of all other items. */
export function firstFailure(
	node: INode,
	results: readonly ItemResult[],
): NodeApiError | NodeOperationError | undefined {
	const failed = results.find(({ error }) => error !== undefined);
	if (failed?.error === undefined) return undefined;
	return nodeError(node, failed.error, failed.itemIndex, reportOnOthers(results));
}

/** The output items of one input item, paired with it: one, or one for each file. */
export function itemsOf(
	node: INode,
	result: ItemResult,
	options: OutputOptions = NO_FILES,
): INodeExecutionData[] {
	const pairedItem = { item: result.itemIndex };
	if (result.json !== undefined) return [result.json].flat().map((json) => ({ json, pairedItem }));
	const raw = options.raw && result.task?.raw !== undefined ? { raw: result.task.raw } : {};
	const property = options.binaryProperty ?? 'data';
	const { files = [] } = result;
	const itemOf = (
		output: TaskOutput,
		error: RunningHubError | undefined,
		named: ReadonlyArray<readonly [name: string, file: ResultFile]>,
	): INodeExecutionData =>
		node.onError === 'continueErrorOutput' && error !== undefined
			? { json: forErrorOutput(output, error), pairedItem }
			: { json: { ...toJson(output), ...raw }, ...withBinary(named), pairedItem };

	const output = outputOf(result);
	if (!options.split || output.results.length < 2) {
		const named = files.map(
			(file, index) => [index === 0 ? property : `${property}_${index}`, file] as const,
		);
		return [itemOf(output, result.error ?? result.notice, named)];
	}
	let addresses = 0;
	return output.results.map((one) => {
		const file = one.url === null ? undefined : files[addresses++];
		// A file that is missing is the error of its own item alone.
		const error = files.length === 0 ? (result.error ?? result.notice) : errorOf(file);
		const whole = outputOf({ ...result, error, notice: undefined });
		const own = { ...whole, url: one.url, text: one.text, results: [one] };
		return itemOf(own, error, file === undefined ? [] : [[property, file]]);
	});
}

function errorOf(file: ResultFile | undefined): RunningHubError | undefined {
	return file !== undefined && 'error' in file ? file.error : undefined;
}

function withBinary(
	files: ReadonlyArray<readonly [name: string, file: ResultFile]>,
): Pick<INodeExecutionData, 'binary'> {
	const there = files.flatMap(([name, file]) =>
		'file' in file ? [[name, file.file] as const] : [],
	);
	return there.length === 0 ? {} : { binary: Object.fromEntries(there) };
}

/**
 * n8n sends an item to the error output if its JSON has no other keys than these two; it then adds the input item's
 * own. An item with `error` beside its JSON would lose that JSON, and with it the task id.
 */
function forErrorOutput(output: TaskOutput, error: RunningHubError): IDataObject {
	const task = toJson(output);
	return { error: { ...failureOf(error), taskId: task.taskId, task }, message: error.message };
}

/** A task that was waited for: a failure of the task, or a timeout that is to be one, is an error of the item. */
export function waitResult(
	outcome: Exclude<WaitOutcome, { state: 'detached' }>,
	{ timeoutMs, onTimeout }: Pick<WaitOptions, 'timeoutMs' | 'onTimeout'>,
	resultFiles?: ResultFiles,
): Pick<ItemResult, 'task' | 'error' | 'notice' | 'files'> {
	if (outcome.state === 'ended') return endedResult(outcome.task, resultFiles);
	const { task, lastFailure } = outcome;
	switch (onTimeout) {
		case 'answer':
			return { task, notice: stillRunning(task) };
		case 'error':
			return { task, error: timeoutError(task, timeoutMs, lastFailure) };
		case 'return':
			return { task };
	}
}

/** A failure of the task, or of fetching its files, is an error of the item; what is there is given out with it. */
export function endedResult(
	task: EndedTask,
	resultFiles?: ResultFiles,
): Pick<ItemResult, 'task' | 'error' | 'files'> {
	if (hasFailed(task)) return { task, error: task.failure };
	const { files } = resultFiles ?? {};
	return { task, files, error: files?.map(errorOf).find((error) => error !== undefined) };
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

function outputOf({ task, source, ...result }: ItemResult): TaskOutput {
	const error = result.error ?? result.notice;
	if (task !== undefined) {
		const output = toOutput(task, source);
		return error === undefined ? output : { ...output, error: failureOf(error) };
	}
	const mayExist = error?.taskId !== undefined || error?.kind === 'unknownOutcome';
	const status: TaskStatus = mayExist ? 'UNKNOWN' : 'FAILED';
	return {
		...toOutput(
			{ taskId: error?.taskId ?? '', status: 'UNKNOWN', results: [], usage: NO_USAGE },
			source,
		),
		status,
		error: error === undefined ? null : failureOf(error),
	};
}

/** The same plain JSON, in the type that n8n asks for. */
export function toJson(output: TaskOutput): IDataObject {
	return {
		...output,
		taskId: output.taskId || null,
		results: output.results.map((result) => ({ ...result })),
		usage: { ...output.usage },
		error: output.error === null ? null : { ...output.error },
	};
}

/**
 * The error as n8n shows it: what happened first, with the task id, then what to do.
 * @param more sentences that follow the description
 */
export function nodeError(
	node: INode,
	error: RunningHubError,
	itemIndex: number,
	more = '',
): NodeApiError | NodeOperationError {
	const { code, kind } = error;
	const message = withContext(error);
	const description = [error.description, more].filter((part) => part !== '').join(' ');
	if ((kind === 'validation' && code === undefined) || kind === 'budget') {
		return withOwnMessage(
			new NodeOperationError(node, message, { description, itemIndex }),
			message,
		);
	}
	// Only RunningHub's own codes: n8n would replace the message for one of Node's, such as ECONNREFUSED.
	const httpCode = code !== undefined && /^\d+$/.test(code) ? code : undefined;
	return withOwnMessage(
		new NodeApiError(
			node,
			{ kind, taskId: error.taskId ?? null },
			{ message, description, itemIndex, httpCode },
		),
		message,
	);
}

/** The error's sentence with the task, and the address of the file, that it is about. */
function withContext({ message, taskId, url }: RunningHubError): string {
	const named: string[] = [];
	if (taskId !== undefined && !message.includes(taskId)) named.push(`task ${taskId}`);
	if (url !== undefined) named.push(url);
	return named.length === 0 ? message : `${message.replace(/\.$/, '')} (${named.join(', ')}).`;
}

/**
 * n8n replaces a whole message in which it finds one of Node's codes, even as a part of a word (ENOTFOUND in
 * FileNotFoundError), and with it the task's id.
 */
function withOwnMessage<E extends NodeApiError | NodeOperationError>(error: E, message: string): E {
	error.message = message;
	error.messages = [];
	return error;
}

/** The tasks of the other items are paid for: the error must not hide them. */
function reportOnOthers(results: readonly ItemResult[]): string {
	const failed = results.find(({ error }) => error !== undefined);
	const tasks = results
		.filter((result) => result !== failed)
		.flatMap(({ itemIndex, task }) => (task === undefined ? [] : [{ itemIndex, task }]));
	const notSent = results.filter((result) => result.notSent).length;
	const sentences: string[] = [];
	const ownUrls =
		failed?.error?.url === undefined
			? []
			: (failed.task?.results ?? []).flatMap(({ url }) => url ?? []);
	if (ownUrls.length > 1) {
		sentences.push(`All files of this task: ${ownUrls.slice(0, MAX_ITEMS_NAMED).join(' ')}`);
	}
	if (tasks.length > 0) {
		const shown = tasks.slice(0, MAX_ITEMS_NAMED).map(({ itemIndex, task }) => {
			const url = task.results.find((result) => result.url !== null)?.url;
			const address = url ? ` ${shortAddress(url)}` : '';
			return `item ${itemIndex}: task ${task.taskId} ${task.status}${address}`;
		});
		const more = tasks.length - shown.length;
		const rest = more > 0 ? `; and ${more} more, in n8n’s log` : '';
		sentences.push(
			`Tasks of the other items (counted from 0): ${shown.join('; ')}${rest}. Fetch their results with Task > Wait for Result.`,
		);
	}
	const wrong = results.flatMap(({ itemIndex, error, task }) =>
		error !== undefined && task === undefined ? [{ itemIndex, message: error.message }] : [],
	);
	if (wrong.length > 1) {
		sentences.push(
			`${wrong.length} items could not be run (counted from 0): ${reasons(wrong, failed?.error?.message)}`,
		);
	}
	if (notSent > 0) sentences.push(`Not sent and not paid for: ${notSent} more items.`);
	if (results.some(({ error }) => error === undefined)) {
		sentences.push('With On Error set to Continue, items that fail do not stop the others.');
	}
	return sentences.join(' ');
}

/**
 * What was wrong with several items, each sentence once: `items 0–19: Prompt is empty.`
 * @param shown the sentence that the error itself says
 */
function reasons(
	wrong: ReadonlyArray<{ itemIndex: number; message: string }>,
	shown: string | undefined,
): string {
	const byMessage = new Map<string, number[]>();
	for (const { itemIndex, message } of wrong) {
		byMessage.set(message, [...(byMessage.get(message) ?? []), itemIndex]);
	}
	const groups = [...byMessage].map(
		([message, indexes]) =>
			`${itemRanges(indexes)}: ${message === shown ? 'for the reason above.' : message}`,
	);
	const more = groups.length - MAX_ITEMS_NAMED;
	const rest = more > 0 ? ` And ${more} more reasons.` : '';
	return `${groups.slice(0, MAX_ITEMS_NAMED).join(' ')}${rest}`;
}

/** `item 3`, `items 0–4, 7`: whole ranges as one, in ascending order. */
export function itemRanges(indexes: readonly number[]): string {
	const ranges: Array<{ from: number; to: number }> = [];
	for (const index of [...indexes].sort((a, b) => a - b)) {
		const last = ranges.at(-1);
		if (last !== undefined && index <= last.to + 1) last.to = index;
		else ranges.push({ from: index, to: index });
	}
	const shown = ranges
		.slice(0, MAX_ITEMS_NAMED)
		.map(({ from, to }) =>
			from === to ? `${from}` : `${from}${to === from + 1 ? ', ' : '–'}${to}`,
		);
	const rest = ranges.length > MAX_ITEMS_NAMED ? ' …' : '';
	return `${indexes.length === 1 ? 'item' : 'items'} ${shown.join(', ')}${rest}`;
}

const MAX_ADDRESS_LENGTH = 80;

/** An address that a person recognizes; the file itself is fetched by the id of its task. */
function shortAddress(url: string): string {
	if (url.length <= MAX_ADDRESS_LENGTH || !URL.canParse(url))
		return url.slice(0, MAX_ADDRESS_LENGTH);
	const { origin, pathname } = new URL(url);
	return `${origin}/…/${(pathname.split('/').at(-1) ?? '').slice(-30)}`;
}
