import type { Clock, Random } from '../base/clock';
import { DurationStats } from './durationStats';
import { RateLimit } from './rateLimit';

/**
 * What the runs of this process share of one account: its rate limit, the usual duration of its tasks, and its slots for
 * tasks. When all slots are taken, the runs take turns: whichever has waited longest tries first, and all together try no
 * more often than one alone would.
 */
export class AccountLimiter {
	readonly rate: RateLimit;
	readonly durations = new DurationStats();
	/** Who waits for a slot, longest first, and what ends the sleep. */
	private readonly waiting = new Map<object, AbortController>();
	private tasks = 0;
	/** How many slots have come free so far: if it has grown since a refused submit was sent, it is tried again at once. */
	released = 0;

	constructor(private readonly deps: { clock: Clock; random: Random }) {
		this.rate = new RateLimit(deps);
	}

	/** Does a run of this process have a task whose end will free a slot? */
	get hasTasks(): boolean {
		return this.tasks > 0;
	}

	/** A task has taken a slot. {@link release} follows when it ends, or {@link detach} when it is no longer watched. */
	acquire(): void {
		this.tasks += 1;
	}

	/** A task has ended: its slot is free. */
	release(): void {
		this.tasks -= 1;
		this.released += 1;
		for (const sleep of this.waiting.values()) {
			if (!sleep.signal.aborted) return sleep.abort();
		}
	}

	/** This process no longer watches the task, which may go on. */
	detach(): void {
		this.tasks -= 1;
	}

	/**
	 * Ends when a slot may be free; rejects at once when the signal is aborted. Whoever waits keeps the turn until
	 * {@link leave}.
	 * @param pauseMs after which one that waits alone tries again, whether a task has ended or not
	 * @param maxMs milliseconds after which it tries again in any case
	 */
	async waitForSlot(
		who: object,
		{ pauseMs, maxMs }: { pauseMs: number; maxMs: number },
		signal?: AbortSignal,
	): Promise<void> {
		const sleep = new AbortController();
		this.waiting.set(who, sleep);
		await this.deps.clock
			.sleep(
				Math.min(pauseMs * this.waiting.size, maxMs),
				signal ? AbortSignal.any([signal, sleep.signal]) : sleep.signal,
			)
			.catch((reason: unknown) => {
				if (!sleep.signal.aborted || signal?.aborted) throw reason;
			})
			// Also because Node keeps a combined signal that never ends for as long as the process lives.
			.finally(() => sleep.abort());
	}

	leave(who: object): void {
		this.waiting.delete(who);
	}
}
