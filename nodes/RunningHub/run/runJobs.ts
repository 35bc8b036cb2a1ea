import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { runBatch } from '../../../runninghub/tasks/batch';
import { budgetIn } from '../../../runninghub/tasks/budget';
import type { Job, JobOutcome } from '../../../runninghub/tasks/job';
import { sleepMs, type SleepingTask } from '../../../runninghub/tasks/sleepSchedule';
import { effectiveNode } from '../agent/tool';
import type { Connection } from '../n8n/connection';
import { addHint } from '../n8n/hint';
import { resultFilesOf, type FetchResultFiles, type ResultFiles } from '../n8n/resultFiles';
import type { RunState } from '../n8n/runState';
import { areCallbacksProven, doubtCallbacks, proveCallbacks } from '../sleep/callbackReachability';
import { keptFiles } from '../sleep/keptFiles';
import { putToSleep } from '../sleep/putToSleep';
import { staleTimer } from '../sleep/staleTimer';
import type { WaitStrategy } from '../sleep/waitStrategy';
import { addCostHint } from './costHint';
import { addFailureHint } from './failureHint';
import { detachSignal } from './detachSignal';
import { callersOf, haveAllEnded, isCalledFor } from './expectedCallbacks';
import { endedResult, timedOutResult, type ItemResult } from './itemResult';
import { continuesOnFail, toItems } from './output';
import type { PlannedItem, RunPlan } from './runPlan';

/** From the items of a run to its tasks and back: sends them, waits for them awake or asleep, and gives out what came of them. */
export async function runJobs(
	context: IExecuteFunctions,
	connection: Connection,
	plan: RunPlan,
): Promise<INodeExecutionData[]> {
	const { state, strategy, planned } = plan;
	const { logger, account } = connection;
	const node = effectiveNode(context);
	const sleeps = strategy.state === 'sleep';
	reportStrategy(context, connection, strategy);
	const { slept } = state;
	const wasCalled = slept?.calledBack === true;
	if (slept !== undefined) {
		const how = wasCalled ? 'RunningHub called' : 'it is time to look';
		logger.info(`Awake, since ${how}: RunningHub tasks ${slept.taskIds.join(', ') || 'none'}`);
	}
	if (wasCalled) proveCallbacks(account);
	const expectedToCall = wasCalled ? [] : callersOf(plan);

	const [first] = planned;
	const { options, fetchFiles } = resultFilesOf(context, first?.job.itemIndex ?? 0, connection);
	const files = new Map<Job, ResultFiles>();
	const kept = keptFiles(state, fetchFiles);
	const outcomes = await runBatch(
		// A run that sleeps fetches its files at the end: until then n8n would keep them with the execution, at each sleep.
		planned.map(({ job }) => (sleeps ? job : fetchingFiles(job, fetchFiles, files))),
		{ ...connection, journal: state.journal, budget: budgetIn(state.spending) },
		{
			goOnAfterFailure: continuesOnFail(node),
			maxConcurrent: plan.maxConcurrent,
			earlier: state.earlier,
			startedAt: state.startedAt,
			keepRaw: options.raw,
			detach: strategy.state === 'sleep' ? detachSignal(plan, strategy, account) : undefined,
		},
	);

	const items = planned.map((item, index) => ({ item, outcome: outcomes[index] }));
	if (haveAllEnded(expectedToCall, state) && doubtCallbacks(account)) {
		logger.info(
			'RunningHub has not called, although all tasks have ended: until it does, the node looks more often.',
		);
	}
	if (items.some(({ outcome }) => isUnfinished(outcome))) {
		await kept.ofOldTasks(items.map(({ item, outcome }) => ({ job: item.job, outcome })));
		return await sleep(context, connection, plan, outcomes);
	}
	const timer = sleeps ? staleTimer(context, state.timersAt) : undefined;
	if (timer !== undefined) {
		logger.info(`Asleep until ${timer.toISOString()}, when n8n will wake the execution once more.`);
		return await sleepUntil(context, state, timer, { taskIds: [], deferred: 0 });
	}
	if (sleeps && fetchFiles !== undefined) {
		await Promise.all(
			items.map(async ({ item: { job }, outcome }) => {
				if (outcome?.state !== 'ended' || outcome.task.status !== 'SUCCESS') return;
				files.set(job, await kept.of(job, outcome.task));
			}),
		);
	}
	const results = items.flatMap(({ item, outcome }) =>
		outcome === undefined ? [] : [resultFor(item, outcome, files.get(item.job))],
	);
	const all = [...plan.settled, ...results].sort((a, b) => a.itemIndex - b.itemIndex);
	addFailureHint(context, all);
	addCostHint(context, all, connection);
	return toItems(node, all, options);
}

