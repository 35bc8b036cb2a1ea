import { findViduModel } from '../../catalogue/vidu';
import facts from '../simulator/models.facts.json';
import type { Field } from './form';

interface Param {
	key: string;
	type: string;
	required: boolean;
	default?: string | number | boolean;
	options?: string[];
	min?: number;
	max?: number;
}

interface Model {
	endpoint: string;
	task: string;
	params: Param[];
}

/** What is known of the Vidu models, apart from what the node makes of it. */
export const VIDU_FACTS = (facts as Model[]).filter(({ endpoint }) => endpoint.startsWith('vidu/'));

export function factsOf(endpoint: string): Model {
	const model = VIDU_FACTS.find((candidate) => candidate.endpoint === endpoint);
	if (model === undefined) throw new Error(`There are no facts of ${endpoint}.`);
	return model;
}

/** The model's name in the form. */
export function nameOf(endpoint: string): string {
	return findViduModel(endpoint)?.name ?? endpoint;
}

/** How a model's form has to look before anything is entered. */
export function expectedForm(endpoint: string): Array<Omit<Field, 'label'>> {
	return factsOf(endpoint).params.map(expectedField).sort(byName);
}

/** A form as it was read, in the shape of an expected one. */
export function comparable(fields: Field[]): Array<Omit<Field, 'label'>> {
	return fields
		.map(({ label: _label, ...field }) => ({
			...field,
			...(field.control === 'select' ? { value: field.value.toLowerCase() } : {}),
			...(field.options ? { options: field.options.map((option) => option.toLowerCase()) } : {}),
		}))
		.sort(byName);
}

function expectedField(param: Param): Omit<Field, 'label'> {
	const { key, options } = param;
	const value = String(param.default ?? '');
	if (param.type === 'boolean' || options?.join() === 'true,false')
		return { name: key, control: 'switch', value, hasIssue: false };
	const values = options ?? range(param);
	if (values !== undefined)
		return { name: key, control: 'select', value, options: values, hasIssue: false };
	// Empty, so that the mark tells whether it is required.
	return { name: key, control: 'text', value: '', hasIssue: param.required };
}

function range({ type, min, max }: Param): string[] | undefined {
	if (type !== 'integer' || min === undefined || max === undefined) return undefined;
	return Array.from({ length: max - min + 1 }, (_, index) => String(min + index));
}

function byName(a: { name: string }, b: { name: string }): number {
	return a.name.localeCompare(b.name);
}
