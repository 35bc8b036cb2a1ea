import { runTasks } from '../../run/runTasks';
import type { Operation } from '../operation';
import { appReader } from './request';

export const submitAndWait: Operation = {
	name: 'Submit and Wait',
	value: 'submitAndWait',
	action: 'Run an AI app and wait for it',
	description: 'Run an app, wait until it is done and return its results',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, { read: appReader(context), wait: true });
	},
};
