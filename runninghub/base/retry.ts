import type { Clock, Random } from './clock';
import { expectRunningHubError, RunningHubError, type ErrorKind } from './errors';

/** How often something that failed is tried again, and after which failures. */
export interface RetryPolicy {
	/** Milliseconds before each further try, so that there is one try more than there are delays. */
	delaysMs: readonly number[];
	/** The part by which a delay varies in both directions, from 0 to 1: calls that failed together are not repeated together. */
	jitter: number;
	/** May another try succeed? All other failures are thrown at once. */
	isRetryable(error: RunningHubError): boolean;
}

const TRANSIENT_KINDS: ReadonlySet<ErrorKind> = new Set(['transient', 'rateLimit', 'protocol']);

/** May the same call succeed in a moment? */
export function isTransient({ kind }: RunningHubError): boolean {
	return TRANSIENT_KINDS.has(kind);
}

/** For calls that cost nothing: three tries within about five seconds. */
export const DEFAULT_RETRY: RetryPolicy = {
	delaysMs: [1_000, 4_000],
	jitter: 0.2,
	isRetryable: isTransient,
};

/** `random` varies the delays; an abort of `signal` ends them. */
export interface RetryDeps {
	clock: Clock;
	random: Random;
	signal?: AbortSignal;
}

/**
 * Does something again after a failure that may pass, and never sooner than the server asks for (`retryAfterMs`).
 *
 * Rule that must not be broken: a submit, which costs money, is repeated only by a policy that looks at `resendable`.
 * @throws the RunningHubError of the last try; whatever else the work throws; the signal's reason when it is aborted
 */
export async function withRetries<T>(
	work: () => Promise<T>,
	{ clock, random, signal }: RetryDeps,
	{ delaysMs, jitter, isRetryable }: RetryPolicy = DEFAULT_RETRY,
): Promise<T> {
	for (const delayMs of delaysMs) {
		signal?.throwIfAborted();
		const done = await work().then(
			(value) => ({ value }),
			(thrown: unknown) => {
				const error = expectRunningHubError(thrown);
				if (isRetryable(error)) return error;
				throw error;
			},
		);
		if (!(done instanceof RunningHubError)) return done.value;
		const pauseMs = withJitter(delayMs, jitter, random);
		await clock.sleep(Math.max(pauseMs, done.retryAfterMs ?? 0), signal);
	}
	signal?.throwIfAborted();
	return await work();
}

/** @param jitter the part by which the delay varies in both directions, from 0 to 1 */
export function withJitter(delayMs: number, jitter: number, random: Random): number {
	return delayMs * (1 - jitter + 2 * jitter * random());
}
