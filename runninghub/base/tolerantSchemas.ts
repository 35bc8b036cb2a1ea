import { z } from 'zod';

/*
 * For members of RunningHub's responses that come in several types (reference section 14, quirks 20 and 21) or not at
 * all: none of them makes the rest of a response unreadable.
 */

/** A text; numbers and booleans become one. Null for anything else. */
export const tolerantText = z
	.union([z.string(), z.number(), z.boolean()])
	.nullish()
	.catch(null)
	.transform((value) => (value === null || value === undefined ? null : String(value)));

/** A finite number, or a text that is one. Null for anything else, an empty text among it. */
export const tolerantNumber = z
	.union([z.number(), z.string().trim().min(1).transform(Number)])
	.nullish()
	.catch(null)
	.transform((value) => (Number.isFinite(value) ? (value ?? null) : null));

/** False for anything but `true`. */
export const tolerantBoolean = z.boolean().catch(false);

/** A list without the entries that do not fit; what is no list does not fit itself. */
export function tolerantList<T extends z.ZodTypeAny>(
	entry: T,
): z.ZodType<Array<z.output<T>>, z.ZodTypeDef, unknown> {
	return z.array(z.unknown()).transform((entries) =>
		entries.flatMap((one): Array<z.output<T>> => {
			const read: z.SafeParseReturnType<unknown, z.output<T>> = entry.safeParse(one);
			return read.success ? [read.data] : [];
		}),
	);
}
