import { z } from 'zod';
import { tryParseJson } from '../base/json';
import { fileExtension, mimeTypeOf } from '../base/mimeTypes';
import { tolerantText } from '../base/tolerantSchemas';
import type { TaskResult } from './task';

/** Names of v1 (`fileUrl`), of v2 (`url`) and the robust ones of the official client (quirk 23 and section 7.1). */
const resultItem = z
	.object({
		url: tolerantText,
		outputUrl: tolerantText,
		fileUrl: tolerantText,
		outputType: tolerantText,
		fileType: tolerantText,
		text: tolerantText,
		content: tolerantText,
		output: tolerantText,
		nodeId: tolerantText,
	})
	.transform((item): TaskResult => {
		const output = item.content || item.output || null;
		const url = item.url || item.outputUrl || item.fileUrl || (isAddress(output) ? output : null);
		const type = fileExtension(url, item.outputType || item.fileType);
		return {
			url,
			type,
			mimeType: mimeTypeOf(type),
			text: item.text || (output === url ? null : output),
			nodeId: item.nodeId,
		};
	});

/**
 * Results in every form that the vendor's contract names: a list or one alone, of objects or addresses, or one of these as
 * JSON text.
 */
export function resultsIn(value: unknown): TaskResult[] {
	if (Array.isArray(value)) return value.flatMap(resultsIn);
	if (typeof value === 'string') {
		if (isAddress(value)) return resultsIn({ url: value });
		const packed = tryParseJson(value);
		return typeof packed === 'object' ? resultsIn(packed) : [];
	}
	const read = resultItem.safeParse(value);
	return read.success && (read.data.url !== null || read.data.text !== null) ? [read.data] : [];
}

/** Names under which the official client also looks for results, beside the status (reference section 7.1). */
const besideStatus = z.object({
	outputUrl: z.unknown(),
	fileUrl: z.unknown(),
	url: z.unknown(),
	content: z.unknown(),
	output: z.unknown(),
	text: z.unknown(),
});

/** The results of a successful task for which none are listed: in the members beside its status. */
export function resultsBesideStatus(body: Record<string, unknown>): TaskResult[] {
	const beside = besideStatus.parse(body);
	const lists = Object.values(beside).filter(Array.isArray);
	return lists.length > 0 ? resultsIn(lists) : resultsIn(beside);
}

function isAddress(text: string | null): text is string {
	return text !== null && /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}
