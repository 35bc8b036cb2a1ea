import { z } from 'zod';
import { callbackPlanSchema } from './callbacks/plan';
import { stringsIn } from './json';

/** One result file, and how its download behaves. Without `bytes` and `content` it is a small real file. */
export const resultFileSchema = z
	.object({
		/** Extension: `mp4`, `png`, `txt`, … */
		type: z.string(),
		/** Size. The bytes are made while they are sent, so a gigabyte costs no memory. */
		bytes: z.number().int().nonnegative().optional(),
		/** The file's text. */
		content: z.string().optional(),
		nodeId: z.string().optional(),
		/** Content-Type of the download; null leaves the header out. */
		contentType: z.string().nullable().optional(),
		/** The URL answers 403 after this many milliseconds. */
		expiresInMs: z.number().optional(),
		/** The body never ends. */
		endless: z.boolean().optional(),
		/**
		 * The URL redirects: to a second address of this origin (`true`), to one of another origin, a loopback
		 * name, where the file is too (`otherOrigin`), to itself for ever (`loop`), or to the URL given.
		 */
		redirect: z.union([z.literal(true), z.string()]).optional(),
		/** 302 if not given. */
		redirectStatus: z.number().int().optional(),
		bytesPerSecond: z.number().positive().optional(),
		/** The connection breaks after so many bytes … */
		breakAfterBytes: z.number().int().nonnegative().optional(),
		/** … this many times (once if not given), and then the download works. */
		breakTimes: z.number().int().positive().optional(),
		noContentLength: z.boolean().optional(),
		/** In place of the file: 204 has no body, 4xx and 5xx the storage's XML. */
		status: z.number().int().optional(),
	})
	.strict();

export type ResultFile = z.infer<typeof resultFileSchema>;

const outputs = {
	files: z.array(resultFileSchema).optional(),
	texts: z.array(z.string()).optional(),
};

/** How a task ends. */
export const taskEndSchema = z.discriminatedUnion('kind', [
	/** Success. With neither files nor texts: what the model makes by its nature (a video, an image, …). */
	z.object({ kind: z.literal('success'), ...outputs }).strict(),
	/** Success already in the answer to the submit (reference 6.2). */
	z.object({ kind: z.literal('immediate'), ...outputs }).strict(),
	/** SUCCESS with nothing in it: `[]`, `null`, or one item with neither URL nor text. */
	z
		.object({
			kind: z.literal('empty'),
			results: z.enum(['array', 'null', 'blankItem']).optional(),
		})
		.strict(),
	/** FAILED in a ComfyUI node (reference 12.3). */
	z
		.object({
			kind: z.literal('nodeException'),
			nodeId: z.string().optional(),
			nodeName: z.string().optional(),
			exceptionType: z.string().optional(),
			exceptionMessage: z.string().optional(),
		})
		.strict(),
	z.object({ kind: z.literal('moderation') }).strict(),
	z.object({ kind: z.literal('failed'), errorCode: z.string(), errorMessage: z.string() }).strict(),
	/** Cancelled by somebody else, for example in the web page. */
	z.object({ kind: z.literal('cancelled') }).strict(),
	z.object({ kind: z.literal('never') }).strict(),
	/** A status string that no document names: for ever, or for `polls` polls and then success. */
	z
		.object({
			kind: z.literal('unknownStatus'),
			status: z.string(),
			polls: z.number().int().positive().optional(),
		})
		.strict(),
]);

export type TaskEnd = z.infer<typeof taskEndSchema>;

/**
 * The course of one task (reference 12.1): CREATE (rarely), QUEUED, RUNNING, then `end`. A phase lasts
 * a number of polls (that many polls are answered with it) or of milliseconds; without either it is skipped.
 * A task with a `webhookUrl` must end although nobody asks: there a phase by polls ends after the polls
 * or, if they do not come, after the switch `callbackPollMs` for each of them.
 */
