import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import { loadCatalogue } from '../../../catalogue/catalogue';
import { limitsOf } from '../../../catalogue/describe';
import { labelOf } from '../../../catalogue/labels';
import { mediaKindOf, type Model, type Param } from '../../../catalogue/model';
import { optionName } from '../actions/vidu/optionName';

/** The models that fit what was typed, grouped by what they do. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const catalogue = await loadCatalogue();
	return {
		results: catalogue.search(filter ?? '').map(({ name, endpoint, status }) => ({
			name: status === 'deprecated' ? `${name} (deprecated)` : name,
			value: endpoint,
		})),
	};
}

/** One field for each parameter of the model that is chosen. */
export async function getModelParameters(
	this: ILoadOptionsFunctions,
): Promise<ResourceMapperFields> {
	const chosen: unknown = this.getCurrentNodeParameter('model', { extractValue: true });
	const endpoint = typeof chosen === 'string' ? chosen : '';
	if (endpoint === '') {
		return { fields: [], emptyFieldsNotice: 'Choose a model to see what it takes.' };
	}
	const model = (await loadCatalogue()).find(endpoint);
	if (model === undefined || !model.paramsKnown) {
		return {
			fields: [],
			emptyFieldsNotice:
				'What this model takes is not known here. Give its fields below, in Extra Fields, as its page on RunningHub lists them.',
		};
	}
	const filled: unknown = this.getCurrentNodeParameter('parameters.value');
	return { fields: fieldsOf(model, isRecord(filled) ? filled : {}) };
}

/**
 * @param filled what the form holds from the model that was chosen before: n8n empties it when the model changes, and
 * fills in defaults, so what fits the new model comes back as one
 */
export function fieldsOf(
	model: Model,
	filled: Readonly<Record<string, unknown>> = {},
): ResourceMapperField[] {
	return model.params.map((param) => {
		const limits = limitsOf(param);
		const options = optionsOf(param);
		const field: ResourceMapperField = {
			id: param.key,
			displayName: limits === '' ? labelOf(param.key) : `${labelOf(param.key)} (${limits})`,
			required: param.required,
			defaultMatch: false,
			canBeUsedToMatch: false,
			display: true,
			type: options === undefined ? typeOf(param) : 'options',
			...(options === undefined ? {} : { options }),
		};
		const kept = keptValue(field, filled[param.key]);
		const preset = kept ?? presetOf(param);
		return preset === undefined ? field : { ...field, defaultValue: preset };
	});
}

/** A switch that the model need not be given is a list, so that it can be left empty. */
function optionsOf({
	type,
	required,
	default: preset,
	options,
}: Param): ResourceMapperField['options'] {
	if (type === 'enum') return options?.map((value) => ({ name: optionName(value), value }));
	if (type !== 'boolean' || required || preset !== undefined) return undefined;
	return [
		{ name: 'On', value: true },
		{ name: 'Off', value: false },
	];
}

function typeOf(param: Param): ResourceMapperField['type'] {
	if (mediaKindOf(param) !== undefined) return 'string';
	switch (param.type) {
		case 'boolean':
			return 'boolean';
		case 'integer':
		case 'number':
			return 'number';
		default:
			return 'string';
	}
}

/** Only what must be given is filled in beforehand, and switches, which show a value in any case. */
function presetOf({ type, required, default: preset }: Param): ResourceMapperField['defaultValue'] {
	if (preset === undefined || Array.isArray(preset)) return undefined;
	return required || type === 'boolean' ? preset : undefined;
}

function keptValue(
	{ type, options }: ResourceMapperField,
	value: unknown,
): string | number | boolean | undefined {
	if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
		return undefined;
	}
	const isExpression = typeof value === 'string' && value.startsWith('=');
	if (isExpression) return value;
	if (options !== undefined) return options.some((one) => one.value === value) ? value : undefined;
	return typeof value === (type ?? 'string') ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
