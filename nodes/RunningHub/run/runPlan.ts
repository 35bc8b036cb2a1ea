import type { TaskRequest } from '../../../runninghub/api/taskRequest';
import type { Job, NewTask } from '../../../runninghub/tasks/job';
import type { WaitOptions } from '../form/waitOptions';
import type { RunState } from '../n8n/runState';
import type { WaitStrategy } from '../sleep/waitStrategy';
import type { ItemResult } from './itemResult';

/** One item of a run, read and checked. */
export interface PlannedItem {
	job: Job;
	wait: WaitOptions | undefined;
	/** undefined of a task that was made elsewhere, and of an item that an earlier part of the run has read. */
	request: TaskRequest | undefined;
}

/** One whose task is to be made. */
export type PlannedTask = PlannedItem & { job: NewTask };

export interface RunPlan {
	state: RunState;
	strategy: WaitStrategy;
	/** Will RunningHub call this execution at the end of what is submitted now? */
	callsBack: boolean;
	planned: readonly PlannedItem[];
	/** The items that have their result already: those that could not be read, where the run goes on without them. */
	settled: readonly ItemResult[];
	/** How many tasks may be under way at a time; 0 = as many as the account takes. */
	maxConcurrent: number;
}
