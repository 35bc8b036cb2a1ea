import { z } from 'zod';

const ms = z.number().nonnegative();

/**
 * What becomes of the callback of a task (reference 8.2, 8.3). The sources promise nothing about its
 * delivery and it carries no signature, so everything here can happen to a receiver.
 */
export const callbackPlanSchema = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('normal') }).strict(),
	z.object({ kind: z.literal('late'), delayMs: ms }).strict(),
	/** Never sent; its record stays PENDING until somebody asks for it again (reference 8.5). */
	z.object({ kind: z.literal('lost') }).strict(),
	/** Sent `times` times (2 if not given), all at once or every so many milliseconds. */
	z
		.object({
			kind: z.literal('doubled'),
			times: z.number().int().min(2).optional(),
			everyMs: ms.optional(),
		})
		.strict(),
	/** Claims success `afterMs` (0 if not given) after the submit, then comes again, rightly, at the end. */
	z
		.object({
			kind: z.literal('early'),
			afterMs: ms.optional(),
			/** `false`: the early one stays the only one. */
			andAtEnd: z.boolean().optional(),
		})
		.strict(),
	/** Claims FAILED of a success, and SUCCESS of anything else. */
	z.object({ kind: z.literal('wrongStatus') }).strict(),
	/** Names another task, that nobody has. */
	z
		.object({ kind: z.literal('unknownTask'), taskId: z.string().regex(/^\d+$/).optional() })
		.strict(),
	/** The JSON breaks off in the middle (if nothing is said), or is whole but has no `eventData`. */
	z
		.object({ kind: z.literal('partial'), form: z.enum(['cutOff', 'noEventData']).optional() })
		.strict(),
	/** Waits until `releaseCallbacks`. */
	z.object({ kind: z.literal('held') }).strict(),
]);

export type CallbackPlan = z.infer<typeof callbackPlanSchema>;

/** In which order held callbacks go, and whether each waits for the answer to the one before. */
export const releaseSchema = z
	.object({
		/** `forward`, as the tasks ended, if not given. */
		order: z.enum(['forward', 'reverse', 'shuffled']).optional(),
		atOnce: z.boolean().optional(),
	})
	.strict();

export type Release = z.infer<typeof releaseSchema>;

export function ordered<T>(items: T[], order: Release['order']): T[] {
	switch (order) {
		case 'reverse':
			return items.toReversed();
		case 'shuffled':
			return items
				.map((item) => ({ item, at: Math.random() }))
				.sort((a, b) => a.at - b.at)
				.map(({ item }) => item);
		default:
			return items;
	}
}
