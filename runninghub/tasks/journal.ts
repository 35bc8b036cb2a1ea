import { z } from 'zod';
import type { EndedTask, Task } from '../api/task';
import { RunningHubError, type ErrorKind } from '../base/errors';
import type { JsonValue } from '../base/json';

/** What is known of one item's task, from before its submit leaves until it has ended. */
export type JournalEntry = {
	/** As the output's `source`: a model's endpoint, a workflow's id; null where only the task id is known. */
	source: string | null;
} & (
	| { state: 'deferred' } // The account had no free slot yet.
	| { state: 'sent'; error?: RunningHubError } // It left; whether there is a task is not known, and `error` says why.
	| { state: 'refused'; error: RunningHubError } // There is no task, and nothing was paid.
	| ({ state: 'accepted' } & AcceptedTask)
	| { state: 'ended'; task: EndedTask; at: number; endedAt: number }
);

export interface AcceptedTask {
	taskId: string;
	/** When it was submitted, by the clock: its timeout counts from there. */
	at: number;
	/** Looks at it that failed in a row, in batches that ended before it did. */
	failedChecks: number;
	/** What RunningHub found wrong with it when it accepted it. */
	notice?: RunningHubError;
	/** Whom RunningHub calls when it has ended, as the journal's owner names it; undefined = nobody. */
	callbackTo?: string;
}

/** The task that an entry is about; undefined where there is none, or none is known. */
export function taskIdIn(entry: JournalEntry): string | undefined {
	if (entry.state === 'accepted') return entry.taskId;
	return entry.state === 'ended' ? entry.task.taskId : undefined;
}

/** When a task of these was last accepted or ended. */
export function lastProgressAt(entries: readonly JournalEntry[]): number | undefined {
	const moments = entries.flatMap((entry) => {
		if (entry.state === 'accepted') return [entry.at];
		return entry.state === 'ended' ? [entry.at, entry.endedAt] : [];
	});
	return moments.length === 0 ? undefined : Math.max(...moments);
}

/**
 * Remembers what a run has paid for, so that the same run goes on with its tasks after a sleep, and takes them up when it
 * is tried again, instead of paying twice. An entry is written before the submit leaves: what was sent and never answered
 * is not sent again either.
 */
export interface Journal {
	find(key: string): JournalEntry | undefined;
	write(key: string, entry: JournalEntry): void;
	/** It may be submitted anew. */
	forget(key: string): void;
	entries(): Array<[key: string, entry: JournalEntry]>;
}

const ERROR_KINDS = Object.keys({
	auth: true,
	site: true,
	balance: true,
	budget: true,
	membership: true,
	validation: true,
	moderation: true,
	capacity: true,
	rateLimit: true,
	transient: true,
	notFound: true,
	failed: true,
	timeout: true,
	unknownOutcome: true,
	protocol: true,
} satisfies Record<ErrorKind, true>);

const isErrorKind = (kind: string): kind is ErrorKind => ERROR_KINDS.includes(kind);

const savedError = z
	.object({
		kind: z.string().refine(isErrorKind),
		message: z.string(),
		description: z.string().optional(),
		code: z.string().optional(),
		taskId: z.string().optional(),
		nodeName: z.string().optional(),
	})
	.transform((facts) => new RunningHubError(facts));

const text = z.string().nullable();
const amount = z.number().nullable();

const savedTask = z
	.object({
		taskId: z.string(),
		status: z.string(),
		results: z.array(z.object({ url: text, type: text, mimeType: text, text, nodeId: text })),
		usage: z.object({ coins: amount, money: amount, thirdPartyMoney: amount, seconds: amount }),
		notice: savedError.optional(),
		raw: z.custom<JsonValue>().optional(),
		failure: savedError.optional(),
	})
	.transform(({ failure, status, ...facts }, context): EndedTask => {
		if (status === 'SUCCESS') return { ...facts, status };
		if ((status === 'FAILED' || status === 'CANCELLED') && failure !== undefined) {
			return { ...facts, status, failure };
		}
		context.addIssue({ code: 'custom', message: 'not the end of a task' });
		return z.NEVER;
	});

const source = z.string().nullable().catch(null);
const savedEntry = z.union([
	z.object({
		source,
		state: z.literal('accepted'),
		taskId: z.string(),
		at: z.number().catch(0),
		failedChecks: z.number().catch(0),
		notice: savedError.optional().catch(undefined),
		callbackTo: z.string().optional().catch(undefined),
	}),
	z.object({
		source,
		state: z.literal('ended'),
		task: savedTask,
		at: z.number(),
		endedAt: z.number(),
	}),
	z.object({ source, state: z.literal('refused'), error: savedError }),
	z.object({
		source,
		state: z.literal('sent'),
		error: savedError.optional().catch(undefined),
	}),
	z.object({ source, state: z.literal('deferred') }),
	// Whatever else may be wrong with an entry: a task that it names is paid for.
	z.object({ source, task: z.object({ taskId: z.string() }) }).transform(({ task, ...rest }) => ({
		...rest,
		state: 'accepted' as const,
		taskId: task.taskId,
		at: 0,
		failedChecks: 0,
	})),
]);

/**
 * A journal in a plain object that its owner saves as JSON.
 * @param store keys are hashes, so that nothing of a prompt is stored
 * @param offsetMs what is added to the clock's moments where they are kept, so that another process can read them
 */
export function journalIn(store: Record<string, unknown>, offsetMs = 0): Journal {
	const find = (key: string): JournalEntry | undefined => {
		const read = savedEntry.safeParse(store[key]);
		return read.success ? moved(read.data, -offsetMs) : undefined;
	};
	return {
		find,
		write: (key, entry) => {
			// The newest comes last, also where an older one had this key.
			delete store[key];
			store[key] = toJson(moved(entry, offsetMs));
		},
		forget: (key) => {
			delete store[key];
		},
		entries: () =>
			Object.keys(store).flatMap((key) => {
				const entry = find(key);
				return entry === undefined ? [] : [[key, entry] as const];
			}),
	};
}

function moved(entry: JournalEntry, byMs: number): JournalEntry {
	switch (entry.state) {
		case 'accepted':
			return { ...entry, at: entry.at + byMs };
		case 'ended':
			return { ...entry, at: entry.at + byMs, endedAt: entry.endedAt + byMs };
		default:
			return entry;
	}
}

function toJson(entry: JournalEntry): unknown {
	switch (entry.state) {
		case 'deferred':
			return entry;
		case 'sent':
			return { ...entry, error: entry.error && errorFacts(entry.error) };
		case 'refused':
			return { ...entry, error: errorFacts(entry.error) };
		case 'accepted':
			return { ...entry, notice: entry.notice && errorFacts(entry.notice) };
		case 'ended':
			return { ...entry, task: taskFacts(entry.task) };
	}
}

function taskFacts(task: Task): unknown {
	const failure = 'failure' in task ? errorFacts(task.failure) : undefined;
	return { ...task, notice: task.notice && errorFacts(task.notice), failure };
}

function errorFacts({ kind, message, description, code, taskId, nodeName }: RunningHubError) {
	return { kind, message, description, code, taskId, nodeName };
}
