/** Thrown to a job that is no longer waited for: a later batch with the same journal goes on with it. */
export class Detached extends Error {}

/** The two ways in which a wait ends early. */
export interface Interruption {
	/** The run is stopped: everything rejects with its reason. */
	signal?: AbortSignal;
	/** From its abort on nothing is waited for, and the run goes on without. */
	detach?: AbortSignal;
	/** Either of them; made once, since Node keeps a combined signal for as long as its parts live. */
	either?: AbortSignal;
}

/** Made once a run: see {@link Interruption}. */
export function interruption(signal?: AbortSignal, detach?: AbortSignal): Interruption {
	const either = signal && detach ? AbortSignal.any([signal, detach]) : (signal ?? detach);
	return { signal, detach, either };
}

/**
 * Waits until the work is done or interrupted.
 * @throws Detached, or the reason of `signal`, or whatever the work throws
 */
export async function unlessDetached<T>(
	work: (either: AbortSignal | undefined) => Promise<T>,
	{ signal, detach, either }: Interruption,
): Promise<T> {
	return await work(either).catch((reason: unknown) => {
		if (reason !== either?.reason) throw reason;
		// A combined signal has the reason of whichever part was aborted first.
		signal?.throwIfAborted();
		throw detach?.aborted ? new Detached() : reason;
	});
}
