import { runTasks } from '../../run/runTasks';
import type { Operation } from '../operation';
import { readQuickCreateRequest } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Submit a quick create task without waiting',
	description:
		'Start a task and return its ID without waiting. RunningHub may send no callback for it: get the result with Task > Wait for Result.',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: readQuickCreateRequest, wait: false });
	},
};
