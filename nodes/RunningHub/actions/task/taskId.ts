import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { OutputKind } from '../../../../runninghub/api/outputKind';
import { RunningHubError } from '../../../../runninghub/base/errors';
import { isId } from '../../../../runninghub/base/id';
import { hasLostDigits } from '../../../../runninghub/base/scalar';
import { quote } from '../../../../runninghub/base/text';
import { sampleKind } from '../../sample/sampleTask';

export const taskIdProperty: INodeProperties = {
	displayName: 'Task ID',
	name: 'taskId',
	type: 'string',
	default: '={{ $json.taskId }}',
	required: true,
	placeholder: 'e.g. 1900000000000000201',
	description: 'The 19-digit task ID returned by Submit (<code>taskId</code>)',
};

/**
 * The id of one item, as text.
 * @throws RunningHubError of kind `validation` with one sentence
 */
export function readTaskId(context: IExecuteFunctions, itemIndex: number): string {
	const taskId = readTaskOrSample(context, itemIndex);
	if (typeof taskId === 'string') return taskId;
	throw invalid(`Task ID is ${quote(taskId.sampleId)}, of a sample result: no such task was made.`);
}

/**
 * The id of one item, or that of a sample.
 * @throws RunningHubError of kind `validation` with one sentence
 */
export function readTaskOrSample(
	context: IExecuteFunctions,
	itemIndex: number,
): string | { sampleId: string; kind: OutputKind } {
	const input: unknown = context.getNodeParameter('taskId', itemIndex, '');
	if (input === undefined || input === null || input === '') {
		throw invalid('Task ID is empty; enter the 19-digit ID returned by Submit as taskId.');
	}
	if (hasLostDigits(input)) {
		throw invalid(
			`Task ID was given as a number and lost its last digits (${input}); keep it as text (in a spreadsheet, format the column as text).`,
		);
	}
	const taskId = String(input).trim();
	const kind = sampleKind(taskId);
	if (kind !== undefined) return { sampleId: taskId, kind };
	if (!isId(taskId)) {
		throw invalid(
			`Task ID is ${quote(taskId)}; it must be the 19 digits returned by Submit, such as 1900000000000000201.`,
		);
	}
	return taskId;
}

function invalid(message: string): RunningHubError {
	return new RunningHubError({ kind: 'validation', message });
}
