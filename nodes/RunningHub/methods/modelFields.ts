import type { INodePropertyOptions, ResourceMapperField } from 'n8n-workflow';
import { labelOf } from '../../../catalogue/labels';
import { mediaKindOf, type Model, type Param } from '../../../catalogue/model';
import { optionLabel } from '../../../catalogue/optionLabel';
import { readValue } from '../../../catalogue/readValue';
import type { FormValues } from './formMemory';

/**
 * The form of a model: one field for each of its parameters, first what it is made from.
 * n8n has no place for help at such a field, and shows about 25 characters of its label: a short range is a list, and what
 * else the model does not take is said when it is given.
 * @param before what stood in the form of another model; what fits this one is filled in again
 */
export function fieldsOf(model: Model, before: FormValues = {}): ResourceMapperField[] {
	return byImportance(model.params).map((param) => {
		const options = optionsOf(param);
		const field: ResourceMapperField = {
			id: param.key,
			displayName: labelOfField(param),
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

/** The prompt, then what must be given, files before the rest, then files that may be. */
function byImportance(params: readonly Param[]): Param[] {
	const rank = (param: Param): number => {
		const isMedia = mediaKindOf(param) !== undefined || param.mediaHint !== undefined;
		if (param.key === 'prompt') return 0;
		if (param.required) return isMedia ? 1 : 2;
		return isMedia ? 3 : 4;
	};
	return params.toSorted((a, b) => rank(a) - rank(b));
}

function labelOfField({ key, type }: Param): string {
	return type === 'object-array' ? `${labelOf(key)} (JSON)` : labelOf(key);
}

/** A switch that the model need not be given is a list, so that it can be left empty. */
function optionsOf(param: Param): INodePropertyOptions[] | undefined {
	const { key, type, required, default: preset, options = [] } = param;
	const listed = (label: string, value: string | number): INodePropertyOptions => ({
		name: !required && value === preset ? `${label} (default)` : label,
		value,
	});
	if (type === 'enum') return options.map((value) => listed(optionLabel(key, value), value));
	const range = shortRange(param);
	if (range !== undefined) return range.map((value) => listed(String(value), value));
	if (type !== 'boolean' || required || preset !== undefined) return undefined;
	return [
		{ name: 'On', value: true },
		{ name: 'Off', value: false },
	];
}

const MAX_LISTED_OPTIONS = 32;

/** @returns undefined for what is no whole number, or may be too many of them */
function shortRange({ type, min, max, step = 1 }: Param): number[] | undefined {
	if (type !== 'integer' || min === undefined || max === undefined) return undefined;
	const length = Math.floor((max - min) / step) + 1;
	if (length > MAX_LISTED_OPTIONS) return undefined;
	return Array.from({ length }, (_, index) => min + index * step);
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
