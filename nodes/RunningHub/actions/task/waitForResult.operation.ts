import pLimit from 'p-limit';
import { CHECKS_AT_ONCE, waitForTask } from '../../../../runninghub/wait';
import type { Operation } from '../../operation';
import { waitResult } from '../../outcomes';
import { readWaitChoice } from '../../runProperties';
import { eachTask } from './eachTask';
import { taskIdProperty } from './taskId';

export const waitForResult: Operation = {
	name: 'Wait for Result',
	value: 'waitForResult',
	action: 'Wait for the result of a task',
	description: 'Wait until a task has ended and give out its results',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		const checks = pLimit(CHECKS_AT_ONCE);
		return await eachTask(
			context,
			itemIndexes,
			async (taskId, connection, itemIndex) => {
				const choice = readWaitChoice(context, itemIndex);
				const tools = { ...connection, checks };
				return waitResult(await waitForTask(taskId, tools, { ...choice, isOurs: false }), choice);
			},
			// All are waited for at the same time; only their checks are limited.
			Infinity,
		);
	},
};
