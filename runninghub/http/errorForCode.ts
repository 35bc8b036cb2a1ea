import { type ErrorFacts, RunningHubError, type ErrorKind } from '../base/errors';
import { redact } from '../base/redact';
import { remedyForKind, CODE_MEANINGS } from './errorCodes';
import { kindOfMessage } from './refusalMessage';

/** A failure of an unknown kind (reference section 11.1): only RunningHub's message tells more. */
const UNSPECIFIED_FAILURE = '1';

/** What RunningHub says of a private workflow or app, and of a wrong password; there is no code for it. */
const ACCESS = /no permission for this content/i;
const ACCESS_REMEDY =
	'It is private or password-protected. If protected, set Access Password and pass inputs through Node Info List, both in Options of Submit.';

/** v1 often gives the name of the code where others give a reason, e.g. TASK_QUEUE_MAXED. */
const CODE_NAME = /^[A-Z_]+$/;
const KINDS_WITH_REASON: ReadonlySet<ErrorKind> = new Set(['validation', 'moderation', 'failed']);

/** Messages that stand where a reason should. */
const EMPTY_MESSAGE = /^(?:success|successful|ok|成功)[.!。]?$/i;

/** RunningHub's own message without secrets; empty where it tells nothing: failures with the message "success" exist. */
export function meaningfulMessage(text: string): string {
	const message = redact(text).trim();
	return EMPTY_MESSAGE.test(message) ? '' : message;
}

/**
 * The error for a code of RunningHub (reference section 11). An unknown code keeps RunningHub's own text.
 *
 * Rule that must not be broken: where the code has a meaning, the message does not change it. After 1000 it is not known
 * whether there is a task, and a message such as "insufficient balance" does not make that certain.
 * @param rawCode the code as RunningHub gave it; compared as a string (section 1.4)
 * @param text RunningHub's own message, may be empty
 */
export function errorForCode(
	rawCode: string,
	text: string,
	facts?: Partial<ErrorFacts>,
): RunningHubError {
	const code = redact(rawCode);
	const meaning = Object.hasOwn(CODE_MEANINGS, code) ? CODE_MEANINGS[code] : undefined;
	const message = meaningfulMessage(text);
	const messageTellsMore = code === UNSPECIFIED_FAILURE && kindOfMessage(message) !== 'failed';
	if (meaning === undefined || messageTellsMore) return errorFromMessage(code, message, facts);

	const hasReason =
		message !== '' && !CODE_NAME.test(message) && KINDS_WITH_REASON.has(meaning.kind);
	const shownCode = facts?.code ?? code;
	const quoted =
		message === '' || hasReason
			? `Code ${shownCode}.`
			: `RunningHub’s message: “${message}” (code ${shownCode}).`;
	return new RunningHubError({
		kind: meaning.kind,
		code,
		message: hasReason
			? `${meaning.message}: ${message}`
			: `${meaning.messageWithoutReason ?? meaning.message}.`,
		description: `${meaning.remedy} ${quoted}`,
		...facts,
	});
}

/**
 * The same for a task that RunningHub says has failed. That it has ended is certain, so where its code speaks of a fault
 * of the moment, the message may say why.
 */
export function errorForFailedTask(
	code: string,
	text: string,
	facts: Partial<ErrorFacts>,
): RunningHubError {
	const error = errorForCode(code, text, facts);
	const message = meaningfulMessage(text);
	const messageTellsMore = error.kind === 'transient' && kindOfMessage(message) !== 'failed';
	return messageTellsMore ? errorFromMessage(redact(code), message, facts) : error;
}

function errorFromMessage(
	code: string,
	message: string,
	facts?: Partial<ErrorFacts>,
): RunningHubError {
	const kind = kindOfMessage(message);
	return new RunningHubError({
		kind,
		code,
		message: message === '' ? `RunningHub answered with code ${code}.` : `RunningHub: ${message}`,
		description: `${ACCESS.test(message) ? ACCESS_REMEDY : remedyForKind(kind)} RunningHub’s code is ${code}.`,
		...facts,
	});
}
