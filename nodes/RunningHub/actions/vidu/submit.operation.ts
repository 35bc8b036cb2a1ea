import type { Operation } from '../../operation';
import { runModelTasks } from '../../modelTasks';
import { readViduRequest } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Start a video with vidu',
	description: 'Start a video and go on at once with its task ID; fetch it later',
	properties: [],
	async execute(context, itemIndexes) {
		return await runModelTasks(context, itemIndexes, { read: readViduRequest, wait: false });
	},
};
