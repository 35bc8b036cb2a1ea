import { isEnded, type Task } from '../../../../runninghub/api/task';
import { RunningHubError, type ErrorKind } from '../../../../runninghub/base/errors';
import { withRetries } from '../../../../runninghub/base/retry';
import { CODE_MEANINGS } from '../../../../runninghub/http/errorCodes';
import { effectiveNode } from '../../agent/tool';
import { connect, type Connection } from '../../n8n/connection';
import type { ItemOutcome } from '../../run/itemResult';
import { toItems } from '../../run/output';
import type { Operation } from '../operation';
import { eachTask } from './eachTask';
import { taskIdProperty } from './taskId';

export const cancel: Operation = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel a task',
	description: 'Cancel a task and return its status. Finished tasks are returned unchanged.',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const results = await eachTask(
			context,
			itemIndexes,
			connection,
			async (taskId) => await cancelled(taskId, connection),
		);
		return toItems(effectiveNode(context), results);
	},
};

/**
 * RunningHub may accept a cancellation before, or even without, stopping the task, and refuse one because the task has
 * ended: so the task's own status decides.
 */
async function cancelled(taskId: string, connection: Connection): Promise<ItemOutcome> {
	const refusal = await askToCancel(taskId, connection);
	const task = await stateOf(taskId, connection, refusal === undefined ? SETTLING_MS : []);
	if (isEnded(task)) return { state: 'task', task, files: [] };
	return refusal === undefined
		? { state: 'running', task, notice: stillRunning(task) }
		: { state: 'taskError', task, error: notCancelled(task, refusal), files: [] };
}

/** Errors that tell nothing about the task; any other is RunningHub's refusal to cancel it. */
const NO_ANSWER: ReadonlySet<ErrorKind> = new Set([
	'auth',
	'protocol',
	'rateLimit',
	'site',
	'transient',
]);

/** @returns why RunningHub refuses; undefined where it accepts */
async function askToCancel(
	taskId: string,
	connection: Connection,
): Promise<RunningHubError | undefined> {
	return await withRetries(async () => await connection.client.cancel(taskId), connection).then(
		() => undefined,
		(error: unknown) => {
			if (error instanceof RunningHubError && !NO_ANSWER.has(error.kind)) return error;
			throw error;
		},
	);
}

/** Milliseconds between checks of a task that is being cancelled. */
const SETTLING_MS = [1_000, 2_000];

async function stateOf(
	taskId: string,
	connection: Connection,
	pausesMs: readonly number[],
): Promise<Task> {
	const query = async () => await connection.client.query(taskId);
	let task = await withRetries(query, connection);
	for (const pauseMs of pausesMs) {
		if (isEnded(task)) return task;
		await connection.clock.sleep(pauseMs, connection.signal);
		task = await withRetries(query, connection);
	}
	return task;
}

/** Never of kind `notFound`: a workflow that then submits a new task would pay twice. */
function notCancelled({ taskId, status }: Task, refusal: RunningHubError): RunningHubError {
	const isKnown = refusal.code !== undefined && Object.hasOwn(CODE_MEANINGS, refusal.code);
	const reason = isKnown ? '' : ` ${refusal.message}`;
	return refusal.with({
		kind: 'failed',
		taskId,
		message: `RunningHub did not cancel task ${taskId}; it is ${status}.`,
		description: `Tasks of Vidu and the other models often cannot be cancelled. The task continues and is charged: get its result with Task > Wait for Result.${reason}`,
	});
}

function stillRunning({ taskId, status }: Task): RunningHubError {
	return new RunningHubError({
		kind: 'timeout',
		taskId,
		message: `RunningHub accepted the cancellation, but task ${taskId} is still ${status} and may still be charged. Check again with Task > Get.`,
	});
}
