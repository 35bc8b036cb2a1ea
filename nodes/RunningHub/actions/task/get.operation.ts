import type { Operation } from '../../operation';
import { eachTask } from './eachTask';
import { taskIdProperty } from './taskId';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a task',
	description: 'Look once at the state of a task, with its results if it is done',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		// A failed task is an answer here, not an error of this operation.
		return await eachTask(context, itemIndexes, async (taskId, { client }) => ({
			task: await client.query(taskId),
		}));
	},
};
