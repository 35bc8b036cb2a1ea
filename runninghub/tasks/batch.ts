import pLimit from 'p-limit';
import type { Client } from '../api/client';
import { submitTask, type SubmitClient, type Submission } from '../api/submission';
import { unknownOutcome } from '../api/submit';
import {
	hasFailed,
	isEnded,
	NO_USAGE,
	type EndedTask,
	type PendingTask,
	type SucceededTask,
	type Task,
} from '../api/task';
import { EmptySuccess } from '../api/taskResponse';
import type { Clock, Random } from '../base/clock';
import { RunningHubError } from '../base/errors';
import type { Logger } from '../base/logger';
import type { AccountLimiter } from './accountLimiter';
import type { Budget, Charge } from './budget';
import { cancelOrLogTasks, unlessCancelled } from './cancellation';
import { Detached, interruption, type Interruption } from './detachment';
import type { Journal, JournalEntry } from './journal';
import { SubmitQueue } from './submitQueue';
import { TaskSlots, type TaskSlot } from './taskSlots';
import {
	createCheckLimiter,
	checkTask,
	waitForTask,
	type CheckLimiter,
	type KnownTask,
	type WaitOutcome,
	type WaitSettings,
} from './wait';

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
}

/** One that was made elsewhere, and is only waited for. */
export interface ExistingTask extends JobFacts {
	taskId: string;
	wait: WaitSettings;
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

export interface BatchDeps {
	client: Pick<Client, 'query' | 'cancel'> & SubmitClient;
	clock: Clock;
	random: Random;
	logger: Logger;
	journal: Journal;
	budget: Budget;
	signal?: AbortSignal;
	/** Shared by the runs of this process that use the same account. */
	limiter: AccountLimiter;
}

export interface BatchSettings {
	/** After a failure, are the jobs that were not sent yet still sent? */
	goOnAfterFailure: boolean;
	/** How many tasks of this run there may be at a time; 0 = as many as the account takes. */
	maxConcurrent?: number;
	/** From its abort on nothing is waited for: a later batch with the same journal goes on. */
	detach?: AbortSignal;
	/**
	 * `continued`: an earlier batch was detached, and this one goes on with it: what failed stays failed.
	 * `tried`: an earlier one ended, and the run is tried again: what failed is submitted anew.
	 */
	earlier?: 'continued' | 'tried';
	/** When the run began, by the clock; now if not given. */
	startedAt?: number;
	/** Are RunningHub's own answers kept over a detachment? They are large. */
	keepRaw?: boolean;
}

/** Where the user chose no wait, a full account is waited out this long. */
const MAX_SUBMIT_IDLE_MS = 5 * 60_000;
const PREPARE_CONCURRENCY = 4;
/** No more jobs than this are ready to be sent: what is uploaded for a job is kept by RunningHub for a day only. */
const MAX_READY = 50;
/** Where an earlier batch found no place for all: what is made ready for nothing is uploaded again. */
const MAX_READY_AFTER_DEFERRAL = 5;
/** A place that nothing is heard of for so long is given to the next job. */
const MAX_PLACE_MS = 24 * 60 * 60_000;

/**
 * Sends all jobs and, if asked, waits for their tasks in one loop. Every job gets its outcome, in the order of the jobs:
 * one that fails takes nothing from the others.
 * @throws only when the signal is aborted; the ids of the tasks that go on are in the log
 */
export async function runBatch(
	jobs: readonly Job[],
	deps: BatchDeps,
	settings: BatchSettings,
): Promise<JobOutcome[]> {
	return await new Batch(jobs, deps, settings).run();
}

/** Where a job is when its batch begins. */
type Start =
	| { state: 'new'; job: NewTask }
	| {
			state: 'task';
			task: PendingTask;
			since: number;
			failedChecks: number;
			lastFailure?: RunningHubError;
	  }
	| { state: 'settled'; outcome: JobOutcome };

class Batch {
	private readonly noMore = new AbortController();
	private readonly allSubmitted = new AbortController();
	/** For what is waited for. */
	private readonly waits: Interruption;
	private readonly checks: CheckLimiter;
	private readonly queue: SubmitQueue;
	private readonly slots: TaskSlots;
	private readonly ready: <T>(work: () => Promise<T>) => Promise<T>;
	private readonly preparations = pLimit(PREPARE_CONCURRENCY);
	private readonly unfinished = new Map<string, Job>();
	private unsubmitted: number;

