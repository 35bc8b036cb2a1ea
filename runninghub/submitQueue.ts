import pLimit from 'p-limit';
import type { Clock, Random } from './clock';
import { durationOf } from './duration';
import { RunningHubError } from './errors';
import type { Logger } from './logger';
import type { Pace } from './pace';
import type { Room } from './room';
import type { Task } from './task';

export interface SubmitQueueTools {
	clock: Clock;
	random: Random;
	logger: Logger;
	signal?: AbortSignal;
	pace: Pace;
	room: Room;
	/** Milliseconds without any progress after which a full account becomes an error. */
	patienceMs: number;
	/** Called at once when a submit is given up, before the next one is sent. */
	onGivenUp?: () => void;
}

const SUBMITS_AT_ONCE = 10;
/** While the account is full: the pause before the next try, unless a task of this process ends sooner. */
const FIRST_PAUSE_MS = 4_000;
const LONGEST_PAUSE_MS = 30_000;
/** Whose tasks they are that fill the account is not known then, and their ends are not told: others would be sooner. */
const LONGEST_PAUSE_WITHOUT_TASKS_MS = 8_000;
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
	private roomAtLastTry = 0;

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

	/** To be called for a task whose end will be told by {@link taskEnded}. */
	taskBegan(): void {
		this.tools.room.take();
	}

	/** There is room for one more. */
	taskEnded(): void {
		this.lastProgress = this.tools.clock.now();
		this.tools.room.make();
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
		try {
			for (;;) {
				if (this.full) await this.untilThereMayBeRoom();
				const outcome = await this.trySend(send);
				if (!(outcome instanceof RunningHubError)) return outcome;
				if (this.patienceLeftMs() <= 0) {
					throw outcome.with({
						description: `No task was accepted for ${durationOf(this.tools.patienceMs)}. ${outcome.description}`,
					});
				}
			}
		} finally {
			this.tools.room.leave(this);
		}
	}

	/**
	 * @returns the task, or the refusal after which another try makes sense
	 * @throws RunningHubError for every other failure
	 */
	private async trySend(send: () => Promise<Task>): Promise<Task | RunningHubError> {
		const { clock, signal, logger, pace, room } = this.tools;
		for (const reconnectPause of [...RECONNECT_PAUSES_MS, undefined]) {
			await pace.ready();
			signal?.throwIfAborted();
			this.roomAtLastTry = room.made;
			const outcome = await send().catch((error: unknown) => {
				if (error instanceof RunningHubError && error.resendable) return error;
				throw error;
			});
			pace.note(outcome);
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
		const { clock, random, signal, room } = this.tools;
		// A task ended while the refusal was on its way.
		if (room.made !== this.roomAtLastTry) return;
		const longestMs = room.isUsed ? LONGEST_PAUSE_MS : LONGEST_PAUSE_WITHOUT_TASKS_MS;
		const pauseMs = Math.min(this.pauseMs, longestMs) * (0.8 + 0.4 * random());
		this.pauseMs = Math.min(this.pauseMs * 1.5, longestMs);
		await room.wait(this, { pauseMs, mostMs: this.patienceLeftMs() }, clock, signal);
	}

	private patienceLeftMs(): number {
		const { clock, patienceMs } = this.tools;
		return this.lastProgress + patienceMs - clock.now();
	}
}
