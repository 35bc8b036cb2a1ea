import type { Resource } from '../../operation';
import { cancel } from './cancel.operation';
import { get } from './get.operation';
import { waitForResult } from './waitForResult.operation';

export const task: Resource = {
	name: 'Task',
	value: 'task',
	description: 'Tasks that were submitted before',
	properties: [],
	operations: [cancel, get, waitForResult],
	defaultOperation: waitForResult.value,
};