	constructor(
		private readonly jobs: readonly Job[],
		private readonly deps: BatchDeps,
		private readonly settings: BatchSettings,
	) {
		const { signal, limiter, journal } = deps;
		const { detach, maxConcurrent = 0, startedAt, earlier } = settings;
		this.unsubmitted = jobs.length;
		this.waits = interruption(signal, detach);
		this.checks = createCheckLimiter(limiter.rate, this.waits);
		const wholeRun = signal ? AbortSignal.any([signal, this.noMore.signal]) : this.noMore.signal;
		const entries = jobs.flatMap(({ key }) => journal.find(key) ?? []);
		this.queue = new SubmitQueue({
			...deps,
			interruption: interruption(wholeRun, detach),
			maxIdleMs: jobs.reduce(
				(longest, { wait }) => Math.max(longest, wait?.timeoutMs ?? MAX_SUBMIT_IDLE_MS),
				0,
			),
			// What an earlier try got, long ago perhaps, tells nothing of this one.
			lastProgressAt: (earlier === 'continued' ? lastProgressAt(entries) : undefined) ?? startedAt,
			onGivenUp: () => this.failed(),
		});
		this.slots = new TaskSlots(maxConcurrent > 0 ? maxConcurrent : Infinity, detach);
		const wasFull = entries.some(({ state }) => state === 'deferred');
		this.ready = pLimit(wasFull ? MAX_READY_AFTER_DEFERRAL : MAX_READY);
	}

	async run(): Promise<JobOutcome[]> {
		const { signal } = this.deps;
		// What cannot be broken off, such as a submit whose answer is on its way, goes on behind a run that is stopped.
		return await unlessCancelled(this.runAll(), signal)
			.catch((reason: unknown) => {
				// A fault of our own is no wish to stop: nothing is cancelled for it.
				cancelOrLogTasks(
					[...this.unfinished].map(([taskId, job]) => ({
						taskId,
						cancel: signal?.aborted === true && isCancelled(job),
					})),
					this.deps,
				);
				throw reason;
			})
			.finally(() => this.noMore.abort());
	}

	private async runAll(): Promise<JobOutcome[]> {
		// First of all what is there already: a task that has failed meanwhile keeps the others from being sent.
		const starts = await Promise.all(
			this.jobs.map(async (job) => {
				const start = await this.startOf(job).catch(asOutcome);
				this.noteFailure('outcome' in start ? start.outcome : undefined);
				if (start.state === 'task') this.unfinished.set(start.task.taskId, job);
				return start;
			}),
		);
		const slots = starts.map((start) =>
			start.state === 'task' ? this.slots.occupied() : undefined,
		);
		return await Promise.all(
			this.jobs.map(async (job, index) => {
				const start = starts[index];
				if (start === undefined) throw new Error('unreachable: each job has its start');
				const outcome = await this.outcomeOf(job, start, slots[index]).catch(
					(thrown: unknown) => asOutcome(thrown).outcome,
				);
				this.noteFailure(outcome);
				this.keep(job, outcome);
				return outcome;
			}),
		);
	}

	/** Nothing is sent any more. */
	private failed(): void {
		if (!this.settings.goOnAfterFailure) this.noMore.abort(new NotSent());
	}

	private noteFailure(outcome: JobOutcome | undefined): void {
		const isFailure =
			outcome?.state === 'error' || (outcome?.state === 'ended' && hasFailed(outcome.task));
		if (isFailure) this.failed();
	}

