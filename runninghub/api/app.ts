import { z } from 'zod';
import { isObject, type JsonValue, type JsonObject } from '../base/json';
import { withoutSecrets } from '../base/redact';
import { occursOnce } from '../base/text';
import { tolerantBoolean, tolerantText } from '../base/tolerantSchemas';
import { parseData, type Envelope } from '../http/envelope';
import { limitsIn, optionsIn } from '../inputs/appFieldData';
import { inputId, isSeed, type NodeInput, type NodeInputKind } from '../inputs/nodeInfo';

/** An AI App, as its call example describes it (reference section 5.2). */
export interface App {
	name: string;
	/** It cannot be run without its password. */
	isEncrypted: boolean;
	parameters: AppParameter[];
}

export interface AppParameter {
	input: NodeInput;
	/** IMAGE, VIDEO, AUDIO, STRING, INT, FLOAT, BOOLEAN, LIST or SWITCH. */
	fieldType: string;
	description: string;
	/** As RunningHub lists it. */
	item: JsonObject;
}

const listedItem = z.object({
	nodeId: z.union([z.string(), z.number()]).transform(String),
	nodeName: tolerantText,
	fieldName: z.string(),
	fieldValue: tolerantText,
	fieldData: tolerantText,
	fieldType: tolerantText,
	description: tolerantText,
	descriptionEn: tolerantText,
});

type ListedItem = z.infer<typeof listedItem>;

const demo = z.object({
	webappName: tolerantText,
	accessEncrypted: tolerantBoolean,
	nodeInfoList: z.array(z.unknown()).catch([]),
});

/**
 * The app in a response of apiCallDemo. The rest of that response is not read: its sample command holds the key.
 * @throws RunningHubError when it describes none, or when it was refused
 */
export function appFrom(envelope: Envelope): App {
	const data = parseData(envelope, demo, 'it describes no AI App');
	const { webappName, accessEncrypted, nodeInfoList } = data;
	return {
		name: webappName ?? '',
		isEncrypted: accessEncrypted,
		parameters: parametersOf(nodeInfoList),
	};
}

/**
 * The `nodeInfoList` of a run. RunningHub wants the items of its list back, with new values in them (reference section
 * 5.1), so those that are not set go along as they are. Two kinds do not: an item without a value, which would be
 * refused (2.2), and a seed, which would no longer be drawn anew if it were named.
 * @param values by the id of their input
 */
export function appNodeInfoList(
	{ parameters }: App,
	values: ReadonlyMap<string, JsonValue>,
): JsonObject[] {
	return parameters.flatMap(({ input, item }) => {
		const value = values.get(inputId(input));
		if (value !== undefined) return [{ ...item, fieldValue: value }];
		return input.saved === null || isSeed(input) ? [] : [item];
	});
}

function parametersOf(items: unknown[]): AppParameter[] {
	const read = items.flatMap((raw) => {
		const listed = listedItem.safeParse(raw);
		return listed.success ? [{ raw, listed: listed.data }] : [];
	});
	const labels = read.map(({ listed }) => labelOf(listed));
	return read.map(({ raw, listed }, index) => {
		const label = labels[index] ?? '';
		return {
			input: inputOf(listed, occursOnce(labels, label) ? label : `${label} (${listed.nodeId})`),
			fieldType: listed.fieldType ?? '',
			description: descriptionOf(listed),
			item: itemOf(raw, listed.nodeId),
		};
	});
}

/** What it is for, and where it goes: `source picture · LoadImage.image`. */
function labelOf(listed: ListedItem): string {
	const place = [listed.nodeName ?? '', listed.fieldName].filter((part) => part !== '').join('.');
	const description = descriptionOf(listed);
	return description === '' || description === listed.fieldName
		? place
		: `${description} · ${place}`;
}

function descriptionOf({ description, descriptionEn }: ListedItem): string {
	return (descriptionEn || description || '').trim();
}

function inputOf(listed: ListedItem, label: string): NodeInput {
	const { nodeId, nodeName, fieldName, fieldValue: saved, fieldData } = listed;
	const input = { nodeId, nodeClass: nodeName ?? '', fieldName, label, saved };
	const kind = KINDS[listed.fieldType?.toUpperCase() ?? ''] ?? 'text';
	if (kind === 'integer' || kind === 'number') return { ...input, kind, ...limitsIn(fieldData) };
	const options = optionsIn(fieldData, saved);
	if (kind === 'media') return { ...input, kind, options };
	if (kind !== 'choice') return { ...input, kind };
	return options.length === 0 ? { ...input, kind: 'text' } : { ...input, kind, options };
}

const KINDS: Readonly<Record<string, NodeInputKind>> = {
	IMAGE: 'media',
	VIDEO: 'media',
	AUDIO: 'media',
	STRING: 'text',
	INT: 'integer',
	FLOAT: 'number',
	BOOLEAN: 'boolean',
	LIST: 'choice',
	SWITCH: 'choice',
};

function itemOf(raw: unknown, nodeId: string): JsonObject {
	const item = withoutSecrets(raw);
	return isObject(item) ? { ...item, nodeId } : { nodeId };
}
