import { z } from 'zod';
import { RunningHubError, type ErrorKind } from '../base/errors';
import { tryParseJson } from '../base/json';
import { fileExtension, mimeTypeOf } from '../base/mimeTypes';
import { redact, withoutSecrets } from '../base/redact';
import { tolerantNumber, tolerantText } from '../base/tolerant';
import { dataOf, successfulCode, unreadableResponse, type Envelope } from '../http/envelope';
import { errorForFailedTask, errorForCode, meaningfulMessage } from '../http/errorForCode';
import { nodeErrorsIn } from './promptTips';
import {
	NO_USAGE,
	type PendingTask,
	type Task,
	type TaskResult,
	type TaskStatus,
	type TaskUsage,
} from './task';

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
/** Nobody has seen RunningHub say these; beside results they can mean nothing else. */
const DONE: ReadonlySet<string> = new Set([
	'COMPLETE',
	'COMPLETED',
	'DONE',
	'FINISHED',
	'SUCCEEDED',
	'SUCCESSFUL',
]);

/** Names of v1 (`fileUrl`), of v2 (`url`) and the robust ones of the official client (quirk 23 and section 7.1). */
const resultItem = z
	.object({
		url: tolerantText,
		outputUrl: tolerantText,
		fileUrl: tolerantText,
		outputType: tolerantText,
		fileType: tolerantText,
		text: tolerantText,
		content: tolerantText,
		output: tolerantText,
		nodeId: tolerantText,
	})
	.transform((item): TaskResult => {
		const output = item.content || item.output || null;
		const url = item.url || item.outputUrl || item.fileUrl || (isAddress(output) ? output : null);
		const type = fileExtension(url, item.outputType || item.fileType);
		return {
			url,
			type,
			mimeType: mimeTypeOf(type),
			text: item.text || (output === url ? null : output),
			nodeId: item.nodeId,
		};
	});

/** Results in every form that the vendor's contract names: a list or one alone, of objects or addresses, or one of these as JSON text. */
function resultsIn(value: unknown): TaskResult[] {
	if (Array.isArray(value)) return value.flatMap(resultsIn);
	if (typeof value === 'string') {
		if (isAddress(value)) return resultsIn({ url: value });
		const packed = tryParseJson(value);
		return typeof packed === 'object' ? resultsIn(packed) : [];
	}
	const read = resultItem.safeParse(value);
	return read.success && (read.data.url !== null || read.data.text !== null) ? [read.data] : [];
}

/** The robust names of the official client beside the status (reference section 7.1). */
const besideStatus = z.object({
	outputUrl: z.unknown(),
	fileUrl: z.unknown(),
	url: z.unknown(),
	content: z.unknown(),
	output: z.unknown(),
	text: z.unknown(),
});

/** @param word the answer's state; of a task that goes on or failed, what stands beside the state is no result */
function resultsInResponse(body: Record<string, unknown>, word: string): TaskResult[] {
	const listed = resultsIn(body.results);
	if (listed.length > 0 || (word !== 'SUCCESS' && !DONE.has(word))) return listed;
	const beside = besideStatus.parse(body);
	const lists = Object.values(beside).filter(Array.isArray);
	return lists.length > 0 ? resultsIn(lists) : resultsIn(beside);
}

function isAddress(text: string | null): text is string {
	return text !== null && /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}

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

/**
 * The exception of a ComfyUI node: an object, or the object as a string (quirk 11). Its traceback and inputs may
 * hold server paths and prompts, so only these three are read.
 */
const failedReason = z
	.preprocess(
		(value) => (typeof value === 'string' ? reasonIn(value) : value),
		z.object({
			node_name: tolerantText,
			exception_type: tolerantText,
			exception_message: tolerantText,
		}),
	)
	.catch({ node_name: null, exception_type: null, exception_message: null });

/** The object in the string, or else the string itself. */
function reasonIn(value: string): unknown {
	const parsed = tryParseJson(value);
	return parsed === undefined || typeof parsed === 'string' ? { exception_message: value } : parsed;
}

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
 * The task in an answer of the v2 query, or of a v2 submit, or in the `eventData` of a v2 callback
 * (reference sections 6.2, 7.1).
 * @throws RunningHubError when the answer is about the call and not about the task: unknown id, wrong key,
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
	const results = resultsInResponse(envelope.body, word);
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
	const failure = failureOf(errorCode, errorText, read.failedReason, taskId, errorOf);
	if (isPending(status) && ABOUT_THE_CALL.has(failure.kind)) throw failure;
	return { ...facts, status: 'FAILED', failure };
}

/**
 * The task in an answer of the v1 outputs call, or in the `eventData` of a v1 callback (reference section 7.3),
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
			failure: failureOf(code, message, reason, taskId),
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
 * The answer to a submit (reference sections 4.1, 6.2): the id, and the state where it is already known.
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

function failureOf(
	code: string,
	text: string,
	reason: z.infer<typeof failedReason>,
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
