import { sleep } from 'n8n-workflow';
import type { Clock } from '../../../runninghub/base/clock';

/** n8n's rules allow no timer of our own; its sleep cannot be ended early, so an abort overtakes it. */
export const n8nClock: Clock = {
	now: () => performance.now(),
	sleep: async (ms, signal) => {
		signal?.throwIfAborted();
		if (signal === undefined) return await sleep(ms);
		const handlers = abortHandlersOf(signal);
		let onAbort = () => {};
		const aborted = new Promise<never>((_, reject) => {
			onAbort = () => reject(signal.reason);
			handlers.add(onAbort);
		});
		await Promise.race([sleep(ms), aborted]).finally(() => handlers.delete(onAbort));
	},
};

/**
 * What is kept over processes is told by the calendar. The clock above knows nothing of that, and is another one in each
 * process, but it never runs backwards; so moments are translated where they are kept and read.
 * @returns milliseconds to add to a moment of {@link n8nClock}, as of now
 */
export const calendarOffset = (): number => Date.now() - n8nClock.now();

const abortHandlers = new WeakMap<AbortSignal, Set<() => void>>();

/** One listener a signal, however many tasks sleep: Node warns of a leak from the eleventh on. */
function abortHandlersOf(signal: AbortSignal): Set<() => void> {
	const known = abortHandlers.get(signal);
	if (known !== undefined) return known;
	const handlers = new Set<() => void>();
	abortHandlers.set(signal, handlers);
	signal.addEventListener('abort', () => handlers.forEach((handle) => handle()), { once: true });
	return handlers;
}
