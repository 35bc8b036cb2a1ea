import { withRetries } from '../../../../runninghub/retry';
import { connect } from '../../engine/connection';
import type { Operation } from '../../operation';
import { toItems } from '../../outcomes';
import { nodeOf } from '../../tool';
import { eachTask } from './eachTask';
import { taskIdProperty } from './taskId';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a task',
	description:
		'Look once at the state of a task, with its results if it is done; a failed task is an item, not an error',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		// A failed task is an answer here, not an error of this operation.
		const connection = await connect(context);
		const results = await eachTask(context, itemIndexes, connection, async (taskId) => ({
			task: await withRetries(async () => await connection.client.query(taskId), connection),
		}));
		return toItems(nodeOf(context), results);
	},
};