export const taskScriptSchema = z
	.object({
		createPolls: z.number().int().nonnegative().optional(),
		queuedPolls: z.number().int().nonnegative().optional(),
		runningPolls: z.number().int().nonnegative().optional(),
		queuedMs: z.number().nonnegative().optional(),
		runningMs: z.number().nonnegative().optional(),
		/** What becomes of its callback; the simulator's `callbackPlan` if not given. */
		callback: callbackPlanSchema.optional(),
		end: taskEndSchema,
	})
	.strict();

export type TaskScript = z.infer<typeof taskScriptSchema>;

const afterTwoPolls = (end: TaskEnd): TaskScript => ({ queuedPolls: 1, runningPolls: 1, end });

/** The scripts with a name. Each, but `immediate`, is QUEUED for one poll and RUNNING for one. */
export const TASK_SCRIPTS = {
	success: afterTwoPolls({ kind: 'success' }),
	immediate: { end: { kind: 'immediate' } },
	fail: afterTwoPolls({ kind: 'nodeException' }),
	moderation: afterTwoPolls({ kind: 'moderation' }),
	slow: { queuedPolls: 5, runningPolls: 20, end: { kind: 'success' } },
	never: afterTwoPolls({ kind: 'never' }),
	text: afterTwoPolls({ kind: 'success', texts: ['A fox stands on a hill at sunset.'] }),
	/** The text comes as a `.txt` file (reference 12.2). */
	textfile: afterTwoPolls({
		kind: 'success',
		files: [{ type: 'txt', content: 'A fox stands on a hill at sunset.' }],
	}),
	mesh: afterTwoPolls({ kind: 'success', files: [{ type: 'glb' }] }),
	many: afterTwoPolls({
		kind: 'success',
		files: [{ type: 'png' }, { type: 'png' }, { type: 'mp4', nodeId: '12' }],
	}),
	empty: afterTwoPolls({ kind: 'empty' }),
	cancel: afterTwoPolls({ kind: 'cancelled' }),
	unknown: afterTwoPolls({ kind: 'unknownStatus', status: 'PAUSED' }),
} as const satisfies Record<string, TaskScript>;

export type TaskScriptName = keyof typeof TASK_SCRIPTS;

export const isTaskScriptName = (name: string): name is TaskScriptName =>
	Object.hasOwn(TASK_SCRIPTS, name);

/**
 * The script that a word in square brackets, anywhere in the request's texts, asks for (`a fox [fail]`).
 * It ends as the named script does, in the default script's time; `[slow]` takes ten times as long.
 */
export function taskScriptAskedFor(body: unknown, fallback: TaskScript): TaskScript {
	const words = stringsIn(body).flatMap((text) =>
		[...text.matchAll(/\[([a-z]+)\]/gi)].map(([, word]) => (word ?? '').toLowerCase()),
	);
	const name = words.find(isTaskScriptName);
	if (name === undefined) return fallback;
	if (name === 'slow') return tenTimesSlower(fallback);
	return { ...fallback, end: TASK_SCRIPTS[name].end };
}

function tenTimesSlower(script: TaskScript): TaskScript {
	const times10 = (amount: number | undefined) => (amount === undefined ? undefined : amount * 10);
	return {
		...script,
		queuedPolls: times10(script.queuedPolls),
		runningPolls: times10(script.runningPolls),
		queuedMs: times10(script.queuedMs),
		runningMs: times10(script.runningMs),
	};
}

/** The next tasks take these scripts, in order; then the prompt's word, or the default, decides. */
export class TaskScriptQueue {
	private queue: TaskScript[] = [];

	constructor(private fallback: TaskScript) {}

	push(...scripts: TaskScript[]): void {
		this.queue.push(...scripts);
	}

	setDefault(script: TaskScript): void {
		this.fallback = script;
	}

	take(body: unknown): TaskScript {
		return this.queue.shift() ?? taskScriptAskedFor(body, this.fallback);
	}

	reset(fallback: TaskScript): void {
		this.queue = [];
		this.fallback = fallback;
	}
}
