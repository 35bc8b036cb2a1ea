import type { Operation } from '../../operation';
import { runTasks } from '../../taskRun';
import { workflowReader } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Start a comfyui workflow',
	description: 'Start a workflow and go on at once with its task ID; fetch it later',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: workflowReader(context), wait: false });
	},
};
