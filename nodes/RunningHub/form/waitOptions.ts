import type { IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput } from '../../../runninghub/base/invalidInput';
import type { WaitSettings } from '../../../runninghub/tasks/waitUntilDeadline';
import { isTool } from '../agent/tool';
import { readNumber } from './readOptions';

/** `answer` is not in the form: an agent always gets an answer that it can act on. */
export type OnTimeout = 'error' | 'return' | 'answer';

export interface WaitOptions extends WaitSettings {
	onTimeout: OnTimeout;
}

const MIN_TIMEOUT_MINUTES = 0.1;
/** Two weeks. */
const MAX_TIMEOUT_MINUTES = 20_160;
const MIN_INTERVAL_SECONDS = 1;
const MS_PER_MINUTE = 60_000;
/** An agent holds a conversation open meanwhile. */
const MAX_TOOL_WAIT_MS = 5 * MS_PER_MINUTE;

/**
 * How one item is to be waited for; numbers out of range count as the nearest one in it.
 * @throws InvalidInput for what is no number
 */
export function readWaitOptions(context: IExecuteFunctions, itemIndex: number): WaitOptions {
	const timeout = readNumber(context, itemIndex, 'options.timeout', 'Timeout (Minutes)') ?? 30;
	const minutes = Math.min(Math.max(timeout, MIN_TIMEOUT_MINUTES), MAX_TIMEOUT_MINUTES);
	const interval =
		readNumber(context, itemIndex, 'options.pollInterval', 'Check Interval (Seconds)') ?? 0;
	const timeoutMs = minutes * MS_PER_MINUTE;
	const pollIntervalMs = interval > 0 ? Math.max(interval, MIN_INTERVAL_SECONDS) * 1_000 : 0;
	if (isTool(context)) {
		return {
			timeoutMs: Math.min(timeoutMs, MAX_TOOL_WAIT_MS),
			pollIntervalMs,
			onTimeout: 'answer',
		};
	}
	const onTimeout = context.getNodeParameter('options.onTimeout', itemIndex, 'error');
	return { timeoutMs, pollIntervalMs, onTimeout: onTimeout === 'return' ? 'return' : 'error' };
}

/**
 * How many tasks of the run may be under way at a time, for the whole run; 0 = as many as the account takes.
 * @throws InvalidInput
 */
export function readMaxConcurrent(context: IExecuteFunctions, itemIndex: number): number {
	const label = 'Max Concurrent Tasks';
	const value = readNumber(context, itemIndex, 'options.maxConcurrentTasks', label) ?? 0;
	if (Number.isSafeInteger(value) && value >= 0) return value;
	throw new InvalidInput([`${label} is ${value}; it must be a whole number, or 0 for no limit.`]);
}
