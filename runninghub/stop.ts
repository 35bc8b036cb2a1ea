import pLimit from 'p-limit';
import type { BatchTools, Job } from './batch';
import { withRetries } from './retry';

const CANCELS_AT_ONCE = 8;

/**
 * The work's result, unless the signal is aborted first: then the work goes on behind, and nobody waits for it.
 * @throws what the work throws, or the signal's reason
 */
export async function unlessStopped<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (signal === undefined) return await work;
	const over = new AbortController();
	const stopped = new Promise<never>((_, reject) => {
		const stop = () => reject(signal.reason);
		if (signal.aborted) stop();
		signal.addEventListener('abort', stop, { signal: over.signal });
	});
	return await Promise.race([work, stopped]).finally(() => over.abort());
}

/**
 * What becomes of the tasks that have not ended when their run is stopped: those whose jobs ask for it are cancelled,
 * and the log says where to find the others. Nobody waits for it: the run has ended.
 */
export function leaveTasks(
	unfinished: Iterable<[taskId: string, job: Job]>,
	tools: Pick<BatchTools, 'client' | 'clock' | 'random' | 'logger'>,
): void {
	const { client, clock, random, logger } = tools;
	const atOnce = pLimit(CANCELS_AT_ONCE);
	const goOn: string[] = [];
	for (const [taskId, { cancelWhenStopped }] of unfinished) {
		if (!cancelWhenStopped) {
			goOn.push(taskId);
			continue;
		}
		void atOnce(
			async () =>
				await withRetries(async () => await client.cancel(taskId), { clock, random }).then(
					() => logger.info(`Asked RunningHub to cancel task ${taskId}`, { taskId }),
					() => logger.warn(`RunningHub did not cancel task ${taskId}; it goes on.`, { taskId }),
				),
		);
	}
	if (goOn.length === 0) return;
	logger.warn(
		`Stopped while RunningHub tasks go on: ${goOn.join(', ')}. Fetch their results with Task > Wait for Result.`,
		{ taskIds: goOn },
	);
}
