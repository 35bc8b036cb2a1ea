import type { Clock, Random } from '../base/clock';
import { RunningHubError } from '../base/errors';

/** Milliseconds of the first hold, and of the shortest one later. */
const FIRST_HOLD_MS = 2_000;
const MAX_HOLD_MS = 60_000;

/**
 * How fast an account may be called. When RunningHub says that it is called too often, all calls of the account hold,
 * for longer each time; then they go on one after the other, and not at the same moment.
 */
export class RateLimit {
	private holdMs = FIRST_HOLD_MS;
	private heldUntil = -Infinity;

	constructor(private readonly deps: { clock: Clock; random: Random }) {}

	/**
	 * Ends when the next call may go; rejects at once when the signal is aborted.
	 * @param maxMs milliseconds after which it may go in any case, such as those until a deadline
	 */
	async ready(signal?: AbortSignal, maxMs = Infinity): Promise<void> {
		const { clock, random } = this.deps;
		const latest = clock.now() + maxMs;
		while (clock.now() < Math.min(this.heldUntil, latest)) {
			const until = Math.min(this.heldUntil + this.holdMs * random(), latest);
			await clock.sleep(until - clock.now(), signal);
		}
	}

	/** @param outcome what came of a call: its error, or anything else */
	note(outcome: unknown): void {
		const now = this.deps.clock.now();
		// The outcome of a call that was sent before the hold tells nothing new.
		const isNews = now >= this.heldUntil;
		if (!(outcome instanceof RunningHubError)) {
			if (isNews) this.holdMs = Math.max(this.holdMs / 2, FIRST_HOLD_MS);
			return;
		}
		const { kind, retryAfterMs = 0 } = outcome;
		if (kind !== 'rateLimit' && retryAfterMs === 0) return;
		this.heldUntil = Math.max(this.heldUntil, now + Math.max(this.holdMs, retryAfterMs));
		if (isNews) this.holdMs = Math.min(this.holdMs * 2, MAX_HOLD_MS);
	}
}
