/** A transfer that is slower than this counts as broken; a poor mobile connection is faster. */
const MIN_BYTES_PER_SECOND = 64 * 1024;
/** An hour, for a file whose size is not known. */
const MAX_UNKNOWN_SIZE_MS = 3_600_000;

/**
 * Milliseconds that the transfer of a file may take, so that one that stalls is given up, and a large one on a slow
 * connection is not.
 * @param bytes its size, if it is known
 * @param processingMs what is granted beside, for the server to respond
 */
export function transferTimeoutMs(bytes: number | undefined, processingMs: number): number {
	if (bytes === undefined || !Number.isFinite(bytes)) return processingMs + MAX_UNKNOWN_SIZE_MS;
	return processingMs + Math.ceil((bytes / MIN_BYTES_PER_SECOND) * 1_000);
}
