import { z } from 'zod';

/** What is known of one submit: that it left, and the task once RunningHub named it. */
export type JournalEntry = { state: 'sent' } | { state: 'accepted'; taskId: string };

/**
 * Remembers what a run has paid for, so that the same run tried again takes its tasks up instead of paying twice.
 * An entry is written before the submit leaves: what was sent and never answered is not sent again either.
 */
export interface Journal {
	find(key: string): JournalEntry | undefined;
	sent(key: string): void;
	accepted(key: string, taskId: string): void;
	/** RunningHub refused it, or its task failed: it may be submitted anew. */
	forget(key: string): void;
}

const entry = z.union([
	z.object({ state: z.literal('accepted'), taskId: z.string() }),
	z.object({ state: z.literal('sent') }),
]);

/** A journal in a plain object that its owner keeps. Keys are hashes, so that nothing of a prompt is stored. */
export function journalIn(store: Record<string, unknown>): Journal {
	return {
		find: (key) => {
			const read = entry.safeParse(store[key]);
			return read.success ? read.data : undefined;
		},
		sent: (key) => {
			store[key] = { state: 'sent' } satisfies JournalEntry;
		},
		accepted: (key, taskId) => {
			store[key] = { state: 'accepted', taskId } satisfies JournalEntry;
		},
		forget: (key) => {
			delete store[key];
		},
	};
}