	/**
	 * What an earlier batch has made of the job. One that RunningHub says has failed is submitted anew where the run is
	 * tried again; one that somebody cancelled, or that succeeded without giving anything, is not, unless it was the run's
	 * own stop that cancelled it.
	 * @throws RunningHubError when it was never learned whether there is a task, or it cannot be looked at any more
	 */
	private async startOf(job: Job): Promise<Start> {
		const { journal, clock, logger } = this.deps;
		const continues = this.settings.earlier === 'continued';
		const entry = journal.find(job.key);
		if ('taskId' in job && (entry?.state !== 'accepted' || !continues)) {
			if (entry?.state === 'ended' && continues) return settled(entry.task);
			const { key, source, taskId } = job;
			const since = clock.now();
			journal.write(key, { state: 'accepted', source, taskId, at: since, failedChecks: 0 });
			return await this.check(job, { taskId, since, failedChecks: 0 });
		}
		if (entry === undefined || entry.state === 'deferred') return this.toBeSent(job);
		if (entry.state === 'sent') {
			if (!continues && 'prepare' in job && job.resubmitUnknown) return this.toBeSent(job);
			throw (
				(continues ? entry.error : undefined) ??
				unknownOutcome('An earlier try of this run sent it.')
			);
		}
		if (entry.state === 'refused') {
			if (continues) throw entry.error;
			return this.toBeSent(job);
		}
		if (entry.state === 'ended' && continues) return settled(entry.task);

		const { taskId } = entry.state === 'ended' ? entry.task : entry;
		const failedChecks = continues && entry.state === 'accepted' ? entry.failedChecks : 0;
		const start = await this.check(job, { ...entry, taskId, since: entry.at, failedChecks });
		if (continues) return start;
		if (start.state === 'settled' && shouldResubmit(job, start.outcome)) {
			journal.forget(job.key);
			return this.toBeSent(job);
		}
		const { itemIndex, source } = job;
		logger.info(`Taking up RunningHub task ${taskId} of an earlier try for item ${itemIndex}`, {
			taskId,
			itemIndex,
			source,
		});
		return start;
	}

	private toBeSent(job: Job): Start {
		if ('prepare' in job) return { state: 'new', job };
		throw new Error('unreachable: a task from elsewhere is looked at');
	}

	private async check(
		job: Job,
		known: { taskId: string; since: number; failedChecks: number; notice?: RunningHubError },
	): Promise<Start> {
		const { taskId, since } = known;
		const unseen: PendingTask = { taskId, status: 'UNKNOWN', results: [], usage: NO_USAGE };
		const isLate = () =>
			job.wait !== undefined && this.deps.clock.now() - since >= job.wait.timeoutMs;
		const checked = await checkTask(
			taskId,
			{ ...this.deps, checks: this.checks },
			{
				isOurs: 'prepare' in job,
				failedChecks: known.failedChecks,
			},
			// Without the look at its deadline a task that has long succeeded would count as late.
			isLate() ? 0 : undefined,
		).catch((error: unknown) => {
			// Nobody wants to wait for RunningHub's leave to ask.
			if (error instanceof Detached) return { failedChecks: known.failedChecks };
			throw error;
		});
		const seen = 'task' in checked ? withNotice(checked.task, known.notice) : unseen;
		if (isEnded(seen)) return settled(seen);
		const lastFailure = 'failure' in checked ? checked.failure : undefined;
		if (isLate()) {
			return { state: 'settled', outcome: { state: 'timedOut', task: seen, lastFailure } };
		}
		return { state: 'task', task: seen, since, failedChecks: checked.failedChecks, lastFailure };
	}

