import { runTasks } from '../../run/runTasks';
import type { Operation } from '../operation';
import { readModelRequest } from './request';

export const submitAndWait: Operation = {
	name: 'Submit and Wait',
	value: 'submitAndWait',
	action: 'Generate with a model and wait for it',
	description:
		'Generate a video, image, audio, text or 3D, wait until it is done and return the result',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: readModelRequest, wait: true });
	},
};
