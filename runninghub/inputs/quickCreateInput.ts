import { tryParseJson } from '../base/json';
import { hasLostDigits, lostDigits } from '../base/scalar';
import { quote } from '../base/text';
import type { BinaryFiles } from '../files/media';
import type { NodeInputKind } from './nodeInfo';
import { readNodeValue, type NodeValue } from './readNodeValue';

/** What each item of a Quick Create request must have, as text and without exception (reference section 3.3). */
const MEMBERS = [
	'nodeId',
	'nodeName',
	'fieldName',
	'fieldType',
	'fieldValue',
	'description',
] as const;
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['fieldValue', 'description']);

type Member = (typeof MEMBERS)[number];

/** One item of a request; its value may be a file that is to be uploaded first. */
export interface QuickCreateItem {
	info: Record<Exclude<Member, 'fieldValue'>, string>;
	value: NodeValue;
}

/** Those whose values can be told to be wrong before paying; all others take any text. */
const KINDS: Readonly<Record<string, NodeInputKind>> = {
	IMAGE: 'media',
	VIDEO: 'media',
	AUDIO: 'media',
	INT: 'integer',
	FLOAT: 'number',
};

const LIST = 'Node Inputs';
const NEEDED =
	'the module’s page shows the list after clicking its API button, and each item needs nodeId, nodeName, fieldName, fieldType, fieldValue and description, all as text';

/**
 * Reads the parameter list of a Quick Create request. Numbers and switches become text, members that RunningHub does
 * not ask for are left out.
 * @param raw an array, or the text of one
 * @param binaries the files of the item: fields for media may name one
 * @returns the list, or what is wrong with it, as one sentence
 */
export function readQuickCreateItems(
	raw: unknown,
	binaries: BinaryFiles,
): QuickCreateItem[] | { problem: string } {
	const parsed = typeof raw === 'string' ? tryParseJson(raw) : raw;
	if (!Array.isArray(parsed))
		return { problem: `${LIST} is ${quote(raw)}, not a JSON array: ${NEEDED}.` };
	if (parsed.length === 0) return { problem: `${LIST} is empty: ${NEEDED}.` };
	const items: QuickCreateItem[] = [];
	for (const [index, entry] of parsed.entries()) {
		const item = readItem(`Item ${index + 1} of ${LIST}`, entry, binaries);
		if ('problem' in item) return item;
		items.push(item);
	}
	return items;
}

function readItem(
	where: string,
	entry: unknown,
	binaries: BinaryFiles,
): QuickCreateItem | { problem: string } {
	if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
		return { problem: `${where} is ${quote(entry)}, not an object: ${NEEDED}.` };
	}
	const parsed = new Map(Object.entries(entry));
	for (const member of MEMBERS) {
		const problem = problemOf(member, parsed.get(member));
		if (problem !== undefined) return { problem: `${where}: ${member} ${problem}.` };
	}
	const textOf = (member: Member) => String(parsed.get(member));
	const info = {
		nodeId: textOf('nodeId'),
		nodeName: textOf('nodeName'),
		fieldName: textOf('fieldName'),
		fieldType: textOf('fieldType'),
		description: textOf('description'),
	};
	const { nodeId, nodeName: nodeClass, fieldName, fieldType } = info;
	const value = readNodeValue(
		{
			nodeId,
			nodeClass,
			fieldName,
			label: `${where}: fieldValue`,
			kind: KINDS[fieldType.toUpperCase()] ?? 'text',
			saved: null,
		},
		parsed.get('fieldValue'),
		binaries,
	);
	return 'problem' in value ? value : { info, value };
}

function problemOf(member: Member, value: unknown): string | undefined {
	if (value === undefined || value === null) return `is missing: ${NEEDED}`;
	// Files come as n8n's own descriptions of them, too: the value has a check of its own.
	if (member === 'fieldValue') return undefined;
	if (hasLostDigits(value)) return lostDigits(value);
	if (!['string', 'number', 'boolean'].includes(typeof value))
		return `is ${quote(value)}; it takes text`;
	return String(value).trim() === '' && !MAY_BE_EMPTY.has(member)
		? `is empty: ${NEEDED}`
		: undefined;
}

/**
 * The three digits of a `quickCreateCode`, such as `006`. A spreadsheet or an expression makes a number of them, which
 * loses the zeros in front: they are put back.
 * @returns the code, or what is wrong with it, as one sentence
 */
export function readQuickCreateCode(raw: unknown): { code: string } | { problem: string } {
	const parsed = typeof raw === 'string' || typeof raw === 'number' ? String(raw).trim() : '';
	if (/^\d{1,3}$/.test(parsed)) return { code: parsed.padStart(3, '0') };
	const is = raw === '' || raw === undefined || raw === null ? 'empty' : quote(raw);
	return {
		problem: `Quick Create Code is ${is}; it must be the three digits that the module’s page shows, such as 006.`,
	};
}
