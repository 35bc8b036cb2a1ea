import { runTasks } from '../../run/runTasks';
import type { Operation } from '../operation';
import { readViduRequest } from './request';

export const submitAndWait: Operation = {
	name: 'Submit and Wait',
	value: 'submitAndWait',
	action: 'Generate a vidu video and wait for it',
	description: 'Generate a video, wait until it is done and return it',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: readViduRequest, wait: true });
	},
};
