import pLimit from 'p-limit';
import type { Client } from '../api/client';
import type { Logger } from '../base/logger';
import { withRetries, type RetryDeps } from '../base/retry';

const CANCEL_CONCURRENCY = 8;

/**
 * The work's result, unless the signal is aborted first: then the work goes on in the background, and its result is lost.
 * @throws what the work throws, or the signal's reason
 */
export async function unlessCancelled<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (signal === undefined) return await work;
	const over = new AbortController();
	const cancelled = new Promise<never>((_, reject) => {
		const cancel = () => reject(signal.reason);
		if (signal.aborted) cancel();
		signal.addEventListener('abort', cancel, { signal: over.signal });
	});
	return await Promise.race([work, cancelled]).finally(() => over.abort());
}

/** A task that has not ended when its run is stopped. */
export interface UnfinishedTask {
	taskId: string;
	/** Is it to be cancelled, too? */
	cancel: boolean;
}

/**
 * Cancels those tasks of a stopped run that are to be cancelled, and logs the ids of the others. In the background, since
 * the run has ended.
 */
export function cancelOrLogTasks(
	unfinished: readonly UnfinishedTask[],
	deps: { client: Pick<Client, 'cancel'>; logger: Logger } & Pick<RetryDeps, 'clock' | 'random'>,
): void {
	const { client, clock, random, logger } = deps;
	const limit = pLimit(CANCEL_CONCURRENCY);
	const cancelTask = async (taskId: string) =>
		await withRetries(async () => await client.cancel(taskId), { clock, random }).then(
			() => logger.info(`Asked RunningHub to cancel task ${taskId}`, { taskId }),
			() => logger.warn(`RunningHub did not cancel task ${taskId}; it goes on.`, { taskId }),
		);
	for (const { taskId, cancel } of unfinished) {
		if (cancel) void limit(async () => await cancelTask(taskId));
	}
	const goOn = unfinished.flatMap(({ taskId, cancel }) => (cancel ? [] : [taskId]));
	if (goOn.length === 0) return;
	logger.warn(
		`Stopped while RunningHub tasks go on: ${goOn.join(', ')}. Fetch their results with Task > Wait for Result.`,
		{ taskIds: goOn },
	);
}
