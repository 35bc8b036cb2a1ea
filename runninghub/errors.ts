import { CODE_MEANINGS, remedyForWords } from './errorCodes';
import { redact } from './redact';

/** What went wrong, by what a person can do about it. */
export type ErrorKind =
	| 'auth'
	| 'site'
	| 'balance'
	| 'membership'
	| 'validation'
	| 'moderation'
	| 'capacity'
	| 'rateLimit'
	| 'transient'
	| 'notFound'
	| 'failed'
	| 'timeout'
	| 'unknownOutcome'
	| 'protocol';

export interface ErrorFacts {
	kind: ErrorKind;
	/** One sentence: what happened. */
	message: string;
	/** What to do, and RunningHub's own words where there are any. */
	description?: string;
	/** RunningHub's code, or `HTTP 502` and the like. */
	code?: string;
	/** The task that was paid for; from the moment there is one, every error carries it. */
	taskId?: string;
	/** The ComfyUI node that failed. */
	nodeName?: string;
	/** True only where RunningHub cannot have made a task, so that sending the submit again cannot pay twice. */
	resendable?: boolean;
	/** For how many milliseconds the server asks to be left alone. */
	retryAfterMs?: number;
}

/** Every failure of the core. Its texts are free of keys, signed URLs and tracebacks. */
export class RunningHubError extends Error {
	readonly kind: ErrorKind;
	readonly description: string;
	readonly code: string | undefined;
	readonly taskId: string | undefined;
	readonly nodeName: string | undefined;
	readonly resendable: boolean;
	readonly retryAfterMs: number | undefined;

	constructor(facts: ErrorFacts) {
		super(facts.message);
		this.name = 'RunningHubError';
		this.kind = facts.kind;
		this.description = facts.description ?? '';
		this.code = facts.code;
		this.taskId = facts.taskId;
		this.nodeName = facts.nodeName;
		this.resendable = facts.resendable ?? false;
		this.retryAfterMs = facts.retryAfterMs;
	}

	/** The same error with some facts changed, for example with the id of the task that it is about. */
	with(facts: Partial<ErrorFacts>): RunningHubError {
		return new RunningHubError({ ...this, message: this.message, ...facts });
	}
}

/** Beside these codes such words are the reason, and final (reference sections 11.2, 11.3). */
const VAGUE_CODES: ReadonlyMap<string, readonly ErrorKind[]> = new Map([
	['1', ['membership']],
	['1000', ['balance', 'moderation']],
]);

/** A private workflow or app, or a wrong password: RunningHub has words for them, and no known code. */
const ACCESS = /no permission for this content/i;
const ACCESS_REMEDY =
	'It is private, or it is protected: then its password belongs into Access Password, and what you set of its inputs into Node Info List, both among the options of Submit.';

/** v1 often gives the name of the code where others give a reason, e.g. TASK_QUEUE_MAXED. */
const CODE_NAME = /^[A-Z_]+$/;
const REASON_IS_IN_TEXT: ReadonlySet<ErrorKind> = new Set(['validation', 'moderation', 'failed']);

/**
 * The error for a code of RunningHub (reference section 11). An unknown code keeps RunningHub's own text.
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
	const own = redact(text).trim();
	const spoken = kindOfText(own);
	const wordsTellMore = VAGUE_CODES.get(code)?.includes(spoken) === true;
	if (meaning === undefined || wordsTellMore) {
		return new RunningHubError({
			kind: spoken,
			code,
			message: own === '' ? `RunningHub answered with code ${code}.` : `RunningHub: ${own}`,
			description: `${ACCESS.test(own) ? ACCESS_REMEDY : remedyForWords(spoken)} RunningHub’s code is ${code}.`,
			...facts,
		});
	}
	const telling = own !== '' && !CODE_NAME.test(own) && REASON_IS_IN_TEXT.has(meaning.kind);
	const named = facts?.code ?? code;
	const quoted =
		own === '' || telling ? `Code ${named}.` : `RunningHub’s words: “${own}” (code ${named}).`;
	return new RunningHubError({
		kind: meaning.kind,
		code,
		message: telling ? `${meaning.says}: ${own}` : `${meaning.says}.`,
		description: `${meaning.remedy} ${quoted}`,
		...facts,
	});
}

/** Refusals that come as text alone (reference section 11.2). */
function kindOfText(text: string): ErrorKind {
	if (/nsfw|moderation|violation|illegal|review/i.test(text)) return 'moderation';
	if (/balance|insufficient|quota|wallet|coins/i.test(text)) return 'balance';
	if (/permission|forbidden|membership/i.test(text)) return 'membership';
	if (/user not exist|api ?key/i.test(text)) return 'auth';
	return 'failed';
}
