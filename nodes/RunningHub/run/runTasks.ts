import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Task } from '../../../runninghub/api/task';
import type { TaskRequest } from '../../../runninghub/api/taskRequest';
import { RunningHubError } from '../../../runninghub/base/errors';
import type { JsonObject } from '../../../runninghub/base/json';
import type { BinaryFiles } from '../../../runninghub/files/media';
import { createUploads, type Uploads } from '../../../runninghub/files/uploads';
import type { NewTask } from '../../../runninghub/tasks/batch';
import { budgetIn, type Budget } from '../../../runninghub/tasks/budget';
import { taskIdIn } from '../../../runninghub/tasks/journal';
import { effectiveNode } from '../agent/tool';
import { readFlag } from '../form/readOptions';
import { readMaxConcurrent, readWaitOptions } from '../form/waitOptions';
import { binaryFilesOf } from '../n8n/binaries';
import type { Connection } from '../n8n/connection';
import { beginRun, itemIndexOf, journalKey, type RunState } from '../n8n/runState';
import { finishedSample, sampleTaskId, submittedSample } from '../sample/sampleTask';
import { readCallbackUrl } from '../sleep/callbackUrl';
import { waitStrategyOf, type WaitStrategy } from '../sleep/waitStrategy';
import { checkFiles } from './checkFiles';
import { connectWithRetries } from './connectWithRetries';
import { checked } from './eachItem';
import { keepTaskIds } from './keepTaskIds';
import { continuesOnFail, toItems, type ItemResult } from './output';
import { limitedSubmit, readPriceLimits } from './priceLimits';
import { runJobs, type PlannedItem } from './runJobs';
import { readSampleChoice, sampleRun } from './sampleRun';

/** Reads one item's request from the form. Throws a RunningHubError of kind `validation` for what would be refused. */
export type ReadRequest = (
	context: IExecuteFunctions,
	itemIndex: number,
	binaries: BinaryFiles,
) => TaskRequest | Promise<TaskRequest>;

/** What the tasks of one run have in common. */
interface TaskRun {
	context: IExecuteFunctions;
	read: ReadRequest;
	wait: boolean;
	/** Where RunningHub is to report the end of a task that the run sleeps for. */
	wakeUrl: string | undefined;
	connection: Connection;
	uploads: Uploads;
	budget: Budget;
	/** Nothing is sent: what would be is checked, and a sample of the result given out. */
	isSample: boolean;
}

export interface TaskRunSettings {
	read: ReadRequest;
	wait: boolean;
	/** Is RunningHub known to call back at the end of such tasks (reference section 8.1)? Yes, if not given. */
	callsBack?: boolean;
}

/**
 * Makes one task for each item. All items are checked before the first is paid for: without Continue On Fail one
 * invalid item stops the node while nothing has been spent.
 */
export async function runTasks(
	context: IExecuteFunctions,
	itemIndexes: number[],
	{ read, wait, callsBack = true }: TaskRunSettings,
): Promise<INodeExecutionData[]> {
	const state = beginRun(context);
	return await keepTaskIds(context, state, itemIndexes, async () => {
		const [first = 0] = itemIndexes;
		const isSample = readSampleChoice(context, first);
		const connection = await connectWithRetries(context, state);
		const strategy: WaitStrategy =
			wait && !isSample
				? waitStrategyOf(context, itemIndexes, connection.baseUrl)
				: { state: 'poll' };
		const uploads = createUploads(connection);
		const wakeUrl = callsBack && strategy.state === 'sleep' ? strategy.callbackUrl : undefined;
		// A sample spends nothing: it only looks whether there would be enough.
		const budget = budgetIn(isSample ? { ...state.spending } : state.spending);
		const run: TaskRun = { context, read, wait, wakeUrl, connection, uploads, budget, isSample };

		const readable: Array<PlannedItem & { job: NewTask }> = [];
		const invalid: ItemResult[] = [];
		const kept =
			!isSample && state.earlier === 'continued' ? keptItems(state) : new Map<number, KeptItem>();
		for (const itemIndex of itemIndexes) {
			const known = kept.get(itemIndex);
			const plan = await checked(connection, async () =>
				known === undefined ? await planItem(run, itemIndex) : keptPlan(run, itemIndex, known),
			);
			if (plan instanceof RunningHubError) {
				const error = known?.taskId === undefined ? plan : plan.with({ taskId: known.taskId });
				invalid.push({ itemIndex, source: known?.source ?? null, error });
			} else readable.push(plan);
		}
		const node = effectiveNode(context);
		const { planned, unfit } = await checkFiles(readable, connection, {
			journal: state.journal,
			stopsAtError: !continuesOnFail(node),
		});
		invalid.push(...unfit);
		if (invalid.length > 0 && !continuesOnFail(node)) {
			const notSent = planned
				.filter(({ job }) => state.journal.find(job.key) === undefined)
				.map(({ job: { itemIndex, source } }) => ({ itemIndex, source, notSent: true as const }));
			return toItems(node, [...invalid, ...notSent]);
		}

		if (isSample) {
			const jobs = planned.map(({ job }) => job);
			return await sampleRun(context, connection, jobs, invalid);
		}
		return await runJobs(context, connection, {
			state,
			strategy,
			planned,
			settled: invalid,
			maxConcurrent: readMaxConcurrent(context, first),
		});
	});
}

