import { runTasks } from '../../run/runTasks';
import type { Operation } from '../operation';
import { workflowReader } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Submit a comfyui workflow without waiting',
	description: 'Start a workflow and return its task ID without waiting',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: workflowReader(context), wait: false });
	},
};
