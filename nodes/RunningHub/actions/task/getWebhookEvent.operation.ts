import { withRetries } from '../../../../runninghub/base/retry';
import { effectiveNode } from '../../agent/tool';
import { connect } from '../../n8n/connection';
import { toItems } from '../../run/output';
import type { Operation } from '../operation';
import { eachTask } from './eachTask';
import { taskIdProperty } from './taskId';

export const getWebhookEvent: Operation = {
	name: 'Get Webhook Event',
	value: 'getWebhookEvent',
	action: 'Get the webhook event of a task',
	description: 'Get the callback that RunningHub sent for a task and how it was answered',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const results = await eachTask(context, itemIndexes, connection, async (taskId) => ({
			state: 'json',
			json: {
				...(await withRetries(
					async () => await connection.client.webhookEvent(taskId),
					connection,
				)),
			},
		}));
		return toItems(effectiveNode(context), results);
	},
};
