import type { Operation } from '../../operation';
import { runTasks } from '../../taskRun';
import { appReader } from './request';

export const submit: Operation = {
	name: 'Submit',
	value: 'submit',
	action: 'Start an AI app',
	description: 'Start an app and go on at once with its task ID; fetch it later',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: appReader(context), wait: false });
	},
};
