import { sleep } from 'n8n-workflow';
import type { Clock } from '../../../runninghub/clock';

/** n8n's rules allow no timer of our own; its sleep cannot be ended early, so an abort overtakes it. */
export const n8nClock: Clock = {
	// Since 1970, so that a moment means the same in a later process, and never backwards in this one.
	now: () => performance.timeOrigin + performance.now(),
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
