import { z } from 'zod';
import { stringsIn, type JsonValue } from './json';

/** JSON that is passed on as it is. */
const jsonSchema: z.ZodType<JsonValue> = z.lazy(() =>
	z.union([
		z.string(),
		z.number(),
		z.boolean(),
		z.null(),
		z.array(jsonSchema),
		z.record(jsonSchema),
	]),
);

const matchSchema = z
	.object({
		method: z.string().optional(),
		/** Where the path begins, or a pattern that it fits. */
		path: z.union([z.string(), z.instanceof(RegExp)]).optional(),
		/** A pattern as text: for JSON, which has no RegExp. */
		pattern: z.string().optional(),
		origin: z.enum(['api', 'files']).optional(),
	})
	.strict();

const common = {
	match: matchSchema,
	/** How many requests it hits (1 if not given). */
	times: z.union([z.number().int().positive(), z.literal('always')]).optional(),
	/** How many matching requests pass unharmed first. */
	after: z.number().int().nonnegative().optional(),
};

/** What goes wrong with a request (reference 15.13). */
export const faultSchema = z.discriminatedUnion('kind', [
	/** An HTTP status in place of the answer; nothing is done. */
	z
		.object({
			...common,
			kind: z.literal('http'),
			status: z.number().int(),
			body: z.string().optional(),
			contentType: z.string().optional(),
			retryAfter: z.union([z.string(), z.number()]).optional(),
		})
		.strict(),
	/** HTTP 200 with an E1 refusal; nothing is done. The code's own words if none are given. */
	z
		.object({
			...common,
			kind: z.literal('e1'),
			code: z.number().int(),
			msg: z.string().optional(),
			data: jsonSchema.optional(),
		})
		.strict(),
	/** The same in the envelope of the new upload (E2). */
	z
		.object({
			...common,
			kind: z.literal('e2'),
			code: z.number().int(),
			message: z.string().optional(),
		})
		.strict(),
	/** HTTP 200 with an E3 refusal; nothing is done. */
	z
		.object({
			...common,
			kind: z.literal('e3'),
			errorCode: z.string(),
			errorMessage: z.string().optional(),
		})
		.strict(),
	z.object({ ...common, kind: z.literal('html'), status: z.number().int().optional() }).strict(),
	z
		.object({ ...common, kind: z.literal('emptyBody'), status: z.number().int().optional() })
		.strict(),
	z.object({ ...common, kind: z.literal('malformedJson') }).strict(),
	z
		.object({
			...common,
			kind: z.literal('redirect'),
			url: z.string(),
			status: z.number().int().optional(),
		})
		.strict(),
	/** The answer comes late; the work (a task, too) is done when the request came. */
	z.object({ ...common, kind: z.literal('slow'), delayMs: z.number().nonnegative() }).strict(),
	/** The connection breaks and nothing is done. */
	z.object({ ...common, kind: z.literal('dropBefore') }).strict(),
	/** The work is done (the task exists and is paid), then the connection breaks. */
	z.object({ ...common, kind: z.literal('dropAfter') }).strict(),
	/** The work is done, then half of the answer comes and the connection breaks. */
	z.object({ ...common, kind: z.literal('truncate'), bytes: z.number().int().optional() }).strict(),
	/** The work is done, then the answer is an HTTP error. */
	z
		.object({ ...common, kind: z.literal('httpAfter'), status: z.number().int().optional() })
		.strict(),
]);

export type Fault = z.infer<typeof faultSchema>;

/**
 * The refusal that words in square brackets, anywhere in a submit's texts, ask for: `a fox [refuse 421]`.
 * v1 knows E1 only; v2 gives its own codes, from 1000 on, in E3 and those of v1 in E1 (reference 1.4).
 */
export function faultAskedFor(body: unknown, path: string): Fault | undefined {
	const code = stringsIn(body)
		.map((text) => /\[refuse (\d{1,5})\]/i.exec(text)?.[1])
		.find((found) => found !== undefined);
	if (code === undefined) return undefined;
	return path.startsWith('/openapi/v2/') && Number(code) >= 1000
		? { match: {}, kind: 'e3', errorCode: code }
		: { match: {}, kind: 'e1', code: Number(code) };
}

export interface FaultTarget {
	origin: 'api' | 'files';
	method: string;
	path: string;
}

/** The faults that wait for their request. */
export class FaultBook {
	private entries: Array<{ fault: Fault; toSkip: number; left: number }> = [];

	add(fault: Fault): void {
		this.entries.push({
			fault,
			toSkip: fault.after ?? 0,
			left: fault.times === 'always' ? Infinity : (fault.times ?? 1),
		});
	}

	/** The fault for this request, if one is due. The first that was added wins. */
	take(target: FaultTarget): Fault | undefined {
		for (const entry of this.entries) {
			if (entry.left <= 0 || !matches(entry.fault, target)) continue;
			if (entry.toSkip > 0) {
				entry.toSkip -= 1;
				continue;
			}
			entry.left -= 1;
			return entry.fault;
		}
		return undefined;
	}

	clear(): void {
		this.entries = [];
	}
}

function matches({ match }: Fault, target: FaultTarget): boolean {
	if (match.origin !== undefined && match.origin !== target.origin) return false;
	if (match.method !== undefined && match.method.toUpperCase() !== target.method) return false;
	if (match.pattern !== undefined && !new RegExp(match.pattern).test(target.path)) return false;
	if (match.path instanceof RegExp)
		return new RegExp(match.path.source, match.path.flags.replace(/[gy]/g, '')).test(target.path);
	return match.path === undefined || target.path.startsWith(match.path);
}