	private async outcomeOf(job: Job, start: Start, taken?: TaskSlot): Promise<JobOutcome> {
		switch (start.state) {
			case 'settled':
				this.submitSettled();
				if (start.outcome.state === 'ended') await this.succeeded(job, start.outcome.task);
				return start.outcome;
			case 'task':
				this.submitSettled();
				return await this.follow(job, start, taken);
			case 'new': {
				const slot = await this.slots.acquire().catch((error: unknown) => {
					this.submitSettled();
					throw error;
				});
				const { clock } = this.deps;
				try {
					const task = await this.ready(async () => await this.submit(start.job)).finally(() =>
						this.submitSettled(),
					);
					slot.occupy();
					if (isEnded(task)) {
						// The failure first: the slot lets the next job go.
						if (hasFailed(task)) this.failed();
						slot.release();
						await this.succeeded(job, task);
						return { state: 'ended', task };
					}
					this.unfinished.set(task.taskId, job);
					return await this.follow(job, { task, since: clock.now(), failedChecks: 0 }, slot);
				} catch (error) {
					slot.release();
					throw error;
				}
			}
		}
	}

	private submitSettled(): void {
		this.unsubmitted -= 1;
		if (this.unsubmitted === 0) this.allSubmitted.abort();
	}

	private async submit(job: NewTask): Promise<Task> {
		const { signal } = this.deps;
		if (this.queue.isClosed) throw new Detached();
		const prepared = await this.preparations(async () => {
			signal?.throwIfAborted();
			this.noMore.signal.throwIfAborted();
			if (this.queue.isClosed) throw new Detached();
			return await job.prepare();
		});
		return await this.queue.submit(async () => await this.submitOnce(job, prepared));
	}

	/** Sends one submit, with the journal written before it leaves and again with its outcome. */
	private async submitOnce(job: NewTask, { charge, ...submission }: PreparedTask): Promise<Task> {
		const { key, itemIndex, source } = job;
		const { client, journal, budget, logger, signal, clock } = this.deps;
		journal.write(key, { state: 'sent', source });
		const send = async () => await submitTask(client, submission);
		const task = await budget.within(charge, send).catch((error: unknown) => {
			const refused = error instanceof RunningHubError && error.kind !== 'unknownOutcome';
			if (refused) journal.forget(key);
			throw error;
		});
		const { taskId, notice } = task;
		const at = clock.now();
		journal.write(key, { state: 'accepted', source, taskId, at, failedChecks: 0, notice });
		// At once: a process that is killed has written nothing but its log.
		logger.info(`RunningHub accepted task ${taskId} for item ${itemIndex}`, {
			taskId,
			itemIndex,
			source,
		});
		if (notice !== undefined) logger.warn(notice.message, { taskId, itemIndex, source });
		// Stopped while the submit was on its way: nobody will see this task.
		if (signal?.aborted) cancelOrLogTasks([{ taskId, cancel: isCancelled(job) }], this.deps);
		return task;
	}

	/** From the moment there is a task until it has ended, or nobody waits for it. */
	private async follow(
		job: Job,
		known: { task: PendingTask; since: number; failedChecks: number },
		slot: TaskSlot | undefined,
	): Promise<JobOutcome> {
		const isOurs = 'prepare' in job;
		const task = { ...known, isOurs, source: isOurs ? job.source : null };
		if (job.wait !== undefined) {
			const outcome = await this.wait(job.wait, task, this.waits, slot);
			if (outcome.state === 'ended') await this.succeeded(job, outcome.task);
			return outcome;
		}
		if (this.settings.maxConcurrent) {
			// Not for its result: it keeps its place until it has ended, or until nobody needs the place.
			const placeOnly = { timeoutMs: MAX_PLACE_MS, pollIntervalMs: 0 };
			const untilAllSubmitted = interruption(this.deps.signal, this.allSubmitted.signal);
			await this.wait(placeOnly, task, untilAllSubmitted, slot).catch(ignoreRefusal);
		}
		return { state: 'pending', task: known.task };
	}

