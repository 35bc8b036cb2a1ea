import type { Operation } from '../../operation';
import { runTasks } from '../../taskRun';
import { readViduRequest } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Submit a vidu video without waiting',
	description: 'Start a video and continue immediately with its task ID; fetch it later',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: readViduRequest, wait: false });
	},
};
