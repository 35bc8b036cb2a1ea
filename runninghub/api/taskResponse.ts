import { z } from 'zod';
import { RunningHubError, type ErrorKind } from '../base/errors';
import { withoutSecrets } from '../base/redact';
import { tolerantNumber, tolerantText } from '../base/tolerantSchemas';
import { dataOf, successfulCode, unreadableResponse, type Envelope } from '../http/envelope';
import { errorForFailedTask, errorForCode } from '../http/errorForCode';
import { NO_USAGE, type PendingTask, type Task, type TaskStatus, type TaskUsage } from './task';
import { failedReason, taskFailureOf } from './taskFailure';
import { resultsBesideStatus, resultsIn } from './taskResults';

/** Every spelling that was seen or that official code knows (reference section 12.1), in upper case. */
const STATUSES: Readonly<Record<string, TaskStatus>> = {
	CREATE: 'QUEUED',
	PENDING: 'QUEUED',
	QUEUED: 'QUEUED',
	RUNNING: 'RUNNING',
	SUCCESS: 'SUCCESS',
	FAILED: 'FAILED',
	TIMEOUT: 'FAILED',
	CANCEL: 'CANCELLED',
	CANCELED: 'CANCELLED',
	CANCELLED: 'CANCELLED',
};
/** RunningHub is not known to send these; beside results they can mean nothing else. */
const DONE: ReadonlySet<string> = new Set([
	'COMPLETE',
	'COMPLETED',
	'DONE',
	'FINISHED',
	'SUCCEEDED',
	'SUCCESSFUL',
]);

const usageNames = z
	.object({
		consumeCoins: tolerantNumber,
		consumeMoney: tolerantNumber,
		thirdPartyConsumeMoney: tolerantNumber,
		taskCostTime: tolerantNumber,
	})
	.transform(
		(usage): TaskUsage => ({
			coins: usage.consumeCoins,
			money: usage.consumeMoney,
			thirdPartyMoney: usage.thirdPartyConsumeMoney,
			seconds: usage.taskCostTime,
		}),
	)
	.catch(NO_USAGE);

const flatTask = z.object({
	taskId: tolerantText,
	task_id: tolerantText,
	status: tolerantText,
	usage: usageNames,
	failedReason,
});

const ABOUT_THE_CALL: ReadonlySet<ErrorKind> = new Set([
	'transient',
	'rateLimit',
	'capacity',
	'auth',
	'site',
]);

/**
 * The task in a response of the v2 query, or of a v2 submit, or in the `eventData` of a v2 callback
 * (reference sections 6.2, 7.1).
 * @throws RunningHubError when the response is about the call and not about the task: unknown id, wrong key,
 * an error of the moment
 */
export function taskFromQuery(envelope: Envelope, taskId: string): Task {
	if (envelope.shape === 'coded') {
		dataOf(envelope);
		throw unreadableResponse('a task state was expected');
	}
	const read = flatTask.parse(envelope.body);
	const { errorCode, text: errorText } = envelope;
	const word = read.status?.trim().toUpperCase() ?? '';
	const listed = resultsIn(envelope.body.results);
	const isDone = word === 'SUCCESS' || DONE.has(word);
	// Of a task that goes on or has failed, what stands beside the status is no result.
	const results = listed.length === 0 && isDone ? resultsBesideStatus(envelope.body) : listed;
	const status = statusOf(word, results.length > 0);
	const facts = {
		taskId,
		results,
		usage: read.usage,
		raw: withoutSecrets(envelope.body),
	};

	if (status === undefined) {
		throw errorCode === ''
			? unreadableResponse('it names no status')
			: errorForCode(errorCode, errorText);
	}
	if (status === 'SUCCESS' && results.length > 0) return { ...facts, status };
	if (status === 'CANCELLED') return { ...facts, status, failure: cancelled(taskId) };
	if (status === 'SUCCESS' && errorCode === '') {
		return { ...facts, status: 'FAILED', failure: withoutResult(taskId) };
	}
	if (errorCode === '' && isPending(status)) return { ...facts, status };

	// A code beside a state that has not ended means failure (quirk 25), unless it speaks of the call or of this moment.
	const errorOf = isPending(status) ? errorForCode : errorForFailedTask;
	const failure = taskFailureOf(errorCode, errorText, read.failedReason, taskId, errorOf);
	if (isPending(status) && ABOUT_THE_CALL.has(failure.kind)) throw failure;
	return { ...facts, status: 'FAILED', failure };
}

/**
 * The task in a response of the v1 outputs call, or in the `eventData` of a v1 callback (reference section 7.3),
 * with all forms in which "not yet" has been seen (quirk 10).
 * @throws RunningHubError as {@link taskFromQuery}
 */
export function taskFromOutputs(envelope: Envelope, taskId: string): Task {
	const pending = (status: PendingTask['status']): PendingTask => ({
		taskId,
		status,
		results: [],
		usage: NO_USAGE,
	});
	if (envelope.shape === 'flat') return taskFromQuery(envelope, taskId);
	const { code, text: message, data } = envelope;

	if (code === '813') return pending('QUEUED');
	if (code === '804') return pending('RUNNING');
	if (code === '805') {
		const reason = failedReason.parse(
			z.object({ failedReason: z.unknown() }).catch({}).parse(data).failedReason,
		);
		return {
			...pending('RUNNING'),
			status: 'FAILED',
			failure: taskFailureOf(code, message, reason, taskId),
		};
	}
	if (!successfulCode(code)) throw errorForCode(code, message, { taskId });
	const results = resultsIn(data);
	if (results.length === 0 && !Array.isArray(data)) {
		return pending(/QUEUED|排队/i.test(message) ? 'QUEUED' : 'RUNNING');
	}

	const facts = {
		taskId,
		results,
		usage: usageNames.parse(Array.isArray(data) ? data[0] : data),
		raw: withoutSecrets(data),
	};
	return results.length > 0
		? { ...facts, status: 'SUCCESS' }
		: { ...facts, status: 'FAILED', failure: withoutResult(taskId) };
}

/**
 * The response to a submit (reference sections 4.1, 6.2): the id, and the state where it is already known.
 * @returns undefined when there is no id in it
 */
export function taskIdOf(body: unknown): string | undefined {
	const read = z.object({ taskId: tolerantText, task_id: tolerantText }).safeParse(body);
	const id = read.success ? read.data.taskId || read.data.task_id : null;
	return id && /^[1-9]\d*$/.test(id) ? id : undefined;
}

function statusOf(word: string, hasResults: boolean): TaskStatus | undefined {
	if (word === '') return undefined;
	return STATUSES[word] ?? (hasResults && DONE.has(word) ? 'SUCCESS' : 'UNKNOWN');
}

function isPending(status: TaskStatus): status is PendingTask['status'] {
	return status === 'QUEUED' || status === 'RUNNING' || status === 'UNKNOWN';
}

function cancelled(taskId: string): RunningHubError {
	return new RunningHubError({
		kind: 'failed',
		taskId,
		message: 'The task was cancelled.',
		description:
			'It was cancelled on RunningHub, for example with Task > Cancel. Run it again if you still need it.',
	});
}

/** Paid for, and RunningHub holds it for a success: nothing is gained by submitting it anew. */
export class EmptySuccess extends RunningHubError {}

/** The official client treats a success without anything in it as an error too (reference section 7.1). */
function withoutResult(taskId: string): EmptySuccess {
	return new EmptySuccess({
		kind: 'failed',
		taskId,
		message: 'RunningHub reports success but returned no result.',
		description: `Check task ${taskId} in the call records on the RunningHub site.`,
	});
}
