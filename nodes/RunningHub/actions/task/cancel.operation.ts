import type { Operation } from '../../operation';
import { eachTask } from './eachTask';
import { taskIdProperty } from './taskId';

export const cancel: Operation = {
	name: 'Cancel',
	value: 'cancel',
	action: 'Cancel a task',
	description: 'Ask RunningHub to stop a task, and give out the state that it then has',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		// RunningHub says yes to a cancel before, or even without, doing it: only the state afterwards is true.
		return await eachTask(context, itemIndexes, async (taskId, { client }) => {
			await client.cancel(taskId);
			return { task: await client.query(taskId) };
		});
	},
};
