import { runTasks } from '../../run/runTasks';
import type { Operation } from '../operation';
import { readQuickCreateRequest } from './request';

export const submitAndWait: Operation = {
	name: 'Submit and Wait',
	value: 'submitAndWait',
	action: 'Run a quick create task and wait for it',
	description: 'Start a task, wait until it is done and return its results',
	properties: [],
	async execute(context, itemIndexes) {
		return await runTasks(context, itemIndexes, {
			read: readQuickCreateRequest,
			wait: true,
			// RunningHub does not say that it calls back for such tasks (reference section 3.3).
			callsBack: false,
		});
	},
};
