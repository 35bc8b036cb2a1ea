import type { RunState } from '../n8n/runState';
import type { PlannedItem, RunPlan } from './runPlan';

/** A task that there is already calls whom it was submitted for: where the run is tried again, that is an earlier execution. */
export function isCalledFor({ job }: PlannedItem, { state, callsBack }: RunPlan): boolean {
	const entry = state.journal.find(job.key);
	return entry?.state === 'accepted' ? entry.callbackTo === state.executionId : callsBack;
}

/**
 * The items whose tasks a run has slept for, where all of these call it: then it is woken with the last call, and not by
 * time. None, where some do not.
 */
export function callersOf(plan: RunPlan): PlannedItem[] {
	const { state, planned } = plan;
	const asleep = new Set(state.slept?.taskIds);
	const items = planned.filter(({ job }) => {
		const entry = state.journal.find(job.key);
		return entry?.state === 'accepted' && asleep.has(entry.taskId);
	});
	const allCall = items.length === asleep.size && items.every((item) => isCalledFor(item, plan));
	return allCall ? items : [];
}

/** Have the tasks that were to call all ended? */
export function haveAllEnded(items: readonly PlannedItem[], { journal }: RunState): boolean {
	return items.length > 0 && items.every(({ job }) => journal.find(job.key)?.state === 'ended');
}
