/** Slower than this counts as broken: even a poor line does better. */
const MIN_BYTES_PER_SECOND = 64 * 1024;
const MAX_UNKNOWN_SIZE_MS = 3_600_000;

/**
 * Milliseconds that a file may take on its way, so that one which falls silent half-way is given up, and a large one
 * on a slow line is not.
 * @param bytes its size, if it is known
 * @param processingMs what is granted beside: for the other side to think
 */
export function transferTimeoutMs(bytes: number | undefined, processingMs: number): number {
	if (bytes === undefined || !Number.isFinite(bytes)) return processingMs + MAX_UNKNOWN_SIZE_MS;
	return processingMs + Math.ceil((bytes / MIN_BYTES_PER_SECOND) * 1_000);
}
