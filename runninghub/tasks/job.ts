import type { Client } from '../api/client';
import type { Submission } from '../api/submission';
import type { SucceededTask, Task } from '../api/task';
import type { Clock, Random } from '../base/clock';
import { RunningHubError } from '../base/errors';
import type { Logger } from '../base/logger';
import type { AccountLimiter } from './accountLimiter';
import type { Budget, Charge } from './budget';
import { Detached } from './detachment';
import type { AcceptedTask, Journal } from './journal';
import type { WaitOutcome, WaitSettings } from './waitUntilDeadline';

/** The task of one input item. */
export type Job = NewTask | ExistingTask;

interface JobFacts {
	/** The input item that it is for. */
	itemIndex: number;
	/** Its place in the journal: the same for the same item and input when the run goes on or is tried again. */
	key: string;
	/** What makes it, for the output and the log: a model's endpoint, a workflow's id; null where that is not known. */
	source: string | null;
	/** Called at once when the task has succeeded, while others are still waited for. */
	onSuccess?(task: SucceededTask): Promise<void>;
}

/** One that is to be made, and paid for. */
export interface NewTask extends JobFacts {
	/** Everything that costs nothing and comes first, uploads above all; done once. */
	prepare(): Promise<PreparedTask>;
	/** How to wait for its task; undefined = do not wait. */
	wait: WaitSettings | undefined;
	/** Is its task to be cancelled when the run is stopped? */
	cancelWhenStopped?: boolean;
	/** Is it sent once more where an earlier try of the run never learned whether there is a task? It may be paid twice then. */
	resubmitUnknown?: boolean;
}

/** One that can be sent. */
export interface PreparedTask extends Submission {
	/** What it counts against the budget; undefined where there is none. */
	charge?: Charge;
	/** Whose address for callbacks is in the body. */
	callbackTo?: AcceptedTask['callbackTo'];
}

/** One that was made elsewhere, and is only waited for. */
export interface ExistingTask extends JobFacts {
	taskId: string;
	wait: WaitSettings;
}

export function isNew(job: Job): job is NewTask {
	return 'prepare' in job;
}

/** Is its task cancelled when the run is stopped? */
export function isCancelled(job: Job): boolean {
	return isNew(job) && job.cancelWhenStopped === true;
}

export type JobOutcome =
	| WaitOutcome
	/** Accepted, and not waited for. */
	| { state: 'pending'; task: Task }
	| { state: 'error'; error: RunningHubError }
	/** The batch was detached before there was a place for its task. */
	| { state: 'deferred' }
	/** Another job had failed before this one was sent; nothing was paid for it. */
	| { state: 'notSent' };

/** Thrown to a job that is not sent, since another one has failed. */
export class NotSent extends Error {}

/**
 * The outcome of a job to which this was thrown.
 * @throws what is no outcome: that the run is stopped, and faults of our own
 */
export function outcomeOf(thrown: unknown): JobOutcome {
	if (thrown instanceof NotSent) return { state: 'notSent' };
	if (thrown instanceof Detached) return { state: 'deferred' };
	if (thrown instanceof RunningHubError) return { state: 'error', error: thrown };
	throw thrown;
}

/** What the jobs of a batch need. */
export interface BatchDeps {
	client: Pick<Client, 'submit' | 'query' | 'cancel'>;
	clock: Clock;
	random: Random;
	logger: Logger;
	journal: Journal;
	budget: Budget;
	signal?: AbortSignal;
	/** Shared by the runs of this process that use the same account. */
	limiter: AccountLimiter;
}
