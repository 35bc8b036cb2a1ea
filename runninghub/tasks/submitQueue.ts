import pLimit from 'p-limit';
import type { Task } from '../api/task';
import type { Clock, Random } from '../base/clock';
import { durationOf } from '../base/duration';
import { expectRunningHubError, RunningHubError, type ErrorKind } from '../base/errors';
import type { Logger } from '../base/logger';
import { withJitter, withRetries, type RetryPolicy } from '../base/retry';
import type { AccountLimiter } from './accountLimiter';
import { Detached, unlessDetached, type Interruption } from './detachment';

export interface SubmitQueueDeps {
	clock: Clock;
	random: Random;
	logger: Logger;
	/** Once detached, a full account is not waited for: {@link SubmitQueue.submit} rejects with `Detached`. */
	interruption: Interruption;
	limiter: AccountLimiter;
	/** Milliseconds without any progress after which a full account becomes an error. */
	maxIdleMs: number;
	/** When this run last took or freed a slot of the account, by the clock; now if not given. */
	lastProgressAt?: number;
	/** Called at once when a submit is given up, before the next one is sent. */
	onGivenUp?: () => void;
}

const SUBMIT_CONCURRENCY = 10;
/** While the account is full: the pause before the next try, unless a task of this process ends sooner. */
const FIRST_PAUSE_MS = 4_000;
const MAX_PAUSE_MS = 30_000;
/** Where the account is full of tasks from elsewhere: their ends are not known here, so it is tried more often. */
const MAX_PAUSE_WITHOUT_TASKS_MS = 8_000;
/**
 * So many submits in a row without a usable response are an outage: the others wait as for a full account. Each that was
 * sent into it would end with an unknown outcome, and a person would have to look whether there is a task.
 */
const MAX_UNANSWERED_IN_A_ROW = 3;
const UNANSWERED_KINDS: ReadonlySet<ErrorKind> = new Set(['unknownOutcome', 'transient']);
/** Part by which the pauses vary. */
const PAUSE_JITTER = 0.2;
/** For a host that cannot be reached: no connection was made, so nothing can have been paid for. */
const RECONNECT: RetryPolicy = {
	delaysMs: [1_000, 3_000],
	jitter: 0,
	isRetryable: ({ resendable }) => resendable,
};

/**
 * Sends the submits of one run. A full account is no error: RunningHub refuses rather than queues (reference
 * section 13), so the queue is here. As long as the account accepts, several submits go out at once; after a
 * refusal they go one by one, each when a slot may be free.
 *
 * Rule that must not be broken: a submit is sent again only after an error that says `resendable`.
 */
export class SubmitQueue {
	private readonly limit = pLimit(SUBMIT_CONCURRENCY);
	private readonly line = pLimit(1);
	/** Whether submits go out one by one, each when it may succeed: the account is full, or RunningHub does not answer. */
	private isPaused = false;
	private unansweredInARow = 0;
	/** Why the others are not sent any more, unless there is progress after all. */
	private givenUp: RunningHubError | undefined;
	private pauseMs = FIRST_PAUSE_MS;
	private lastProgressAt: number;
	private releasedAtLastTry = 0;

	constructor(private readonly deps: SubmitQueueDeps) {
		this.lastProgressAt = deps.lastProgressAt ?? deps.clock.now();
	}

	/**
	 * To be called before a submit is made ready.
	 * @throws Detached where nothing can be sent for now, and that is no longer waited for; the error of the submit with
	 * which all were given up
	 */
	throwIfClosed(): void {
		this.throwIfGivenUp();
		if (!this.isPaused || this.idleLeftMs() <= 0) return;
		if (this.deps.interruption.detach?.aborted) throw new Detached();
	}

	/**
	 * @param send one submit; called again only where no task can have been made
	 * @throws RunningHubError when the submit was refused for good, or has an unknown outcome;
	 * Detached when the account is full and no longer waited for
	 */
	async submit(send: () => Promise<Task>): Promise<Task> {
		const first = await this.limit(async () =>
			this.isPaused ? undefined : await this.noting(this.trySend(send)),
		);
		if (first !== undefined && !(first instanceof RunningHubError)) return first;
		return await this.line(async () => await this.noting(this.sendWhenSlotIsFree(send)));
	}

	/** To be called for a task whose end will be told by {@link taskEnded}, or else by {@link taskDetached}. */
	taskBegan(): void {
		this.deps.limiter.acquire();
	}

	/** A task has ended: its slot is free. */
	taskEnded(): void {
		this.lastProgressAt = this.deps.clock.now();
		this.deps.limiter.release();
	}

	/** The task goes on, and its end will not be seen here. */
	taskDetached(): void {
		this.deps.limiter.detach();
	}

