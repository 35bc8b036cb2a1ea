import type { Clock } from './clock';

/**
 * What the runs of this process share of one account that may be full. They take turns: whichever has waited longest
 * tries first, and all together try no more often than one alone would.
 */
export class Room {
	/** Who waits, longest first, and what ends the sleep. */
	private readonly line = new Map<object, AbortController>();
	private tasks = 0;
	/** How often room was made so far: a try that was refused meanwhile is worth another. */
	made = 0;

	/** Does one of them have a task whose end will make room? */
	get isUsed(): boolean {
		return this.tasks > 0;
	}

	take(): void {
		this.tasks += 1;
	}

	/** A task has ended: there is room for one more. */
	make(): void {
		this.tasks -= 1;
		this.made += 1;
		for (const sleep of this.line.values()) {
			if (!sleep.signal.aborted) return sleep.abort();
		}
	}

	/**
	 * Ends when there may be room; rejects at once when the signal is aborted. Whoever is in the line keeps the place
	 * until {@link leave}.
	 * @param pauseMs after which one that waits alone tries again, whether a task has ended or not
	 * @param mostMs milliseconds after which it tries again in any case
	 */
	async wait(
		who: object,
		{ pauseMs, mostMs }: { pauseMs: number; mostMs: number },
		clock: Clock,
		signal?: AbortSignal,
	): Promise<void> {
		const sleep = new AbortController();
		this.line.set(who, sleep);
		await clock
			.sleep(
				Math.min(pauseMs * this.line.size, mostMs),
				signal ? AbortSignal.any([signal, sleep.signal]) : sleep.signal,
			)
			.catch((reason: unknown) => {
				if (!sleep.signal.aborted || signal?.aborted) throw reason;
			})
			// Also because Node keeps a combined signal that never ends for as long as the process lives.
			.finally(() => sleep.abort());
	}

	leave(who: object): void {
		this.line.delete(who);
	}
}
