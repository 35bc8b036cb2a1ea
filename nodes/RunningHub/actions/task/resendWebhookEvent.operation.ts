import { effectiveNode } from '../../agent/tool';
import { connect } from '../../n8n/connection';
import { toItems } from '../../run/output';
import { readCallbackUrl } from '../../sleep/callbackUrl';
import type { Operation } from '../operation';
import { eachTask } from './eachTask';
import { taskIdProperty } from './taskId';

export const resendWebhookEvent: Operation = {
	name: 'Resend Webhook Event',
	value: 'resendWebhookEvent',
	action: 'Resend the webhook event of a task',
	description: 'Make RunningHub send the callback of a task again, to the same URL or another one',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const { client, baseUrl } = connection;
		const results = await eachTask(context, itemIndexes, connection, async (taskId, itemIndex) => {
			const url = readCallbackUrl(context, itemIndex, baseUrl);
			const event = await client.webhookEvent(taskId);
			await client.resendWebhookEvent(event.webhookId, url);
			// The event has been sent: that it cannot be read again is no failure.
			const sent = await client.webhookEvent(taskId).catch(() => event);
			return { state: 'json', json: { ...sent } };
		});
		return toItems(effectiveNode(context), results);
	},
};
