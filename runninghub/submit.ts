import { z } from 'zod';
import { attempt, noAnswer } from './call';
import { openEnvelope, unreadable, type Envelope } from './envelope';
import { maySubmitAgain } from './errorCodes';
import { RunningHubError, errorForCode } from './errors';
import { tryParseJson } from './json';
import { redact } from './redact';
import { NO_USAGE, type Task } from './task';
import { taskFromQuery, taskIdOf } from './taskAnswer';
import type { JsonObject, Transport } from './transport';

const SUBMIT_TIMEOUT_MS = 120_000;

/**
 * Asks for a task: costs money. Whatever is not a clear acceptance or a clear refusal is an unknown outcome.
 * @returns the task with its id, usually still pending; some models answer with the end at once (section 6.2)
 * @throws RunningHubError; `resendable` only where no task can have been made
 */
export async function submit(transport: Transport, path: string, body: JsonObject): Promise<Task> {
	const answer = await transport({
		method: 'POST',
		path,
		body: { type: 'json', json: body },
		timeoutMs: SUBMIT_TIMEOUT_MS,
		costs: true,
	}).catch((thrown: unknown) => noAnswer(thrown));
	if (answer instanceof RunningHubError) {
		throw answer.resendable ? answer : unknownBecause(answer);
	}

	const envelope = attempt(() => openEnvelope(answer));
	if (envelope instanceof RunningHubError) {
		const paid = taskIdOf(tryParseJson(answer.text));
		if (paid !== undefined)
			return { taskId: paid, status: 'RUNNING', results: [], usage: NO_USAGE };
		const refused = envelope.resendable || ['auth', 'site'].includes(envelope.kind);
		throw refused ? envelope : unknownBecause(envelope);
	}

	const taskId = taskIdOf(envelope.shape === 'flat' ? envelope.body : envelope.data);
	if (taskId !== undefined) return acceptedTask(envelope, taskId);
	throw refusal(envelope);
}

/** From here on the task is paid for: nothing in the rest of the answer may hide its id. */
function acceptedTask(envelope: Envelope, taskId: string): Task {
	const running: Task = { taskId, status: 'RUNNING', results: [], usage: NO_USAGE };
	if (envelope.shape === 'coded') return running;
	const task = attempt(() => taskFromQuery(envelope, taskId));
	return task instanceof RunningHubError ? running : task;
}

function refusal(envelope: Envelope): RunningHubError {
	const code = envelope.shape === 'flat' ? envelope.errorCode : envelope.code;
	const nodeErrors = nodeErrorsIn(envelope.shape === 'flat' ? envelope.body : envelope.data);
	if (nodeErrors !== undefined) {
		return errorForCode('433', nodeErrors);
	}
	if (code === '' || code === '0' || code === '200') {
		const words = redact(envelope.text).trim();
		const said = words === '' || /^success$/i.test(words) ? '' : `, and says “${words}”`;
		return unknownBecause(unreadable(`it names no task${said}`));
	}
	const error = errorForCode(code, envelope.text, { resendable: maySubmitAgain(code) });
	return error.kind === 'transient' ? unknownBecause(error) : error;
}

/**
 * ComfyUI's findings in `promptTips`, a JSON string (quirk 22, reference section 4.2), as one sentence.
 * @returns undefined where there are none
 */
function nodeErrorsIn(body: unknown): string | undefined {
	const tips = z.object({ promptTips: z.string() }).safeParse(body);
	if (!tips.success) return undefined;
	const read = z
		.object({
			node_errors: z.record(
				z.object({
					class_type: z.string().optional(),
					errors: z.array(
						z.object({ message: z.string().default(''), details: z.string().default('') }),
					),
				}),
			),
		})
		.safeParse(tryParseJson(tips.data.promptTips));
	if (!read.success) return undefined;
	const sentences = Object.entries(read.data.node_errors).flatMap(
		([nodeId, { class_type, errors }]) =>
			errors.map(({ message, details }) =>
				`node ${nodeId} (${class_type ?? 'unknown'}): ${message} ${details}`.trim(),
			),
	);
	return sentences.length === 0 ? undefined : sentences.join('; ');
}

/**
 * Rule that must not be broken: after this error nothing sends the submit again.
 * @param why what happened, for people
 */
export function unknownOutcome(why: string, code?: string): RunningHubError {
	return new RunningHubError({
		kind: 'unknownOutcome',
		code,
		message:
			'RunningHub may or may not have started the task: its answer to the submit is missing.',
		description:
			'It was not sent again, because that could be paid for twice. Look at the call records in the API console of the RunningHub site: if the task is there, fetch it with Task > Wait for Result; if not, run this again in a new execution. ' +
			`What happened: ${why}`.trim(),
	});
}

function unknownBecause({ message, description, code }: RunningHubError): RunningHubError {
	return unknownOutcome(`${message} ${description}`.trim(), code);
}
