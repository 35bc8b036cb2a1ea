import { runTasks } from '../../run/runTasks';
import type { Operation } from '../operation';
import { readModelRequest } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Submit a task of a model without waiting',
	description: 'Start a task and return its ID without waiting',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: readModelRequest, wait: false });
	},
};
