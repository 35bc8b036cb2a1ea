import type { Clock, Random } from './clock';
import { RunningHubError } from './errors';

export interface PaceTools {
	clock: Clock;
	random: Random;
	signal?: AbortSignal;
}

const FIRST_HOLD_MS = 2_000;
const LONGEST_HOLD_MS = 60_000;

/**
 * The pace of one run. When RunningHub says that it is called too often, all calls of the run hold, for longer each
 * time; then they go on one after the other, and not at the same moment.
 */
export class Pace {
	private holdMs = FIRST_HOLD_MS;
	private heldUntil = -Infinity;

	constructor(private readonly tools: PaceTools) {}

	/** Ends when the next call may go; rejects at once when the signal is aborted. */
	async ready(): Promise<void> {
		const { clock, random, signal } = this.tools;
		while (clock.now() < this.heldUntil) {
			await clock.sleep(this.heldUntil - clock.now() + this.holdMs * random(), signal);
		}
	}

	/** @param outcome what came of a call: its error, or anything else */
	note(outcome: unknown): void {
		const now = this.tools.clock.now();
		// What had left before the hold tells nothing new.
		const isNews = now >= this.heldUntil;
		if (!(outcome instanceof RunningHubError)) {
			if (isNews) this.holdMs = Math.max(this.holdMs / 2, FIRST_HOLD_MS);
			return;
		}
		const { kind, retryAfterMs = 0 } = outcome;
		if (kind !== 'rateLimit' && retryAfterMs === 0) return;
		this.heldUntil = Math.max(this.heldUntil, now + Math.max(this.holdMs, retryAfterMs));
		if (isNews) this.holdMs = Math.min(this.holdMs * 2, LONGEST_HOLD_MS);
	}
}
