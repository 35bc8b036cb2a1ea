import { createHash } from 'node:crypto';
import type { IDataObject, IExecuteFunctions, INode } from 'n8n-workflow';
import { z } from 'zod';
import { isObject } from '../../../runninghub/base/json';
import { journalIn, type Journal } from '../../../runninghub/tasks/journal';
import { toolCallOf } from '../agent/tool';
import { calendarOffset } from './clock';
import { latestRun, rememberRun } from './latestRuns';

/**
 * What is kept of one run of the node in n8n's node context, which n8n saves when the execution sleeps or ends. It is still
 * there after a sleep, on Retry On Fail and in both kinds of retry from the execution list; a loop shares it between its
 * runs, so each run has its own part. The budget alone is one for all of them.
 */
export interface RunState {
	executionId: string;
	journal: Journal;
	/**
	 * `continued`: the run has slept, and goes on. `tried`: it ended before, and is tried again.
	 * undefined: it is the first time.
	 */
	earlier: 'continued' | 'tried' | undefined;
	/** When it began, over all its sleeps; milliseconds, by the clock. */
	startedAt: number;
	/** The tasks that it slept for; empty where it did not sleep. */
	sleptFor: readonly string[];
	/** Has a callback of RunningHub's woken it? */
	wasCalledBack: boolean;
	/** When n8n may still wake the execution, whatever it waits for then; milliseconds, by the calendar: see {@link timersIn}. */
	timersAt: readonly number[];
	/** The store of the budget: of all runs of the node in the execution, and of an agent's calls in it. */
	spending: IDataObject;
	/** The files of tasks that ended long before the others, by the key of the journal. */
	files: IDataObject;
	/** To be called before the execution is put to sleep. */
	markAsleep(asleep: Pick<Asleep, 'taskIds' | 'deferred' | 'until'>): void;
}

const asleepSchema = z.object({
	runIndex: z.string(),
	/** When it went to sleep, which tells one sleep of an execution from the next; by the calendar. */
	since: z.number(),
	/** The tasks that it sleeps for. */
	taskIds: z.array(z.string()),
	/** How many submits wait for a free slot of the account. */
	deferred: z.number(),
	/** When time wakes it at the latest, by the calendar. */
	until: z.number(),
	/** Set by a callback that wakes it. */
	calledBack: z.boolean().optional(),
});

/** What is known of a run that sleeps. */
export type Asleep = z.infer<typeof asleepSchema>;

/** @param nodeContext n8n's context of a node, as saved or as read */
export function asleepIn(nodeContext: unknown): Asleep | undefined {
	const read = z.object({ asleep: asleepSchema }).safeParse(nodeContext);
	return read.success ? read.data.asleep : undefined;
}

const runSchema = z.object({
	executionId: z.string(),
	tries: z.number(),
	startedAt: z.number(),
	/** How often it has gone to sleep or been woken. */
	turns: z.number().catch(0),
	timersAt: z.array(z.number()).catch([]),
});

/** One run for each time that n8n runs the node, although items of different operations each ask for it. */
const begun = new WeakMap<IExecuteFunctions, RunState>();

/** Begins a run of the node, or goes on with it. */
export function beginRun(context: IExecuteFunctions): RunState {
	if (isInsideAgent(context)) return stateOf(context);
	const state = begun.get(context) ?? stateOf(context);
	begun.set(context, state);
	return state;
}

/**
 * An agent that asks for the same video twice means two videos, and here both may be in one run. Nothing is thrown to it,
 * so nothing is tried again either, and it cannot sleep.
 */
function isInsideAgent(context: IExecuteFunctions): boolean {
	const call = toolCallOf(context);
	return call === 'agent' || call === 'ephemeral';
}

