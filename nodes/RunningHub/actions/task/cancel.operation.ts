import { RunningHubError, type ErrorKind } from '../../../../runninghub/errors';
import { isEnded } from '../../../../runninghub/task';
import { connect } from '../../connection';
import type { Operation } from '../../operation';
import { toItems } from '../../outcomes';
import { nodeOf } from '../../tool';
import { eachTask } from './eachTask';
import { taskIdProperty } from './taskId';

/** RunningHub says these of a task that has ended, of one that it will not cancel, and of one that does not exist. */
const REFUSALS: ReadonlySet<ErrorKind> = new Set(['notFound', 'failed']);

export const cancel: Operation = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel a task',
	description:
		'Ask RunningHub to stop a task, and give out its state; one that has ended comes out as it is',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const { client } = connection;
		// A yes comes before, or even without, the task being stopped: only the state afterwards is true.
		const results = await eachTask(context, itemIndexes, connection, async (taskId) => {
			const refusal = await client.cancel(taskId).then(
				() => undefined,
				(error: unknown) => {
					if (error instanceof RunningHubError && REFUSALS.has(error.kind)) return error;
					throw error;
				},
			);
			const task = await client.query(taskId);
			return refusal === undefined || isEnded(task)
				? { task }
				: { task, error: notCancelled(taskId, task.status, refusal) };
		});
		return toItems(nodeOf(context), results);
	},
};

function notCancelled(taskId: string, status: string, refusal: RunningHubError): RunningHubError {
	return refusal.with({
		taskId,
		message: `RunningHub did not cancel task ${taskId}; it is ${status}.`,
		description: 'Tasks of standard models often cannot be cancelled; it goes on and is paid for.',
	});
}
