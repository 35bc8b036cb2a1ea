import { z } from 'zod';
import { tryParseJson } from '../base/json';
import { quote } from '../base/text';

/** One override as a person wrote it (reference section 2.2). */
export interface NodeInfo {
	nodeId: string;
	fieldName: string;
	fieldValue: unknown;
}

const EXAMPLE = '[{"nodeId": "6", "fieldName": "text", "fieldValue": "a fox"}]';

const item = z.object({
	/** Some write it as a number, which works too. */
	nodeId: z.union([z.string().trim().min(1), z.number().int().safe()]).transform(String),
	fieldName: z.string().trim().min(1),
	fieldValue: z.unknown().refine((value) => value !== undefined && value !== null),
});

const MEMBERS = ['nodeId', 'fieldName', 'fieldValue'] as const;

/**
 * Reads a `nodeInfoList` that was written by hand. Other members than the three that count are only informative.
 * @param json an array, or the text of one; nothing for none
 * @returns the list, or what is wrong with it, as a sentence
 */
export function readNodeInfoList(json: unknown): NodeInfo[] | { problem: string } {
	if (json === undefined || json === null) return [];
	if (typeof json === 'string' && json.trim() === '') return [];
	const parsed = typeof json === 'string' ? tryParseJson(json) : json;
	if (!Array.isArray(parsed)) {
		const text = typeof json === 'string' ? json : JSON.stringify(json);
		return {
			problem: `Node Info List is ${quote(text)}; it must be a JSON array such as ${EXAMPLE}.`,
		};
	}
	const list: NodeInfo[] = [];
	for (const [index, entry] of parsed.entries()) {
		const read = item.safeParse(entry);
		if (!read.success) {
			return {
				problem: `Entry ${index + 1} of Node Info List has no usable ${wrongMemberOf(read.error)}; each must be like the one in ${EXAMPLE}.`,
			};
		}
		const { nodeId, fieldName, fieldValue } = read.data;
		list.push({ nodeId, fieldName, fieldValue });
	}
	return list;
}

function wrongMemberOf({ issues }: z.ZodError): string {
	return MEMBERS.find((member) => issues.some(({ path }) => path[0] === member)) ?? MEMBERS[0];
}
