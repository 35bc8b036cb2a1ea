import type { Clock, Random } from './clock';
import { RunningHubError, type ErrorKind } from './errors';

export interface RetryDeps {
	clock: Clock;
	random: Random;
	signal?: AbortSignal;
}

/** Milliseconds before each further try. */
const PAUSES_MS = [1_000, 4_000];
const TRANSIENT_KINDS: ReadonlySet<ErrorKind> = new Set(['transient', 'rateLimit', 'protocol']);

/**
 * Does something again after a failure that may pass. Only for what costs nothing: a submit has its own rules (submitQueue.ts).
 * @throws the RunningHubError of the last try
 */
export async function withRetries<T>(
	work: () => Promise<T>,
	{ clock, random, signal }: RetryDeps,
): Promise<T> {
	for (const pauseMs of PAUSES_MS) {
		signal?.throwIfAborted();
		const done = await work().then(
			(value) => ({ value }),
			(error: unknown) => {
				if (error instanceof RunningHubError && isTransient(error)) return error;
				throw error;
			},
		);
		if (!(done instanceof RunningHubError)) return done.value;
		await clock.sleep(Math.max(pauseMs * (0.8 + 0.4 * random()), done.retryAfterMs ?? 0), signal);
	}
	signal?.throwIfAborted();
	return await work();
}

/** May the same call succeed in a moment? */
export function isTransient({ kind }: RunningHubError): boolean {
	return TRANSIENT_KINDS.has(kind);
}
