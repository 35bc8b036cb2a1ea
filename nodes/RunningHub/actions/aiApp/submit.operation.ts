import { runTasks } from '../../run/runTasks';
import type { Operation } from '../operation';
import { appReader } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Submit an AI app without waiting',
	description: 'Start an app and return its task ID without waiting',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: appReader(context), wait: false });
	},
};
