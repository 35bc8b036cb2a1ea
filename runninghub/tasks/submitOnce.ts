import type { Task } from '../api/task';
import { RunningHubError } from '../base/errors';
import { cancelOrLogTasks } from './cancellation';
import { isCancelled, type BatchDeps, type NewTask, type PreparedTask } from './job';

/**
 * Sends one submit.
 *
 * Rule that must not be broken: the journal is written before the submit leaves, and again with its outcome.
 * @throws RunningHubError, as {@link Client.submit}, or because it does not fit into the budget
 */
export async function submitOnce(
	job: NewTask,
	{ charge, callbackTo, ...submission }: PreparedTask,
	deps: BatchDeps,
): Promise<Task> {
	const { key, itemIndex, source } = job;
	const { client, clock, logger, journal, budget, signal } = deps;
	journal.write(key, { state: 'sent', source });
	const send = async () => await client.submit(submission);
	const task = await budget.within(charge, send).catch((error: unknown) => {
		const refused = error instanceof RunningHubError && error.kind !== 'unknownOutcome';
		if (refused) journal.forget(key);
		throw error;
	});
	const { taskId, notice } = task;
	const accepted = { taskId, at: clock.now(), failedChecks: 0, notice, callbackTo };
	journal.write(key, { state: 'accepted', source, ...accepted });
	// At once: a process that is killed has written nothing but its log.
	logger.info(`RunningHub accepted task ${taskId} for item ${itemIndex}`, {
		taskId,
		itemIndex,
		source,
	});
	if (notice !== undefined) logger.warn(notice.message, { taskId, itemIndex, source });
	// Stopped while the submit was on its way: nobody will see this task.
	if (signal?.aborted) cancelOrLogTasks([{ taskId, cancel: isCancelled(job) }], deps);
	return task;
}
