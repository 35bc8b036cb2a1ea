/** Time as the core sees it, so that a test can run hours in milliseconds. */
export interface Clock {
	/** Milliseconds since some fixed moment, which is another one in each process. */
	now(): number;
	/** Resolves after `ms` milliseconds; rejects at once when the signal is aborted. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A function that gives a number from 0 (included) to 1 (excluded), as Math.random does. */
export type Random = () => number;