	/** The queue is told of a failure before it may send the next one. */
	private async wait(
		settings: WaitSettings,
		known: KnownTask,
		until: Interruption,
		slot: TaskSlot | undefined,
	): Promise<WaitOutcome> {
		const { taskId, notice } = known.task;
		const { durations } = this.deps.limiter;
		const deps = { ...this.deps, durations, checks: this.checks, interruption: until };
		this.queue.taskBegan();
		const outcome = await waitForTask(taskId, deps, settings, known).catch((error: unknown) => {
			this.queue.taskDetached();
			slot?.release();
			throw error;
		});
		if (outcome.state === 'detached') {
			// It keeps its slot: it goes on.
			this.queue.taskDetached();
			return outcome;
		}
		if (outcome.state === 'ended') {
			this.unfinished.delete(taskId);
			if (hasFailed(outcome.task)) this.failed();
		}
		this.queue.taskEnded();
		slot?.release();
		return outcome.state === 'ended'
			? { ...outcome, task: withNotice(outcome.task, notice) }
			: outcome;
	}

	private async succeeded(job: Job, task: Task): Promise<void> {
		if (task.status === 'SUCCESS') await job.onSuccess?.(task);
	}

	/** Writes down what a later batch of the same run needs to know; the rest is there already. */
	private keep({ key, source }: Job, outcome: JobOutcome): void {
		if (this.settings.detach === undefined) return;
		const { journal, clock } = this.deps;
		const entry = journal.find(key);
		const at = entry?.state === 'accepted' ? entry.at : clock.now();
		switch (outcome.state) {
			case 'deferred':
			case 'notSent':
				return journal.write(key, { state: 'deferred', source });
			case 'error':
				if (entry?.state === 'sent') {
					return journal.write(key, { state: 'sent', source, error: outcome.error });
				}
				if (entry === undefined || entry.state === 'deferred') {
					return journal.write(key, { state: 'refused', source, error: outcome.error });
				}
				return;
			case 'ended':
				if (entry?.state === 'ended') return;
				return journal.write(key, {
					state: 'ended',
					source,
					task: this.settings.keepRaw ? outcome.task : { ...outcome.task, raw: undefined },
					at,
					endedAt: clock.now(),
				});
			case 'timedOut':
			case 'detached': {
				const { taskId, notice } = outcome.task;
				const failedChecks = outcome.state === 'detached' ? outcome.failedChecks : 0;
				return journal.write(key, { state: 'accepted', source, taskId, at, failedChecks, notice });
			}
			case 'pending':
		}
	}
}

/** Another job has failed. */
class NotSent extends Error {}

const settled = (task: EndedTask): Start => ({
	state: 'settled',
	outcome: { state: 'ended', task },
});

function asOutcome(thrown: unknown): { state: 'settled'; outcome: JobOutcome } {
	const outcome = (): JobOutcome => {
		if (thrown instanceof NotSent) return { state: 'notSent' };
		if (thrown instanceof Detached) return { state: 'deferred' };
		if (thrown instanceof RunningHubError) return { state: 'error', error: thrown };
		throw thrown;
	};
	return { state: 'settled', outcome: outcome() };
}

/** May the task be made once more, when the run is tried again? */
function shouldResubmit(job: Job, outcome: JobOutcome): boolean {
	if (outcome.state !== 'ended') return false;
	const { task } = outcome;
	if (task.status === 'CANCELLED') return isCancelled(job);
	return task.status === 'FAILED' && !(task.failure instanceof EmptySuccess);
}

const isCancelled = (job: Job): boolean => 'prepare' in job && job.cancelWhenStopped === true;

/** A job that waits for its place, and whose task nobody asked to wait for, is not hurt by a check that fails. */
function ignoreRefusal(thrown: unknown): void {
	if (!(thrown instanceof RunningHubError)) throw thrown;
}

/** What RunningHub said of the task when it accepted it, its later answers do not repeat. */
function withNotice<T extends Task>(task: T, notice: RunningHubError | undefined): T {
	return notice === undefined || task.notice !== undefined ? task : { ...task, notice };
}

/** When a task of these was last accepted or ended. */
function lastProgressAt(entries: readonly JournalEntry[]): number | undefined {
	const moments = entries.flatMap((entry) => {
		if (entry.state === 'accepted') return [entry.at];
		return entry.state === 'ended' ? [entry.at, entry.endedAt] : [];
	});
	return moments.length === 0 ? undefined : Math.max(...moments);
}
