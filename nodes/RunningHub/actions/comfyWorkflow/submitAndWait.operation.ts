import { runTasks } from '../../run/runTasks';
import type { Operation } from '../operation';
import { workflowReader } from './request';

export const submitAndWait: Operation = {
	name: 'Submit and Wait',
	value: 'submitAndWait',
	action: 'Run a comfyui workflow and wait for it',
	description: 'Run a workflow, wait until it is done and return its results',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: workflowReader(context), wait: true });
	},
};
