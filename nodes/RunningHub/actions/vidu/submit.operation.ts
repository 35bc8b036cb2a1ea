import { runTasks } from '../../run/runTasks';
import type { Operation } from '../operation';
import { readViduRequest } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Submit a vidu video without waiting',
	description: 'Start a video and return its task ID without waiting',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: readViduRequest, wait: false });
	},
};
