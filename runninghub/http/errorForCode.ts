import { type ErrorFacts, RunningHubError, type ErrorKind } from '../base/errors';
import { redact } from '../base/redact';
import { remedyForWords, CODE_MEANINGS } from './errorCodes';
import { kindOfWords } from './refusalMessage';

/** A failure of which this code says nothing more (reference section 11.1): the words do. */
const FAILED_SOMEHOW = '1';

/** A private workflow or app, or a wrong password: RunningHub has words for them, and no known code. */
const ACCESS = /no permission for this content/i;
const ACCESS_REMEDY =
	'It is private or password-protected. If protected, set Access Password and pass inputs through Node Info List, both in Options of Submit.';

/** v1 often gives the name of the code where others give a reason, e.g. TASK_QUEUE_MAXED. */
const CODE_NAME = /^[A-Z_]+$/;
const REASON_IS_IN_TEXT: ReadonlySet<ErrorKind> = new Set(['validation', 'moderation', 'failed']);

/** In place of a reason. */
const NO_WORDS = /^(?:success|successful|ok|成功)[.!。]?$/i;

/** RunningHub's own words as they may be shown; empty where they say nothing: a failure with the message "success" has been seen. */
export function tellingWords(text: string): string {
	const own = redact(text).trim();
	return NO_WORDS.test(own) ? '' : own;
}

/**
 * The error for a code of RunningHub (reference section 11). An unknown code keeps RunningHub's own text.
 *
 * Rule that must not be broken: words change nothing about a code that has a meaning. After 1000 it is not known whether
 * there is a task, and no "insufficient balance" beside it makes that certain.
 * @param answered the code as RunningHub gave it; compared as a string (section 1.4)
 * @param text RunningHub's own message, may be empty
 */
export function errorForCode(
	answered: string,
	text: string,
	facts?: Partial<ErrorFacts>,
): RunningHubError {
	const code = redact(answered);
	const meaning = Object.hasOwn(CODE_MEANINGS, code) ? CODE_MEANINGS[code] : undefined;
	const own = tellingWords(text);
	const wordsTellMore = code === FAILED_SOMEHOW && kindOfWords(own) !== 'failed';
	if (meaning === undefined || wordsTellMore) return errorInWords(code, own, facts);

	const telling = own !== '' && !CODE_NAME.test(own) && REASON_IS_IN_TEXT.has(meaning.kind);
	const named = facts?.code ?? code;
	const quoted =
		own === '' || telling ? `Code ${named}.` : `RunningHub’s message: “${own}” (code ${named}).`;
	return new RunningHubError({
		kind: meaning.kind,
		code,
		message: telling ? `${meaning.says}: ${own}` : `${meaning.saysAlone ?? meaning.says}.`,
		description: `${meaning.remedy} ${quoted}`,
		...facts,
	});
}

/**
 * The same for a task that RunningHub says has failed. That it has ended is certain, so where its code speaks of a fault
 * of the moment, the words may say why.
 */
export function errorOfEnd(
	code: string,
	text: string,
	facts: Partial<ErrorFacts>,
): RunningHubError {
	const error = errorForCode(code, text, facts);
	const own = tellingWords(text);
	const wordsTellMore = error.kind === 'transient' && kindOfWords(own) !== 'failed';
	return wordsTellMore ? errorInWords(redact(code), own, facts) : error;
}

function errorInWords(code: string, own: string, facts?: Partial<ErrorFacts>): RunningHubError {
	const kind = kindOfWords(own);
	return new RunningHubError({
		kind,
		code,
		message: own === '' ? `RunningHub answered with code ${code}.` : `RunningHub: ${own}`,
		description: `${ACCESS.test(own) ? ACCESS_REMEDY : remedyForWords(kind)} RunningHub’s code is ${code}.`,
		...facts,
	});
}