/** Where the run keeps running although that is not what was chosen, somebody wants to know why. */
function reportStrategy(
	context: IExecuteFunctions,
	{ logger }: Connection,
	strategy: WaitStrategy,
): void {
	if (strategy.state === 'sleep' || strategy.why === undefined) return;
	const message = `The execution keeps running while it waits, because ${strategy.why}.`;
	logger.info(message);
	if (context.getNodeParameter('options.waitStrategy', 0, 'auto') === 'sleep')
		addHint(context, message);
}

/** The same job; its files are fetched as soon as they are there, while others are still waited for. */
function fetchingFiles(
	job: Job,
	fetchFiles: FetchResultFiles | undefined,
	files: Map<Job, ResultFiles>,
): Job {
	if (fetchFiles === undefined || job.wait === undefined) return job;
	const own: Job = {
		...job,
		onSuccess: async (task) => {
			files.set(job, await fetchFiles(task));
		},
	};
	return own;
}

function isUnfinished(
	outcome: JobOutcome | undefined,
): outcome is Extract<JobOutcome, { state: 'detached' | 'deferred' }> {
	return outcome?.state === 'detached' || outcome?.state === 'deferred';
}

/** Sleeps until the next look is due, or RunningHub calls. */
async function sleep(
	context: IExecuteFunctions,
	{ logger, clock, account }: Connection,
	plan: RunPlan,
	outcomes: readonly JobOutcome[],
): Promise<INodeExecutionData[]> {
	const { state, planned } = plan;
	const now = clock.now();
	const callbacksArrive = areCallbacksProven(account);
	const running = planned.flatMap((item, index) => {
		const { job, wait } = item;
		const outcome = outcomes[index];
		const entry = state.journal.find(job.key);
		if (outcome?.state !== 'detached' || wait === undefined || entry?.state !== 'accepted')
			return [];
		const { taskId, at } = entry;
		const callsBack = callbacksArrive && isCalledFor(item, plan);
		const task = { taskId, ageMs: now - at, callsBack, ...wait };
		return [task satisfies SleepingTask & { taskId: string }];
	});
	const taskIds = running.map(({ taskId }) => taskId);
	const deferred = outcomes.filter((outcome) => outcome.state === 'deferred').length;
	const until = new Date(Date.now() + sleepMs(running, { hasDeferred: deferred > 0 }));
	const waiting = deferred > 0 ? ` ${deferred} more wait for a place on the account.` : '';
	logger.info(
		`Asleep until ${until.toISOString()} at the latest, while ${taskIds.length} RunningHub tasks go on: ${taskIds.join(', ')}.${waiting}`,
		{ taskIds },
	);
	return await sleepUntil(context, state, until, { taskIds, deferred });
}

async function sleepUntil(
	context: IExecuteFunctions,
	state: RunState,
	until: Date,
	asleep: { taskIds: string[]; deferred: number },
): Promise<INodeExecutionData[]> {
	state.markAsleep({ ...asleep, until: until.getTime() });
	await putToSleep(context, until);
	// Nothing: n8n throws it away, and an error in its first item would make Retry On Fail run the node again.
	return [];
}

function resultFor(
	{ job: { itemIndex, source }, wait }: PlannedItem,
	outcome: JobOutcome,
	resultFiles: ResultFiles | undefined,
): ItemResult {
	const base = { itemIndex, source };
	switch (outcome.state) {
		case 'error':
			return { ...base, state: 'error', error: outcome.error };
		case 'notSent':
			return { ...base, state: 'notSent' };
		case 'pending':
			return { ...base, state: 'task', task: outcome.task, files: [] };
		case 'ended':
			return { ...base, ...endedResult(outcome.task, resultFiles?.files) };
		case 'timedOut':
			if (wait === undefined) throw new Error('unreachable: nobody waits for its task');
			return { ...base, ...timedOutResult(outcome, wait) };
		case 'detached':
		case 'deferred':
			throw new Error('unreachable: a run with such tasks sleeps');
	}
}