	/** Tells of a failure at once: the limits start the next submit before the caller knows of it. */
	private async noting<T>(work: Promise<T>): Promise<T> {
		try {
			return await work;
		} catch (error) {
			if (error instanceof Detached) throw error;
			this.noteGivenUp(error);
			this.deps.onGivenUp?.();
			throw error;
		}
	}

	private noteGivenUp(error: unknown): void {
		const isUnanswered = error instanceof RunningHubError && UNANSWERED_KINDS.has(error.kind);
		this.unansweredInARow = isUnanswered ? this.unansweredInARow + 1 : 0;
		if (this.unansweredInARow < MAX_UNANSWERED_IN_A_ROW) return;
		if (!this.isPaused)
			this.deps.logger.warn('RunningHub does not answer: other submits wait for it.');
		this.isPaused = true;
		if (this.idleLeftMs() <= 0) this.giveUp(notAnswering());
	}

	private throwIfGivenUp(): void {
		if (this.givenUp !== undefined && this.isPaused && this.idleLeftMs() <= 0) throw this.givenUp;
	}

	private giveUp(reason: RunningHubError): RunningHubError {
		const idle = `No task was accepted for ${durationOf(this.deps.maxIdleMs)}.`;
		this.givenUp = reason.with({ description: `${idle} ${reason.description}` });
		return this.givenUp;
	}

	private async sendWhenSlotIsFree(send: () => Promise<Task>): Promise<Task> {
		try {
			for (;;) {
				if (this.isPaused) await this.waitUntilSlotMayBeFree();
				this.throwIfGivenUp();
				const outcome = await this.trySend(send);
				if (!(outcome instanceof RunningHubError)) return outcome;
				if (this.idleLeftMs() <= 0) throw this.giveUp(outcome);
			}
		} finally {
			this.deps.limiter.leave(this);
		}
	}

	/**
	 * @returns the task, or the refusal after which another try makes sense
	 * @throws RunningHubError for every other failure
	 */
	private async trySend(send: () => Promise<Task>): Promise<Task | RunningHubError> {
		const { clock, random, interruption } = this.deps;
		const { signal } = interruption;
		return await withRetries(
			async () => await this.sendOnce(send),
			{ clock, random, signal },
			RECONNECT,
		);
	}

	/** As {@link trySend}, without another try where the connection fails. */
	private async sendOnce(send: () => Promise<Task>): Promise<Task | RunningHubError> {
		const { clock, interruption, logger, limiter } = this.deps;
		await unlessDetached(
			async (either) => await limiter.rate.ready(either, Math.max(0, this.idleLeftMs())),
			interruption,
		);
		interruption.signal?.throwIfAborted();
		this.releasedAtLastTry = limiter.released;
		const outcome = await send().catch((thrown: unknown) => {
			const error = expectRunningHubError(thrown);
			if (error.resendable) return error;
			throw error;
		});
		limiter.rate.note(outcome);
		if (!(outcome instanceof RunningHubError)) {
			this.isPaused = false;
			this.unansweredInARow = 0;
			this.pauseMs = FIRST_PAUSE_MS;
			this.lastProgressAt = clock.now();
			return outcome;
		}
		if (outcome.kind !== 'capacity' && outcome.kind !== 'rateLimit') throw outcome;
		if (!this.isPaused) logger.info(`RunningHub takes no more tasks for now: ${outcome.message}`);
		this.isPaused = true;
		return outcome;
	}

	private async waitUntilSlotMayBeFree(): Promise<void> {
		const { random, limiter, interruption } = this.deps;
		const maxMs = this.idleLeftMs();
		// A task ended while the refusal was on its way, or this is the last try.
		if (limiter.released !== this.releasedAtLastTry || maxMs <= 0) return;
		const maxPauseMs = limiter.hasTasks ? MAX_PAUSE_MS : MAX_PAUSE_WITHOUT_TASKS_MS;
		const pauseMs = withJitter(Math.min(this.pauseMs, maxPauseMs), PAUSE_JITTER, random);
		this.pauseMs = Math.min(this.pauseMs * 1.5, maxPauseMs);
		await unlessDetached(
			async (either) => await limiter.waitForSlot(this, { pauseMs, maxMs }, either),
			interruption,
		);
	}

	private idleLeftMs(): number {
		const { clock, maxIdleMs } = this.deps;
		return this.lastProgressAt + maxIdleMs - clock.now();
	}
}

function notAnswering(): RunningHubError {
	return new RunningHubError({
		kind: 'transient',
		message: 'RunningHub does not answer.',
		description: 'Nothing was sent for this item, and nothing was paid for.',
	});
}
