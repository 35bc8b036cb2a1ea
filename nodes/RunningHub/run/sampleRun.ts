import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { OutputKind } from '../../../runninghub/api/outputKind';
import type { Task } from '../../../runninghub/api/task';
import { RunningHubError } from '../../../runninghub/base/errors';
import { quote } from '../../../runninghub/base/text';
import type { Budget } from '../../../runninghub/tasks/budget';
import { isTool, effectiveNode } from '../agent/tool';
import { readOption } from '../form/readOptions';
import type { Connection } from '../n8n/connection';
import { addHint } from '../n8n/hint';
import { readOutputOptions, type ResultFiles } from '../n8n/resultFiles';
import {
	finishedSample,
	sampleFile,
	sampleKind,
	sampleTaskId,
	submittedSample,
} from '../sample/sampleTask';
import { addFailureHint } from './failureHint';
import { isFailed, type ItemOutcome, type ItemResult } from './itemResult';
import { continuesOnFail, toItems } from './output';
import type { PlannedTask } from './runPlan';

const PREPARE_CONCURRENCY = 4;
/** Runs that somebody starts in the editor to see what comes out. */
const EDITOR_MODES: readonly string[] = ['manual', 'evaluation'];

/**
 * Is the run to give samples instead of making tasks? One choice for the whole run.
 * @throws RunningHubError of kind `validation` for a run outside the editor that is not meant to, and for what is no choice
 */
export function readSampleChoice(context: IExecuteFunctions, itemIndex: number): boolean {
	const choice = readOption(context, itemIndex, 'sampleResult') ?? 'off';
	if (choice === 'off') return false;
	if (choice === 'always') return true;
	if (choice !== 'editor') {
		throw invalid(`Sample Result is ${quote(choice)}; it is one of off, editor, always.`);
	}
	if (EDITOR_MODES.includes(context.getMode())) return true;
	throw invalid('Sample Result is on for runs from the editor, and this is not one.');
}

function invalid(message: string): RunningHubError {
	return new RunningHubError({
		kind: 'validation',
		message,
		description:
			'Nothing was sent and nothing was paid for. Set Sample Result to Off to make real results, or to Also in Production.',
	});
}

interface SampleRun {
	planned: readonly PlannedTask[];
	/** The items that could not be read, where the run goes on without them. */
	invalid: readonly ItemResult[];
	/** Would the tasks be waited for? */
	wait: boolean;
	budget: Budget;
}

/** Makes each task ready as if it were to be sent, and gives out samples of their results. Nothing is paid for. */
export async function sampleRun(
	context: IExecuteFunctions,
	{ signal, logger }: Pick<Connection, 'signal' | 'logger'>,
	{ planned, invalid, wait, budget }: SampleRun,
): Promise<INodeExecutionData[]> {
	const limit = pLimit(PREPARE_CONCURRENCY);
	const made = planned.map(async ({ job, request }): Promise<ItemResult> => {
		const { itemIndex, source } = job;
		if (request === undefined) throw new Error('unreachable: a sample reads every item');
		const { outputKind } = request.expected;
		return await limit(async () => {
			signal?.throwIfAborted();
			const { charge } = await job.prepare();
			const sample = await budget.within(
				charge,
				async () => await sampleOf(outputKind, itemIndex, wait),
			);
			return { itemIndex, source, ...(await sampleResult(context, itemIndex, sample)) };
		}).catch((error: unknown) => {
			if (error instanceof RunningHubError) return { itemIndex, source, state: 'error', error };
			throw error;
		});
	});
	const results = [...invalid, ...(await Promise.all(made))].sort(
		(a, b) => a.itemIndex - b.itemIndex,
	);
	const node = effectiveNode(context);
	const failed = results.filter(isFailed);
	// No task goes on that an error would have to name.
	if (failed.length > 0 && !continuesOnFail(node)) return toItems(node, failed);
	addFailureHint(context, results);
	if (failed.length < results.length) {
		logger.warn('The RunningHub node gave out sample results: no task was made.');
		addHint(
			context,
			'Sample result: no task was made and nothing was paid for. Set the option Sample Result to Off to make a real one.',
			'warning',
		);
	}
	const [first] = results;
	return toItems(node, results, readOutputOptions(context, first?.itemIndex ?? 0));
}

async function sampleOf(kind: OutputKind, itemIndex: number, wait: boolean): Promise<Task> {
	return wait
		? await finishedSample(sampleTaskId(kind, itemIndex), kind)
		: submittedSample(kind, itemIndex);
}

/** The sample, with its file where files are asked for. An agent cannot read files. */
export async function sampleResult(
	context: IExecuteFunctions,
	itemIndex: number,
	task: Task,
): Promise<ItemOutcome> {
	const kind = sampleKind(task.taskId);
	const { binaryProperty } = readOutputOptions(context, itemIndex);
	const hasFile = kind !== undefined && kind !== 'text' && task.results.length > 0;
	if (!hasFile || binaryProperty === undefined || isTool(context)) {
		return { state: 'task', task, files: [] };
	}
	const file = await fileOf(context, task.taskId, kind);
	return { state: 'task', task, files: [{ file }] };
}

async function fileOf(
	{ helpers }: Pick<IExecuteFunctions, 'helpers'>,
	taskId: string,
	kind: Exclude<OutputKind, 'text'>,
): Promise<Extract<ResultFiles['files'][number], { file: unknown }>['file']> {
	const { base64, extension, mimeType } = await sampleFile(kind);
	const content = Buffer.from(base64, 'base64');
	return await helpers.prepareBinaryData(content, `${taskId}.${extension}`, mimeType);
}
