import type { Operation } from '../../operation';
import { runTasks } from '../../taskRun';
import { readQuickCreateRequest } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Start a quick create task',
	description:
		'Start a task and go on at once with its ID. RunningHub may not call back for it: fetch it with Task > Wait for Result.',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: readQuickCreateRequest, wait: false });
	},
};
