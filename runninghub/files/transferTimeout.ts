/** Slower than this counts as broken: even a poor line does better. */
const SLOWEST_BYTES_PER_SECOND = 64 * 1024;
const LONGEST_UNKNOWN_MS = 3_600_000;

/**
 * Milliseconds that a file may take on its way, so that one which falls silent half-way is given up, and a large one
 * on a slow line is not.
 * @param bytes its size, if it is known
 * @param quietMs what is granted beside: for the other side to think
 */
export function patienceMs(bytes: number | undefined, quietMs: number): number {
	if (bytes === undefined || !Number.isFinite(bytes)) return quietMs + LONGEST_UNKNOWN_MS;
	return quietMs + Math.ceil((bytes / SLOWEST_BYTES_PER_SECOND) * 1_000);
}
