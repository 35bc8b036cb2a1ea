import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { TaskRequest } from '../../../runninghub/api/taskRequest';
import { RunningHubError } from '../../../runninghub/base/errors';
import type { BinaryFiles } from '../../../runninghub/files/media';
import { createUploads, type Uploads } from '../../../runninghub/files/uploads';
import { budgetIn } from '../../../runninghub/tasks/budget';
import { taskIdIn } from '../../../runninghub/tasks/journal';
import { effectiveNode } from '../agent/tool';
import { readFlag } from '../form/readOptions';
import { readMaxConcurrent, readWaitOptions } from '../form/waitOptions';
import { binaryFilesOf } from '../n8n/binaries';
import type { Connection } from '../n8n/connection';
import { beginRun, itemIndexOf, journalKey, type RunState } from '../n8n/runState';
import { readCallbackUrl } from '../sleep/callbackUrl';
import { waitStrategyOf, type WaitStrategy } from '../sleep/waitStrategy';
import { checkFiles } from './checkFiles';
import { connectWithRetries } from './connectWithRetries';
import { checked } from './eachItem';
import type { ItemResult } from './itemResult';
import { keepTaskIds } from './keepTaskIds';
import { continuesOnFail, toItems } from './output';
import { checkPrice, readPriceLimits } from './priceLimits';
import { runJobs } from './runJobs';
import type { PlannedTask } from './runPlan';
import { readSampleChoice, sampleRun } from './sampleRun';

/** What one item asks for. */
export interface ItemRequest {
	request: TaskRequest;
	/** The form with its expressions as they are written: what it is told by from other requests of its item. */
	asWritten: unknown;
}

/** Reads one item's request from the form. Throws a RunningHubError of kind `validation` for what would be refused. */
export type ReadRequest = (
	context: IExecuteFunctions,
	itemIndex: number,
	binaries: BinaryFiles,
) => ItemRequest | Promise<ItemRequest>;

/** What the tasks of one run have in common. */
interface TaskRun {
	context: IExecuteFunctions;
	read: ReadRequest;
	wait: boolean;
	/** Where RunningHub is to report the end of a task that the run sleeps for. */
	wakeUrl: string | undefined;
	connection: Connection;
	uploads: Uploads;
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
		const run: TaskRun = { context, read, wait, wakeUrl, connection, uploads };

		const readable: PlannedTask[] = [];
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
				invalid.push({ itemIndex, source: known?.source ?? null, state: 'error', error });
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
				.map(
					({ job: { itemIndex, source } }): ItemResult => ({ itemIndex, source, state: 'notSent' }),
				);
			return toItems(node, [...invalid, ...notSent]);
		}

		if (isSample) {
			// It spends nothing, and only looks whether there would be enough.
			const budget = budgetIn({ ...state.spending });
			return await sampleRun(context, connection, { planned, invalid, wait, budget });
		}
		return await runJobs(context, connection, {
			state,
			strategy,
			callsBack: wakeUrl !== undefined,
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
function keptPlan(run: TaskRun, itemIndex: number, { key, source }: KeptItem): PlannedTask {
	const { context } = run;
	const wait = run.wait ? readWaitOptions(context, itemIndex) : undefined;
	return {
		request: undefined,
		wait,
		job: {
			itemIndex,
			key,
			source,
			wait,
			cancelWhenStopped: readFlag(context, itemIndex, 'cancelOnStop', 'Cancel Tasks on Stop'),
			prepare: async () => {
				const { job } = await orThrow(run, async () => await planItem(run, itemIndex));
				return await job.prepare();
			},
		},
	};
}

/** @throws RunningHubError of kind `validation` for what would be refused, and whatever an expression throws */
async function planItem(run: TaskRun, itemIndex: number): Promise<PlannedTask> {
	const { context, read, wakeUrl, connection, uploads } = run;
	const binaries = await binaryFilesOf(context, itemIndex);
	const { request, asWritten } = await read(context, itemIndex, binaries);
	const { source, call, password } = request;
	const wait = run.wait ? readWaitOptions(context, itemIndex) : undefined;
	const webhookUrl = run.wait ? wakeUrl : readCallbackUrl(context, itemIndex, connection.baseUrl);
	const callbackTo = wakeUrl === undefined ? undefined : context.getExecutionId();
	const limits = readPriceLimits(context, itemIndex);
	return {
		request,
		wait,
		job: {
			itemIndex,
			key: journalKey(itemIndex, [source, asWritten]),
			source,
			wait,
			cancelWhenStopped: readFlag(context, itemIndex, 'cancelOnStop', 'Cancel Tasks on Stop'),
			resubmitUnknown: readFlag(context, itemIndex, 'resubmitUnknown', 'Submit Again if Unsure'),
			prepare: async () =>
				await orThrow(run, async () => {
					const body = await request.prepare(uploads);
					const charge = await checkPrice(limits, request, connection, body);
					const sent = webhookUrl === undefined ? body : { ...body, webhookUrl };
					return { call, password, body: sent, charge, callbackTo };
				}),
		},
	};
}

/** What n8n throws, as of a stored file that is gone, is an error of this item alone. */
async function orThrow<T>({ connection }: TaskRun, make: () => Promise<T>): Promise<T> {
	const made = await checked(connection, make);
	if (made instanceof RunningHubError) throw made;
	return made;
}
