import type { Operation } from '../../operation';
import { runTasks } from '../../taskRun';
import { readQuickCreateRequest } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Submit a quick create task without waiting',
	description:
		'Start a task and continue immediately with its ID. RunningHub may not call back for it: fetch it with Task > Wait for Result.',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: readQuickCreateRequest, wait: false });
	},
};
