import type { SimulatedApp } from './apps';
import type { FileStore } from './files';
import { isJsonObject, type JsonObject } from './json';
import { refuse, type Refusal } from './refusals';
import type { Switches } from './switches';
import type { SimulatedWorkflow } from './workflows';

/** `nodeInfoList`: what it can change, and what is wrong with one (reference 2.2, 9.3, 15.8). */

type FieldKind = 'link' | 'text' | 'number' | 'integer' | 'boolean' | 'file' | 'lora' | 'any';

/** An input of a node that can be changed (or, for a link, cannot). */
export interface ComfyField {
	nodeId: string;
	/** The node's class. */
	nodeName: string;
	fieldName: string;
	kind: FieldKind;
	/** The value that the workflow was saved with: its file, if it is one, is there. */
	saved: unknown;
	choices: readonly string[] | undefined;
}

/** Inputs that take the `fileName` of an upload (reference 9.3; quirk 24). */
const FILE_INPUTS: Record<string, string[]> = {
	LoadImage: ['image'],
	LoadImageMask: ['image'],
	LoadAudio: ['audio'],
	VHS_LoadAudioUpload: ['audio'],
	LoadVideo: ['video', 'file'],
	VHS_LoadVideo: ['video'],
	LoadImages: ['upload'],
};

export const fieldsOfWorkflow = ({ nodes, choices = {} }: SimulatedWorkflow): ComfyField[] =>
	Object.entries(nodes).flatMap(([nodeId, { class_type: nodeName, inputs }]) =>
		Object.entries(inputs).map(([fieldName, saved]) => ({
			nodeId,
			nodeName,
			fieldName,
			kind: kindOf(nodeName, fieldName, saved),
			saved,
			choices: choices[`${nodeId}.${fieldName}`],
		})),
	);

const KIND_OF_TYPE = {
	IMAGE: 'file',
	VIDEO: 'file',
	AUDIO: 'file',
	STRING: 'text',
	INT: 'integer',
	FLOAT: 'number',
	BOOLEAN: 'boolean',
	LIST: 'any',
	SWITCH: 'any',
} as const;

export const fieldsOfApp = ({ fields }: Pick<SimulatedApp, 'fields'>): ComfyField[] =>
	fields.map(({ nodeId, nodeName, fieldName, fieldType, fieldValue: saved, choices }) => ({
		nodeId,
		nodeName,
		fieldName,
		kind: KIND_OF_TYPE[fieldType],
		saved,
		choices,
	}));

function kindOf(nodeName: string, fieldName: string, saved: unknown): FieldKind {
	if (isLink(saved)) return 'link';
	if (FILE_INPUTS[nodeName]?.includes(fieldName)) return 'file';
	if (nodeName === 'RHLoraLoader' && fieldName === 'lora_name') return 'lora';
	switch (typeof saved) {
		case 'string':
			return 'text';
		case 'number':
			return 'number';
		case 'boolean':
			return 'boolean';
		default:
			return 'any';
	}
}

const isLink = (value: unknown): boolean =>
	Array.isArray(value) &&
	value.length === 2 &&
	typeof value[0] === 'string' &&
	typeof value[1] === 'number';

export interface NodeInfoRules {
	switches: Switches;
	files: FileStore;
	/** Are the consumers app fields, which some feed with addresses? */
	isApp: boolean;
}

/** 803, if an item does not fit: its node, its field, the type of its value, or a file that is not there. */
export function refuseNodeInfo(
	fields: ComfyField[],
	nodeInfoList: unknown[],
	rules: NodeInfoRules,
): Refusal | undefined {
	for (const item of nodeInfoList) {
		const problem = findProblem(fields, item, rules);
		if (problem !== undefined) return refuse(803, problem);
	}
	return undefined;
}

function findProblem(
	fields: ComfyField[],
	item: unknown,
	rules: NodeInfoRules,
): string | undefined {
	if (!isJsonObject(item)) return 'an item is not an object';
	const { nodeId, fieldName, fieldValue } = item;
	if (typeof nodeId !== 'string' && !Number.isInteger(nodeId)) return 'nodeId is missing';
	const field = fieldOf(fields, item);
	if (field === undefined) {
		return fields.some((other) => other.nodeId === String(nodeId))
			? `node ${String(nodeId)} has no field ${String(fieldName)}`
			: `node_not_found_in_workflow ${String(nodeId)}`;
	}
	if (fieldValue === undefined || fieldValue === null) return `${field.fieldName} has no value`;
	if (field.kind === 'link') return `${field.fieldName} is a link`;
	const mayBeAnything = rules.switches.fieldValueTypes === 'any' && !isJsonObject(fieldValue);
	if (typeof fieldValue !== 'string' && !mayBeAnything) return `${field.fieldName} is not a string`;
	return findValueProblem(field, String(fieldValue), rules);
}

function findValueProblem(
	field: ComfyField,
	value: string,
	rules: NodeInfoRules,
): string | undefined {
	const { fieldName, kind } = field;
	const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
	switch (kind) {
		case 'number':
			return isNumber ? undefined : `${fieldName} is not a number`;
		case 'integer':
			return isNumber && Number.isInteger(Number(value))
				? undefined
				: `${fieldName} is not an integer`;
		case 'boolean':
			return ['true', 'false'].includes(value) ? undefined : `${fieldName} is not a boolean`;
		case 'file':
			return isFileThere(field, value, rules)
				? undefined
				: `${fieldName} is not a file that was uploaded`;
		default:
			return undefined;
	}
}

/** Nodes read `fileName`s; an address of an upload will do for an app, by a switch (reference 9.3). */
function isFileThere(field: ComfyField, value: string, rules: NodeInfoRules): boolean {
	const { files, switches, isApp } = rules;
	if (value === field.saved || files.hasUpload(value)) return true;
	return isApp && switches.appMediaUrls && typeof files.lookUp(value) === 'object';
}

/**
 * ComfyUI's own validation of values that fit in type, as `node_errors` (reference 4.2): keyed by node
 * id, empty when all is well.
 */
export function nodeErrorsOf(
	fields: ComfyField[],
	nodeInfoList: unknown[],
	isLora: (fileName: string) => boolean,
): JsonObject {
	const errors: JsonObject = {};
	for (const item of nodeInfoList) {
		if (!isJsonObject(item)) continue;
		const field = fieldOf(fields, item);
		const value = String(item.fieldValue);
		if (field === undefined || isValid(field, value, isLora)) continue;
		Object.assign(errors, valueNotInList(field, value));
	}
	return errors;
}

function isValid(
	{ kind, saved, choices }: ComfyField,
	value: string,
	isLora: (fileName: string) => boolean,
): boolean {
	if (kind === 'lora') return value === saved || isLora(value);
	return choices === undefined || choices.includes(value);
}

const fieldOf = (fields: ComfyField[], item: Record<string, unknown>): ComfyField | undefined =>
	fields.find(
		({ nodeId, fieldName }) => nodeId === String(item.nodeId) && fieldName === item.fieldName,
	);

/** ComfyUI's words for a value that is not in an input's list. */
export const valueNotInList = (
	{ nodeId, nodeName, fieldName }: Pick<ComfyField, 'nodeId' | 'nodeName' | 'fieldName'>,
	value: string,
): JsonObject => ({
	[nodeId]: {
		errors: [
			{
				type: 'value_not_in_list',
				message: 'Value not in list',
				details: `${fieldName}: '${value}' not in list`,
				extra_info: { input_name: fieldName },
			},
		],
		dependent_outputs: ['9'],
		class_type: nodeName,
	},
});
