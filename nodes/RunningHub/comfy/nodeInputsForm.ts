import type {
	ILoadOptionsFunctions,
	INodeProperties,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import type { Client } from '../../../runninghub/api/client';
import { RunningHubError } from '../../../runninghub/base/errors';
import { InvalidInput } from '../../../runninghub/base/invalidInput';
import { hasLostDigits } from '../../../runninghub/base/scalar';
import { inputId, isSeed, type NodeInput } from '../../../runninghub/inputs/nodeInfo';
import { connectApi } from '../n8n/connection';
import { fieldLabels } from './nodeInputLabels';
import { readPageId, type PageKind } from './pageId';

const show = { operation: ['submit', 'submitAndWait'] };

/** A form of the inputs of one workflow or app, which the editor asks for with `method`, and what goes for all of them. */
export function nodeInputsProperties(method: string, idField: string): INodeProperties[] {
	return [
		{
			displayName:
				'Inputs you do not change keep their values on RunningHub. Files: a public URL, a data: URI or the name of a binary field.',
			name: 'nodeInputsNotice',
			type: 'notice',
			default: '',
			displayOptions: { show, hide: { [idField]: [''] } },
		},
		{
			displayName: 'Inputs',
			name: 'nodeInputs',
			type: 'resourceMapper',
			noDataExpression: true,
			default: { mappingMode: 'defineBelow', value: null },
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
			displayOptions: { show },
		},
	];
}

/** What RunningHub lists for a form. */
interface Listed {
	inputs: NodeInput[];
	/** It cannot be run without its password. */
	isEncrypted?: boolean;
}

/** A notice: read-only, so it is never sent. n8n has no other way to show a text above the fields of such a form. */
const PASSWORD_NOTE: ResourceMapperField = {
	id: 'accessPassword',
	displayName: 'Protected: needs a password',
	required: false,
	defaultMatch: false,
	canBeUsedToMatch: false,
	display: true,
	removed: false,
	readOnly: true,
	type: 'string',
	defaultValue: 'Set the Access Password option',
};

/**
 * The fields for what the form names now. A form that has none yet shows why there are none; in one that has, an error
 * leaves what was filled in as it is.
 */
export async function loadFields(
	context: ILoadOptionsFunctions,
	page: PageKind,
	idField: string,
	load: (client: Client, id: string) => Promise<Listed>,
): Promise<ResourceMapperFields> {
	const hasFields = sizeOf(context.getCurrentNodeParameter('nodeInputs.schema')) > 0;
	const input: unknown = context.getNodeParameter(idField, '', { extractValue: true });
	if (input === '') return noFields(`The inputs appear here once ${page.label} is filled in.`);
	if (input === undefined || input === null) {
		return noFields(
			`The expression in ${page.label} has no value yet. Execute the previous nodes and reopen this node, or set the inputs in the Node Info List option.`,
		);
	}
	const loaded = async (): Promise<ResourceMapperFields> => {
		const id = readPageId(input, page);
		const { client } = await connectApi(context);
		const { inputs, isEncrypted = false } = await load(client, id);
		const fields = fieldsOf(inputs);
		if (fields.length > 0) return { fields: isEncrypted ? [PASSWORD_NOTE, ...fields] : fields };
		if (isEncrypted) {
			return noFields(
				`This ${page.label} is protected and does not show its inputs. Set its password in Access Password and its inputs in Node Info List, both in Options.`,
			);
		}
		return noFields(
			`RunningHub lists no inputs for this ${page.label}. If it has inputs, run it once on its page, then reopen this node.`,
		);
	};
	return await loaded().catch((error: unknown) => {
		if (hasFields || !(error instanceof RunningHubError)) throw error;
		return noFields(noticeOf(error));
	});
}

function sizeOf(list: unknown): number {
	return Array.isArray(list) ? list.length : 0;
}

function noFields(notice: string): ResourceMapperFields {
	// n8n shows it as HTML.
	return { fields: [], emptyFieldsNotice: notice.replaceAll('&', '&amp;').replaceAll('<', '&lt;') };
}

function noticeOf(error: RunningHubError): string {
	// Without the description: it says that nothing was sent, which is plain while a form is filled in.
	if (error instanceof InvalidInput) return error.message;
	const { message, description } = error;
	return `${/[.!?]$/.test(message) ? message : `${message}.`} ${description}`.trim();
}

/** Links are left out: they are made in ComfyUI. */
export function fieldsOf(inputs: readonly NodeInput[]): ResourceMapperField[] {
	const shown = inputs.filter(({ kind }) => kind !== 'link');
	const labels = fieldLabels(shown);
	return shown.map((input, index) => fieldOf(input, labels[index] ?? input.label));
}

function fieldOf(input: NodeInput, displayName: string): ResourceMapperField {
	return {
		id: inputId(input),
		displayName,
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
	return Number.isFinite(value) && !hasLostDigits(value);
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
