import { areCallbacksDoubted } from '../sleep/callbackReachability';
import type { WaitStrategy } from '../sleep/waitStrategy';
import { isCalledFor } from './expectedCallbacks';
import type { RunPlan } from './runPlan';

/** Tasks that are likely to be done within it are waited for before the run sleeps, where nobody calls at their end. */
const AWAKE_MS = 60_000;

/** Detaches the run at once, or where it is worth while to stay awake for what it sends, after that time. */
export function detachSignal(
	plan: RunPlan,
	{ awakeMs }: Extract<WaitStrategy, { state: 'sleep' }>,
	account: string,
): AbortSignal {
	const { state, planned } = plan;
	const isContinued = state.earlier === 'continued';
	if (!isContinued && awakeMs > 0) return AbortSignal.timeout(awakeMs);
	const sendsQuickTasks = isContinued
		? waitsToSendQuickTasks(plan)
		: planned.every(({ request }) => request?.expected.isQuick === true);
	const isCalled =
		!areCallbacksDoubted(account) && planned.every((item) => isCalledFor(item, plan));
	return sendsQuickTasks && !isCalled ? AbortSignal.timeout(AWAKE_MS) : AbortSignal.abort();
}

/** Do items wait for the places of tasks that the run has slept for, and have those before them taken little time? */
function waitsToSendQuickTasks({ state: { journal, slept }, planned }: RunPlan): boolean {
	// Where none of its own tasks has a place, others fill the account: a place may come free in an hour.
	if (slept === undefined || slept.deferred === 0 || slept.taskIds.length === 0) return false;
	return planned.some(({ job }) => {
		const entry = journal.find(job.key);
		// A failure tells nothing of how long tasks take.
		if (entry?.state !== 'ended' || entry.task.status !== 'SUCCESS') return false;
		return entry.endedAt - entry.at <= AWAKE_MS;
	});
}
