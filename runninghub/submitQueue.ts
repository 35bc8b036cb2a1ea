import pLimit from 'p-limit';
import type { Clock, Random } from './clock';
import { durationOf } from './duration';
import { RunningHubError } from './errors';
import type { Logger } from './logger';
import type { Task } from './task';

export interface SubmitQueueTools {
	clock: Clock;
	random: Random;
	logger: Logger;
	signal?: AbortSignal;
	/** Milliseconds without any progress after which a full account becomes an error. */
	patienceMs: number;
	/** Called at once when a submit is given up, before the next one is sent. */
	onGivenUp?: () => void;
}

const SUBMITS_AT_ONCE = 10;
/** While the account is full: the pause before the next try, unless one of the run's own tasks ends sooner. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 30_000;
/** A host that cannot be reached is tried again this often, after these milliseconds. */
const RECONNECT_PAUSES_MS = [1_000, 3_000];

/**
 * Sends the submits of one run. A full account is no error: RunningHub refuses rather than queues (reference
 * section 13), so the queue is here. As long as the account accepts, several submits go out at once; after a
 * refusal they go one by one, each when there is room.
 *
 * Rule that must not be broken: a submit is sent again only after an error that says `resendable`.
 */
export class SubmitQueue {
	private readonly atOnce = pLimit(SUBMITS_AT_ONCE);
	private readonly line = pLimit(1);
	private full = false;
	private pauseMs = FIRST_PAUSE_MS;
	private lastProgress: number;
	private wake: () => void = () => {};
	private endings = 0;
	private endingsAtLastTry = 0;

	constructor(private readonly tools: SubmitQueueTools) {
		this.lastProgress = tools.clock.now();
	}

	/**
	 * @param send one submit; called again only where no task can have been made
	 * @throws RunningHubError when the submit was refused for good, or has an unknown outcome
	 */
	async submit(send: () => Promise<Task>): Promise<Task> {
		const first = await this.atOnce(async () =>
			this.full ? undefined : await this.noting(this.trySend(send)),
		);
		if (first !== undefined && !(first instanceof RunningHubError)) return first;
		return await this.line(async () => await this.noting(this.sendWhenThereIsRoom(send)));
	}

	/** To be called whenever a task of this run has ended: there is room for one more. */
	taskEnded(): void {
		this.lastProgress = this.tools.clock.now();
		this.endings += 1;
		this.wake();
	}

	/** The limits start the next submit before a failure has come up to the caller. */
	private async noting<T>(work: Promise<T>): Promise<T> {
		try {
			return await work;
		} catch (error) {
			this.tools.onGivenUp?.();
			throw error;
		}
	}

	private async sendWhenThereIsRoom(send: () => Promise<Task>): Promise<Task> {
		for (;;) {
			if (this.full) await this.untilThereMayBeRoom();
			const outcome = await this.trySend(send);
			if (!(outcome instanceof RunningHubError)) return outcome;
			if (this.tools.clock.now() - this.lastProgress >= this.tools.patienceMs) {
				throw outcome.with({
					description: `No task was accepted for ${durationOf(this.tools.patienceMs)}. ${outcome.description}`,
				});
			}
		}
	}

	/**
	 * @returns the task, or the refusal after which another try makes sense
	 * @throws RunningHubError for every other failure
	 */
	private async trySend(send: () => Promise<Task>): Promise<Task | RunningHubError> {
		const { clock, signal, logger } = this.tools;
		for (const reconnectPause of [...RECONNECT_PAUSES_MS, undefined]) {
			signal?.throwIfAborted();
			this.endingsAtLastTry = this.endings;
			const outcome = await send().catch((error: unknown) => {
				if (error instanceof RunningHubError && error.resendable) return error;
				throw error;
			});
			if (!(outcome instanceof RunningHubError)) {
				this.full = false;
				this.pauseMs = FIRST_PAUSE_MS;
				this.lastProgress = clock.now();
				return outcome;
			}
			if (outcome.kind === 'capacity' || outcome.kind === 'rateLimit') {
				if (!this.full) logger.info(`RunningHub takes no more tasks for now: ${outcome.message}`);
				this.full = true;
				return outcome;
			}
			if (reconnectPause === undefined) throw outcome;
			await clock.sleep(reconnectPause, signal);
		}
		throw new Error('unreachable: the last pause is undefined');
	}

	private async untilThereMayBeRoom(): Promise<void> {
		const { clock, random, signal } = this.tools;
		// A task ended while the refusal was on its way.
		if (this.endings !== this.endingsAtLastTry) return;
		const woken = new AbortController();
		this.wake = () => woken.abort();
		const pause = this.pauseMs * (0.8 + 0.4 * random());
		this.pauseMs = Math.min(this.pauseMs * 1.5, LONGEST_PAUSE_MS);
		await clock
			.sleep(pause, signal ? AbortSignal.any([signal, woken.signal]) : woken.signal)
			.catch((reason: unknown) => {
				if (!woken.signal.aborted || signal?.aborted) throw reason;
			});
	}
}
