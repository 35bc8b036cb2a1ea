import { z } from 'zod';
import { RunningHubError } from '../base/errors';
import { tryParseJson } from '../base/json';
import { redact } from '../base/redact';
import { attempt } from '../http/call';
import { parseEnvelope, unreadableResponse, type Envelope } from '../http/envelope';
import { maySubmitAgain, TRY_LATER } from '../http/errorCodes';
import { errorForCode, meaningfulMessage } from '../http/errorForCode';
import type { ApiResponse } from '../http/transport';
import { nodeErrorsIn } from './promptTips';
import { NO_USAGE, type Task } from './task';
import { taskFromQuery, taskIdOf } from './taskResponse';

/**
 * What a submit has come to. Whatever is not a clear acceptance or a clear refusal is an unknown outcome.
 * @returns the accepted task, usually still pending; some models respond with the result at once (section 6.2)
 * @throws RunningHubError: a refusal, or an unknown outcome
 */
export function acceptedTaskIn(response: ApiResponse): Task {
	const envelope = attempt(() => parseEnvelope(response));
	if (envelope instanceof RunningHubError) {
		const paid = taskIdOf(tryParseJson(response.text));
		if (paid !== undefined)
			return { taskId: paid, status: 'RUNNING', results: [], usage: NO_USAGE };
		const refused = envelope.resendable || ['auth', 'site'].includes(envelope.kind);
		throw refused ? envelope : unknownBecause(envelope);
	}

	const taskId = taskIdOf(envelope.shape === 'flat' ? envelope.body : envelope.data);
	if (taskId !== undefined) return acceptedTask(envelope, taskId);
	throw refusal(envelope);
}

/** From here on the task is paid for: whatever is wrong with the rest of the response, its id is returned. */
function acceptedTask(envelope: Envelope, taskId: string): Task {
	const running: Task = { taskId, status: 'RUNNING', results: [], usage: NO_USAGE };
	const read =
		envelope.shape === 'coded' ? running : attempt(() => taskFromQuery(envelope, taskId));
	const task = read instanceof RunningHubError ? running : read;
	const findings = findingsIn(envelope);
	return findings === undefined ? task : { ...task, notice: acceptedInPart(taskId, findings) };
}

/** ComfyUI runs the outputs that it can: a part of the results may come. */
function acceptedInPart(taskId: string, findings: string): RunningHubError {
	return errorForCode('433', findings, {
		taskId,
		message: `RunningHub runs this task, but ComfyUI found a part of the workflow invalid, which will give no result: ${redact(findings)}`,
	});
}

function refusal(envelope: Envelope): RunningHubError {
	const code = envelope.shape === 'flat' ? envelope.errorCode : envelope.code;
	const findings = findingsIn(envelope);
	if (findings !== undefined) return errorForCode('433', findings);
	if (code === '' || code === '0' || code === '200') {
		const message = meaningfulMessage(envelope.text);
		const quoted = message === '' ? '' : `, and says “${message}”`;
		return unknownBecause(unreadableResponse(`it names no task${quoted}`));
	}
	const words = code === '433' && isJson(envelope.text) ? '' : envelope.text;
	const error = errorForCode(code, words, { resendable: maySubmitAgain(code) });
	return error.kind === 'transient' ? unknownBecause(error) : error;
}

/** ComfyUI's findings: in `promptTips` (reference section 4.2), or, beside code 433, in place of message or data (11.1). */
function findingsIn(envelope: Envelope): string | undefined {
	const data = envelope.shape === 'flat' ? envelope.body : envelope.data;
	const read = tips.safeParse(data);
	return (
		(read.success ? nodeErrorsIn(read.data.promptTips) : undefined) ??
		nodeErrorsIn(envelope.text) ??
		nodeErrorsIn(data)
	);
}

/** A message for programs, which is not shown to a person. */
function isJson(text: string): boolean {
	return typeof tryParseJson(text) === 'object';
}

const tips = z.object({ promptTips: z.unknown() });

/**
 * Rule that must not be broken: after this error nothing sends the submit again.
 * @param why what happened, for people
 */
export function unknownOutcome(why: string, code?: string): RunningHubError {
	return new RunningHubError({
		kind: 'unknownOutcome',
		code,
		message: 'RunningHub may or may not have started the task: no usable response was received.',
		description:
			'It was not sent again, because you could be charged twice. Check the call records in the API console of the RunningHub site: if the task is there, get it with Task > Wait for Result; if not, run this item (not the whole list) again in a new execution. ' +
			`What happened: ${why}`.trim(),
	});
}

/** The same for what went wrong with the response. */
export function unknownBecause({ message, description, code }: RunningHubError): RunningHubError {
	// Without the advice to try again, which could be charged twice here.
	const facts = description.replace(TRY_LATER, '').trim();
	return unknownOutcome(`${message} ${facts}`.trim(), code);
}