/** An item as an earlier part of the same run has read it, before it slept. */
interface KeptItem {
	key: string;
	source: string | null;
	taskId: string | undefined;
}

function keptItems({ journal }: RunState): Map<number, KeptItem> {
	return new Map(
		journal.entries().map(([key, entry]) => {
			const { source } = entry;
			return [itemIndexOf(key), { key, source, taskId: taskIdIn(entry) }];
		}),
	);
}

/** Its form is read again only if it is still to be sent: an expression may have another value now, and reading takes time. */
function keptPlan(
	run: TaskRun,
	itemIndex: number,
	{ key, source }: KeptItem,
): PlannedItem & { job: NewTask } {
	const { context, wait } = run;
	const choice = wait ? readWaitOptions(context, itemIndex) : undefined;
	let read: NewTask | undefined;
	return {
		isQuick: false,
		callsBack: run.wakeUrl !== undefined,
		wait: choice,
		job: {
			itemIndex,
			key,
			source,
			wait: choice,
			cancelWhenStopped: readFlag(context, itemIndex, 'cancelOnStop', 'Cancel Tasks on Stop'),
			prepare: async () => {
				const plan = await checked(run.connection, async () => await planItem(run, itemIndex));
				if (plan instanceof RunningHubError) throw plan;
				read = plan.job;
				await read.prepare();
			},
			submit: async () => {
				if (read === undefined) throw new Error('unreachable: it is prepared first');
				return await read.submit();
			},
		},
	};
}

/** @throws RunningHubError of kind `validation` for what would be refused, and whatever an expression throws */
async function planItem(run: TaskRun, itemIndex: number): Promise<PlannedItem & { job: NewTask }> {
	const { context, read, wakeUrl, connection, uploads, isSample } = run;
	const request = await read(context, itemIndex, await binaryFilesOf(context, itemIndex));
	const wait = run.wait ? readWaitOptions(context, itemIndex) : undefined;
	const callbackUrl = run.wait ? wakeUrl : readCallbackUrl(context, itemIndex, connection.baseUrl);
	const limits = readPriceLimits(context, itemIndex);
	const limited = limitedSubmit(limits, request, connection, run.budget);
	const send = isSample
		? async () => await sampleOf(request, itemIndex, run.wait)
		: async () => await request.submit(connection.client, body);
	let body: JsonObject = {};
	return {
		isQuick: request.isQuick,
		callsBack: wakeUrl !== undefined,
		wait,
		checkFiles: request.checkFiles,
		job: {
			itemIndex,
			key: journalKey(itemIndex, [request.source, request.asWritten]),
			source: request.source,
			wait,
			cancelWhenStopped: readFlag(context, itemIndex, 'cancelOnStop', 'Cancel Tasks on Stop'),
			resubmitUnknown: readFlag(context, itemIndex, 'resubmitUnknown', 'Submit Again if Unsure'),
			prepare: async () => {
				// What n8n throws, as of a stored file that is gone, is an error of this item alone.
				const failure = await checked(connection, async () => {
					body = await request.prepare(uploads);
					await limited.check(body);
				});
				if (failure instanceof RunningHubError) throw failure;
				if (callbackUrl !== undefined) body.webhookUrl = callbackUrl;
			},
			submit: async () => await limited.submit(send),
		},
	};
}

async function sampleOf(
	{ outputKind }: TaskRequest,
	itemIndex: number,
	wait: boolean,
): Promise<Task> {
	return wait
		? await finishedSample(sampleTaskId(outputKind, itemIndex), outputKind)
		: submittedSample(outputKind, itemIndex);
}
