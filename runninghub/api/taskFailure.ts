import { z } from 'zod';
import { RunningHubError } from '../base/errors';
import { tryParseJson } from '../base/json';
import { redact } from '../base/redact';
import { tolerantText } from '../base/tolerantSchemas';
import { errorForCode, errorForFailedTask, meaningfulMessage } from '../http/errorForCode';
import { nodeErrorsIn } from './promptTips';

/**
 * The exception of a ComfyUI node: an object, or the object as a string (quirk 11). Its traceback and inputs may
 * hold server paths and prompts, so only these three are read.
 */
export const failedReason = z
	.preprocess(
		(value) => (typeof value === 'string' ? reasonIn(value) : value),
		z.object({
			node_name: tolerantText,
			exception_type: tolerantText,
			exception_message: tolerantText,
		}),
	)
	.catch({ node_name: null, exception_type: null, exception_message: null });

export type FailedReason = z.infer<typeof failedReason>;

/** The object in the string, or else the string itself. */
function reasonIn(value: string): unknown {
	const parsed = tryParseJson(value);
	return parsed === undefined || typeof parsed === 'string' ? { exception_message: value } : parsed;
}

/**
 * The error of a task that has failed: what its node threw, where RunningHub tells that, else what its code means.
 * @param code RunningHub's, empty where there is none
 * @param text RunningHub's own message, may be empty
 * @param errorOf what a code means; another one for a task whose end is not certain
 */
export function taskFailureOf(
	code: string,
	text: string,
	reason: FailedReason,
	taskId: string,
	errorOf = errorForFailedTask,
): RunningHubError {
	const message = nodeErrorsIn(text) ?? text;
	const exception = meaningfulMessage(reason.exception_message ?? '');
	if (exception !== '' || reason.node_name) {
		const said = exception || meaningfulMessage(message) || 'RunningHub gave no reason';
		const nodeName = reason.node_name ? redact(reason.node_name) : undefined;
		const where = nodeName === undefined ? '' : ` in ComfyUI node “${nodeName}”`;
		const type = reason.exception_type ? `${reason.exception_type}: ` : '';
		return new RunningHubError({
			kind: 'failed',
			code: code || undefined,
			taskId,
			nodeName,
			message: `The task failed${where}: ${redact(`${type}${said}`)}`,
			description: 'Request a shorter or smaller result, or change the input, then run it again.',
		});
	}
	if (code === '' || code === '805') {
		return errorForCode('805', message, { taskId, code: code || undefined });
	}
	return errorOf(code, message, { taskId });
}
