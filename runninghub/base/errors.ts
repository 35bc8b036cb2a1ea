/** What went wrong, grouped by what a person can do about it. */
export type ErrorKind =
	| 'auth'
	| 'site'
	| 'balance'
	| 'budget'
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

/** What an error is made of. */
export interface ErrorFacts {
	kind: ErrorKind;
	/** One sentence: what happened. */
	message: string;
	/** What to do, and RunningHub's own message where there is one. */
	description?: string;
	/** RunningHub's code, or `HTTP 502` and the like. */
	code?: string;
	/** The task that was paid for; from the moment there is one, every error carries it. */
	taskId?: string;
	/** The ComfyUI node that failed. */
	nodeName?: string;
	/** The address of a result that could not be fetched, signature and all: it is the task owner's, as in the output. */
	url?: string;
	/** True only where RunningHub cannot have made a task, so that sending the submit again cannot pay twice. */
	resendable?: boolean;
	/** Milliseconds that the server asks clients to wait before the next request (`Retry-After`). */
	retryAfterMs?: number;
}

/** Every failure of the core. Its texts are free of keys, signed URLs and tracebacks. */
export class RunningHubError extends Error {
	readonly kind: ErrorKind;
	readonly description: string;
	readonly code: string | undefined;
	readonly taskId: string | undefined;
	readonly nodeName: string | undefined;
	readonly url: string | undefined;
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
		this.url = facts.url;
		this.resendable = facts.resendable ?? false;
		this.retryAfterMs = facts.retryAfterMs;
	}

	/** The same error with some facts changed, for example with the id of the task that it is about. */
	with(facts: Partial<ErrorFacts>): RunningHubError {
		return new RunningHubError({ ...this, message: this.message, ...facts });
	}
}

/** The message of whatever was caught. */
export function messageOf(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * Narrows what was caught, so that a failure can be handled as a value: `await call().catch(expectRunningHubError)`.
 * @throws what it was given, if that is anything else, such as the reason of a cancelled run
 */
export function expectRunningHubError(thrown: unknown): RunningHubError {
	if (thrown instanceof RunningHubError) return thrown;
	throw thrown;
}
