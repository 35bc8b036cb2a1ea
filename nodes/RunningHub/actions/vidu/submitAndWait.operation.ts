import type { Operation } from '../../operation';
import { runTasks } from '../../taskRun';
import { readViduRequest } from './request';

export const submitAndWait: Operation = {
	name: 'Submit and Wait',
	value: 'submitAndWait',
	action: 'Generate a video with vidu',
	description: 'Generate a video: start it, wait until it is done and give out its URL',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: readViduRequest, wait: true });
	},
};
