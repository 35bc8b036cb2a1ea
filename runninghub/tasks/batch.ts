import pLimit from 'p-limit';
import { hasFailed, isEnded, type PendingTask, type Task } from '../api/task';
import { RunningHubError } from '../base/errors';
import { cancelOrLogTasks, unlessCancelled } from './cancellation';
import { checkpoint } from './checkpoint';
import { interruption, type Interruption } from './detachment';
import {
	isCancelled,
	isNew,
	NotSent,
	outcomeOf,
	type BatchDeps,
	type Job,
	type JobOutcome,
	type NewTask,
	type PreparedTask,
} from './job';
import { lastProgressAt } from './journal';
import { resumeJob, type Earlier, type JobStart } from './resume';
import { submitOnce } from './submitOnce';
import { SubmitQueue } from './submitQueue';
import { createCheckLimiter, type CheckLimiter } from './taskCheck';
import { TaskSlots, type TaskSlot } from './taskSlots';
import {
	waitForTask,
	type KnownTask,
	type WaitOutcome,
	type WaitSettings,
} from './waitUntilDeadline';

export interface BatchSettings {
	/** After a failure, are the jobs that were not sent yet still sent? */
	goOnAfterFailure: boolean;
	/** How many tasks of this run there may be at a time; 0 = as many as the account takes. */
	maxConcurrent?: number;
	/** From its abort on nothing is waited for: a later batch with the same journal goes on. */
	detach?: AbortSignal;
	/** What an earlier batch with the same journal was; undefined = this is the first. */
	earlier?: Earlier;
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
/** Where an earlier batch found no slot for all: what is made ready for nothing is uploaded again. */
const MAX_READY_AFTER_DEFERRAL = 5;
/** Milliseconds after which a slot whose task has not been seen to end is given to the next job. */
const MAX_SLOT_MS = 24 * 60 * 60_000;

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
		const starts = await Promise.all(this.jobs.map(async (job) => await this.resume(job)));
		return await Promise.all(
			starts.map(async ({ job, start, slot }) => {
				const outcome = await this.lead(job, start, slot).catch(outcomeOf);
				this.noteFailure(outcome);
				const { detach, keepRaw = false } = this.settings;
				if (detach !== undefined) checkpoint(job, outcome, this.deps, keepRaw);
				return outcome;
			}),
		);
	}

	private async resume(job: Job) {
		const deps = { ...this.deps, checks: this.checks };
		const start = await resumeJob(job, deps, this.settings.earlier).catch(
			(error: unknown): JobStart => ({ state: 'settled', outcome: outcomeOf(error) }),
		);
		if (start.state === 'settled') this.noteFailure(start.outcome);
		if (start.state !== 'accepted') return { job, start };
		this.unfinished.set(start.task.taskId, job);
		return { job, start, slot: this.slots.occupied() };
	}

	/** Nothing is sent any more. */
	private failed(): void {
		if (!this.settings.goOnAfterFailure) this.noMore.abort(new NotSent());
	}

	private noteFailure(outcome: JobOutcome): void {
		const isFailure =
			outcome.state === 'error' || (outcome.state === 'ended' && hasFailed(outcome.task));
		if (isFailure) this.failed();
	}

	/** From where the job is to its outcome. */
	private async lead(job: Job, start: JobStart, slot: TaskSlot | undefined): Promise<JobOutcome> {
		if (start.state === 'new') return await this.make(start.job);
		this.submitSettled();
		if (start.state === 'accepted') return await this.follow(job, start, slot);
		if (start.outcome.state === 'ended') await this.succeeded(job, start.outcome.task);
		return start.outcome;
	}

	/** Makes its task once there is a slot for it. */
	private async make(job: NewTask): Promise<JobOutcome> {
		const { task, slot } = await this.submit(job).finally(() => this.submitSettled());
		if (!isEnded(task)) {
			this.unfinished.set(task.taskId, job);
			return await this.follow(job, { task, since: this.deps.clock.now(), failedChecks: 0 }, slot);
		}
		// A failure first: the slot lets the next job go.
		this.noteFailure({ state: 'ended', task });
		slot.release();
		await this.succeeded(job, task);
		return { state: 'ended', task };
	}

	private submitSettled(): void {
		this.unsubmitted -= 1;
		if (this.unsubmitted === 0) this.allSubmitted.abort();
	}

	private async submit(job: NewTask): Promise<{ task: Task; slot: TaskSlot }> {
		const slot = await this.slots.acquire();
		try {
			const task = await this.ready(async () => {
				const prepared = await this.prepare(job);
				return await this.queue.submit(async () => await submitOnce(job, prepared, this.deps));
			});
			slot.occupy();
			return { task, slot };
		} catch (error) {
			slot.release();
			throw error;
		}
	}

	private async prepare(job: NewTask): Promise<PreparedTask> {
		return await this.preparations(async () => {
			this.deps.signal?.throwIfAborted();
			this.noMore.signal.throwIfAborted();
			this.queue.throwIfClosed();
			return await job.prepare();
		});
	}

	/** From the moment there is a task until it has ended, or nobody waits for it. */
	private async follow(
		job: Job,
		known: { task: PendingTask; since: number; failedChecks: number },
		slot: TaskSlot | undefined,
	): Promise<JobOutcome> {
		const isOurs = isNew(job);
		const task = { ...known, isOurs, source: isOurs ? job.source : null };
		if (job.wait !== undefined) {
			const outcome = await this.wait(job.wait, task, this.waits, slot);
			if (outcome.state === 'ended') await this.succeeded(job, outcome.task);
			return outcome;
		}
		if (this.settings.maxConcurrent) {
			// Not for its result: it keeps its slot until it has ended, or until no job waits for one.
			const slotOnly = { timeoutMs: MAX_SLOT_MS, pollIntervalMs: 0 };
			const untilAllSubmitted = interruption(this.deps.signal, this.allSubmitted.signal);
			await this.wait(slotOnly, task, untilAllSubmitted, slot).catch(ignoreRefusal);
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
		const { taskId } = known.task;
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
		if (outcome.state === 'ended') this.unfinished.delete(taskId);
		this.noteFailure(outcome);
		this.queue.taskEnded();
		slot?.release();
		return outcome;
	}

	private async succeeded(job: Job, task: Task): Promise<void> {
		if (task.status === 'SUCCESS') await job.onSuccess?.(task);
	}
}

/** Where a task is followed for its slot alone, a check that fails is no failure of the job. */
function ignoreRefusal(thrown: unknown): void {
	if (!(thrown instanceof RunningHubError)) throw thrown;
}