function stateOf(context: IExecuteFunctions): RunState {
	// Only outside of any execution there is none: elsewhere a missing one is an error, or what is in it is paid for again.
	const ofNode = toolCallOf(context) === 'ephemeral' ? {} : context.getContext('node');
	const isOfAgent = isInsideAgent(context);
	const kept = isOfAgent ? {} : ofNode;
	const runIndex = String(context.evaluateExpression('{{ $runIndex }}', 0));
	const executionId = context.getExecutionId();
	const key = [executionId, context.getNode().name, runIndex].join(':');
	const wasOutdated = !isOfAgent && useLatest(kept, { key, runIndex, executionId });
	const asleep = asleepIn(kept);
	const isWoken = asleep?.runIndex === runIndex;
	if (isWoken) delete kept.asleep;
	const hasSlept = isWoken || wasOutdated;

	const submits = child(child(kept, 'submits'), runIndex);
	const files = child(child(kept, 'files'), runIndex);
	const spending = child(ofNode, 'spending');
	const before = runSchema.safeParse(child(kept, 'runs')[runIndex]);
	const isSameExecution = before.success && before.data.executionId === executionId;
	const tries = (isSameExecution ? before.data.tries : 0) + Number(!hasSlept || !isSameExecution);
	const startedAt = hasSlept && before.success ? before.data.startedAt : Date.now();
	const turns = (isSameExecution ? before.data.turns : 0) + Number(hasSlept);
	const timersAt = timersIn(
		before.success ? before.data.timersAt : [],
		isWoken ? asleep : undefined,
	);
	const run = { executionId, tries, startedAt, turns, timersAt };
	child(kept, 'runs')[runIndex] = run;
	if (!isOfAgent) rememberRun(key, { submits, spending, run });

	// n8n counts anew after each sleep: without an end of our own, Retry On Fail would pay for a task that always fails
	// again and again.
	const isTriedEnough = isSameExecution && tries > maxTriesOf(context.getNode());
	const isFirst = Object.keys(submits).length === 0;
	return {
		executionId,
		journal: journalIn(submits, calendarOffset()),
		earlier: hasSlept || isTriedEnough ? 'continued' : isFirst ? undefined : 'tried',
		startedAt: startedAt - calendarOffset(),
		sleptFor: isWoken ? asleep.taskIds : [],
		wasCalledBack: isWoken && asleep.calledBack === true,
		timersAt,
		spending,
		files,
		markAsleep: (more) => {
			const since = Date.now();
			kept.asleep = { runIndex, since, ...more } satisfies Asleep;
			run.turns += 1;
			rememberRun(key, { submits, spending, run });
		},
	};
}

/**
 * n8n sets a timer for an execution that is to wake soon, and one that a callback wakes before keeps it: at its time n8n
 * goes on with the execution, also where it waits for something else by then.
 */
function timersIn(before: readonly number[], asleep: Asleep | undefined): number[] {
	const now = Date.now();
	// There is but one at a time: where it was time that woke the execution, it has gone off.
	const all = asleep?.calledBack === true ? [...before, asleep.until] : [];
	return all.filter((at) => at > now);
}

/** @returns whether n8n's state of the run was older than what this process knows of it */
function useLatest(
	kept: IDataObject,
	{ key, runIndex, executionId }: { key: string; runIndex: string; executionId: string },
): boolean {
	const before = runSchema.safeParse(child(kept, 'runs')[runIndex]);
	const isSameExecution = before.success && before.data.executionId === executionId;
	const latest = latestRun(key, isSameExecution ? before.data.turns : undefined);
	if (latest === undefined) return false;
	child(kept, 'submits')[runIndex] = latest.submits;
	kept.spending = latest.spending;
	child(kept, 'runs')[runIndex] = latest.run;
	return true;
}

/** How often n8n runs a node before it gives up, as n8n reads its settings. */
function maxTriesOf({ retryOnFail, maxTries }: INode): number {
	return retryOnFail === true ? Math.min(5, Math.max(2, maxTries || 3)) : 1;
}

/**
 * The key of an item in the journal: the same for the same item when the run is tried again.
 * @param request what is asked for, with expressions as they are written: one such as `$now` has another value each time,
 * and the item that it reads is the same one
 */
export function journalKey(itemIndex: number, request: unknown): string {
	const digest = createHash('sha256').update(JSON.stringify(request)).digest('hex');
	return `${itemIndex}:${digest.slice(0, 32)}`;
}

/** The input item of a key that {@link journalKey} made. */
export const itemIndexOf = (key: string): number => Number.parseInt(key, 10);

function child(parent: IDataObject, name: string): IDataObject {
	const existing = parent[name];
	if (isDataObject(existing)) return existing;
	const made: IDataObject = {};
	parent[name] = made;
	return made;
}

function isDataObject(value: IDataObject[string]): value is IDataObject {
	return isObject(value);
}
