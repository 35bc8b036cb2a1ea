import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import {
	failureOf,
	NO_USAGE,
	toOutput,
	type Task,
	type TaskOutput,
} from '../../../runninghub/api/task';
import type { RunningHubError } from '../../../runninghub/base/errors';
import type { JsonValue } from '../../../runninghub/base/json';
import type { ResultFile, OutputOptions } from '../n8n/resultFiles';
import { firstFailure } from './failureReport';
import type { ItemResult } from './itemResult';

const NO_FILES: OutputOptions = { binaryProperty: undefined, split: false, raw: false };

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

/** The output items of one input item, paired with it: one, or one for each file. */
function itemsOf(node: INode, result: ItemResult, options: OutputOptions): INodeExecutionData[] {
	switch (result.state) {
		case 'json': {
			const pairedItem = { item: result.itemIndex };
			return [result.json].flat().map((json) => ({ json, pairedItem }));
		}
		case 'error':
			return [itemOf(node, result.itemIndex, outputWithoutTask(result), result.error)];
		case 'running':
			return itemsOfTask(node, { ...result, files: [] }, result.notice, options);
		case 'taskError':
			return itemsOfTask(node, result, result.error, options);
		case 'task':
			return itemsOfTask(node, result, undefined, options);
		case 'notSent':
			throw new Error('unreachable: the run stops with the error of another item');
	}
}

type NamedFile = readonly [name: string, file: ResultFile];

/** @param error what the items' `error` says; undefined = what RunningHub says of the task */
function itemsOfTask(
	node: INode,
	result: { itemIndex: number; source: string | null; task: Task; files: ResultFile[] },
	error: RunningHubError | undefined,
	options: OutputOptions,
): INodeExecutionData[] {
	const { itemIndex, source, task, files } = result;
	const output = outputOf(task, source, error);
	const property = options.binaryProperty ?? 'data';
	const raw = options.raw ? task.raw : undefined;
	if (!options.split || output.results.length < 2) {
		const named = files.map(
			(file, index): NamedFile => [index === 0 ? property : `${property}_${index}`, file],
		);
		return [itemOf(node, itemIndex, output, error, { raw, named })];
	}
	let addresses = 0;
	return output.results.map((one) => {
		const file = one.url === null ? undefined : files[addresses++];
		// A file that is missing is the error of its own item alone.
		const ownError = files.length === 0 ? error : file && 'error' in file ? file.error : undefined;
		const whole = outputOf(task, source, ownError);
		const own = { ...whole, url: one.url, text: one.text, results: [one] };
		const named: NamedFile[] = file === undefined ? [] : [[property, file]];
		return itemOf(node, itemIndex, own, ownError, { raw, named });
	});
}

function itemOf(
	node: INode,
	itemIndex: number,
	output: TaskOutput,
	error: RunningHubError | undefined,
	{ raw, named = [] }: { raw?: JsonValue; named?: readonly NamedFile[] } = {},
): INodeExecutionData {
	const pairedItem = { item: itemIndex };
	if (node.onError === 'continueErrorOutput' && error !== undefined) {
		return { json: forErrorOutput(output, error), pairedItem };
	}
	const json = { ...toJson(output), ...(raw === undefined ? {} : { raw }) };
	return { json, ...withBinary(named), pairedItem };
}

function withBinary(files: readonly NamedFile[]): Pick<INodeExecutionData, 'binary'> {
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

function outputOf(
	task: Task,
	source: string | null,
	error: RunningHubError | undefined,
): TaskOutput {
	const output = toOutput(task, source);
	return error === undefined ? output : { ...output, error: failureOf(error) };
}

function outputWithoutTask(result: { source: string | null; error: RunningHubError }): TaskOutput {
	const { source, error } = result;
	const mayExist = error.taskId !== undefined || error.kind === 'unknownOutcome';
	return {
		taskId: error.taskId ?? '',
		status: mayExist ? 'UNKNOWN' : 'FAILED',
		source,
		url: null,
		text: null,
		results: [],
		usage: NO_USAGE,
		error: failureOf(error),
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
