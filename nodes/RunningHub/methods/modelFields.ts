import type { INodePropertyOptions, ResourceMapperField } from 'n8n-workflow';
import { mediaKindOf, type Model, type Param } from '../../../catalogue/model';
import { optionLabel } from '../../../catalogue/optionLabel';
import { readValue } from '../../../catalogue/readValue';
import { fieldLabel } from './fieldLabel';
import type { FilledForm } from './filledForms';

/**
 * The form of a model: one field for each of its parameters.
 * @param before what stood in the form of another model; what fits this one is filled in again
 */
export function fieldsOf(model: Model, before: FilledForm = {}): ResourceMapperField[] {
	return model.params.map((param) => {
		const options = optionsOf(param);
		const field: ResourceMapperField = {
			id: param.key,
			displayName: fieldLabel(param),
			required: param.required,
			defaultMatch: false,
			canBeUsedToMatch: false,
			display: true,
			type: options === undefined ? typeOf(param) : 'options',
			...(options === undefined ? {} : { options }),
		};
		const preset = keptValue(param, before[param.key]) ?? presetOf(param);
		return preset === undefined ? field : { ...field, defaultValue: preset };
	});
}

/** A switch that the model need not be given is a list, so that it can be left empty. */
function optionsOf({
	key,
	type,
	required,
	default: preset,
	options = [],
}: Param): INodePropertyOptions[] | undefined {
	if (type === 'enum') {
		return options.map((value) => {
			const label = optionLabel(key, value);
			return { name: !required && value === preset ? `${label} (default)` : label, value };
		});
	}
	if (type !== 'boolean' || required || preset !== undefined) return undefined;
	return [
		{ name: 'On', value: true },
		{ name: 'Off', value: false },
	];
}

function typeOf({ type }: Param): ResourceMapperField['type'] {
	switch (type) {
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

/** `"5"` and `5` mean the same to a person who chose them for one model and now takes another. */
function keptValue(param: Param, value: unknown): ResourceMapperField['defaultValue'] {
	if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
		return undefined;
	}
	if (typeof value === 'string' && value.startsWith('=')) return value;
	const isWords = typeOf(param) === 'string' && param.type !== 'enum';
	if (isWords && typeof value !== 'string') return undefined;
	// Files are checked with those of the item, when the node runs.
	if (mediaKindOf(param) !== undefined) return value;
	const read = readValue(param, value, '');
	if ('problem' in read) return undefined;
	// Lists stay as they were written.
	return typeof read.value === 'object' ? value : read.value;
}
