import type { Resource } from '../operation';
import { cancel } from './cancel.operation';
import { get } from './get.operation';
import { getWebhookEvent } from './getWebhookEvent.operation';
import { resendWebhookEvent } from './resendWebhookEvent.operation';
import { waitForResult } from './waitForResult.operation';

export const task: Resource = {
	name: 'Task',
	value: 'task',
	description: 'Tasks that were already submitted',
	properties: [],
	operations: [waitForResult, get, cancel, getWebhookEvent, resendWebhookEvent],
	defaultOperation: waitForResult.value,
};
