import type { Operation } from '../../operation';
import { runTasks } from '../../taskRun';
import { appReader } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Submit an AI app without waiting',
	description: 'Start an app and continue immediately with its task ID; fetch it later',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: appReader(context), wait: false });
	},
};
