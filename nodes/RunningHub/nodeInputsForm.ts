import type {
	ILoadOptionsFunctions,
	INodeProperties,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import type { Client } from '../../runninghub/client';
import { RunningHubError } from '../../runninghub/errors';
import { inputId, isSeed, type NodeInput } from '../../runninghub/nodeInfo';
import { connectApi } from './connection';
import { readPageId, type PageKind } from './pageId';

/** A form of the inputs of one workflow or app, which the editor asks for with `method`. */
export function nodeInputsProperty(method: string, idField: string): INodeProperties {
	return {
		displayName: 'Inputs',
		name: 'nodeInputs',
		type: 'resourceMapper',
		noDataExpression: true,
		default: { mappingMode: 'defineBelow', value: null },
		description: 'Only what you change is sent',
		typeOptions: {
			loadOptionsDependsOn: [`${idField}.value`],
			resourceMapper: {
				resourceMapperMethod: method,
				mode: 'map',
				valuesLabel: 'Inputs',
				fieldWords: { singular: 'input', plural: 'inputs' },
				addAllFields: true,
				supportAutoMap: false,
			},
		},
		displayOptions: { show: { operation: ['submit', 'submitAndWait'] } },
	};
}

/**
 * The fields for what the form names now. A form that has none yet shows why there are none; in one that has, an error
 * leaves what was filled in as it is.
 */
export async function loadFields(
	context: ILoadOptionsFunctions,
	page: PageKind,
	idField: string,
	load: (client: Client, id: string) => Promise<NodeInput[]>,
): Promise<ResourceMapperFields> {
	const hasFields = sizeOf(context.getCurrentNodeParameter('nodeInputs.schema')) > 0;
	const loaded = async (): Promise<ResourceMapperFields> => {
		const id = readPageId(context.getNodeParameter(idField, ''), page);
		const { client } = await connectApi(context);
		const fields = fieldsOf(await load(client, id));
		return fields.length > 0
			? { fields }
			: { fields, emptyFieldsNotice: `RunningHub lists no inputs of this ${page.label}.` };
	};
	return await loaded().catch((error: unknown) => {
		if (hasFields || !(error instanceof RunningHubError)) throw error;
		const notice = asHtml(`${error.message} ${error.description}`.trim());
		return { fields: [], emptyFieldsNotice: notice };
	});
}

function sizeOf(list: unknown): number {
	return Array.isArray(list) ? list.length : 0;
}

/** Links are left out: they are made in ComfyUI. */
export function fieldsOf(inputs: readonly NodeInput[]): ResourceMapperField[] {
	return inputs.filter(({ kind }) => kind !== 'link').map(fieldOf);
}

function fieldOf(input: NodeInput): ResourceMapperField {
	return {
		id: inputId(input),
		displayName: isSeed(input) ? `${input.label} (random if empty)` : input.label,
		required: false,
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: true,
		removed: false,
		readOnly: false,
		type: typeOf(input),
		...(input.kind === 'choice' ? { options: input.options } : {}),
		...defaultOf(input),
	};
}

function typeOf({ kind, saved }: NodeInput): ResourceMapperField['type'] {
	switch (kind) {
		case 'number':
		case 'integer':
			// A field for numbers would lose the last digits.
			return saved !== null && !isKept(saved) ? 'string' : 'number';
		case 'boolean':
			return 'boolean';
		case 'choice':
			return 'options';
		case 'json':
			return saved?.startsWith('[') ? 'array' : 'object';
		default:
			return 'string';
	}
}

function isKept(digits: string): boolean {
	const value = Number(digits);
	return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/**
 * What the field shows before anybody changes it. Not for seeds, since RunningHub draws them anew whatever was saved; and
 * not for a text that n8n would take for an expression.
 */
function defaultOf(input: NodeInput): Pick<ResourceMapperField, 'defaultValue'> {
	const { saved } = input;
	if (saved === null || saved === '' || saved.startsWith('=') || isSeed(input)) return {};
	switch (typeOf(input)) {
		case 'number':
			return Number.isFinite(Number(saved)) ? { defaultValue: Number(saved) } : {};
		case 'boolean':
			return { defaultValue: saved === 'true' };
		default:
			return { defaultValue: saved };
	}
}

/** n8n shows such a notice as HTML. */
function asHtml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
