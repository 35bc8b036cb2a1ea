import { z } from 'zod';
import { RunningHubError } from '../base/errors';
import { redact } from '../base/redact';
import { tolerantNumber, tolerantText } from '../base/tolerantSchemas';
import { parseData, type Envelope } from '../http/envelope';

/**
 * What RunningHub remembers of the callback of one task (reference section 8.4). What it sent is left out: it may hold
 * tracebacks and inputs, and the task itself says more.
 */
export interface WebhookEvent {
	taskId: string;
	/** Of the event, not of the task: for sending it again. */
	webhookId: string;
	url: string;
	/** `SUCCESS` and `FAILED` are known; `PENDING` and others may come. */
	status: string;
	/** What the receiver answered, or why it could not be reached. */
	response: string;
	retries: number | null;
	/** Without a time zone, as RunningHub gives them. */
	createdAt: string;
	updatedAt: string;
}

const text = tolerantText.transform((value) => value ?? '');

const detail = z.object({
	id: text.refine((id) => id !== ''),
	webhookUrl: text,
	callbackStatus: text,
	callbackResponse: text,
	retryCount: tolerantNumber,
	createTime: text,
	updateTime: text,
});

/**
 * @throws RunningHubError of kind `notFound` for a task that was submitted without a callback URL: RunningHub then
 * answers with code 1
 */
export function webhookEventFrom(envelope: Envelope, taskId: string): WebhookEvent {
	if (envelope.shape === 'coded' && envelope.code === '1') {
		throw new RunningHubError({
			kind: 'notFound',
			code: '1',
			taskId,
			message: `RunningHub has no callback for task ${taskId}.`,
			description: 'Only tasks that have ended and were submitted with a callback URL have one.',
		});
	}
	const data = parseData(envelope, detail, 'it does not describe a callback');
	return {
		taskId,
		webhookId: data.id,
		url: data.webhookUrl,
		status: data.callbackStatus,
		response: redact(data.callbackResponse),
		retries: data.retryCount,
		createdAt: data.createTime,
		updatedAt: data.updateTime,
	};
}
