import facts from '../simulator/models.facts.json';
import { inFormOrder, listedNumbers } from '../support/modelForm';
import { loadCatalogue } from '../../catalogue/catalogue';
import type { Field } from './form';

interface Param {
	key: string;
	type: string;
	required: boolean;
	default?: unknown;
	options?: string[];
	mediaHint?: string;
	min?: number;
	max?: number;
	step?: number;
}

export interface ModelFacts {
	endpoint: string;
	task: string;
	params: Param[];
	observedObjectArrayParams?: string[];
}

const MODELS: ModelFacts[] = facts.filter(({ status }) => status !== 'retired');

/** Of each task the model with the most parameters. */
export const ONE_OF_EACH_TASK: ModelFacts[] = [...new Set(MODELS.map(({ task }) => task))]
	.sort()
	.flatMap((task) => {
		const ofTask = MODELS.filter((model) => model.task === task);
		return ofTask.sort((a, b) => b.params.length - a.params.length).slice(0, 1);
	});

/** The model's name in the form. */
export async function nameOf(endpoint: string): Promise<string> {
	return (await loadCatalogue()).find(endpoint)?.name ?? endpoint;
}

/** How a model's form has to look before anything is entered. */
export function expectedFields({
	params,
	observedObjectArrayParams = [],
}: ModelFacts): Array<Omit<Field, 'label'>> {
	return [
		...inFormOrder(params).map(expectedField),
		...observedObjectArrayParams.map((key) => textField(key, '', false)),
	];
}

/** Fields as they were read, in the shape of expected ones. */
export function comparable(fields: readonly Field[]): Array<Omit<Field, 'label'>> {
	return fields.map(({ label: _label, value, options, ...field }) => ({
		...field,
		value: field.control === 'select' ? value.toLowerCase() : value,
		...(options ? { options: options.map((option) => option.toLowerCase()) } : {}),
	}));
}

/** Of the models that list languages by their codes. Not the node's own list: what is expected may not come from what is checked. */
const LANGUAGES: Readonly<Record<string, string>> = {
	ar: 'Arabic',
	de: 'German',
	en: 'English',
	'es-mx': 'Spanish (Mexico)',
	es: 'Spanish',
	fil: 'Filipino',
	fr: 'French',
	id: 'Indonesian',
	ja: 'Japanese',
	ko: 'Korean',
	ms: 'Malay',
	'pt-br': 'Portuguese (Brazil)',
	pt: 'Portuguese',
	ru: 'Russian',
	th: 'Thai',
	vi: 'Vietnamese',
	'zh-cn': 'Chinese',
	zh: 'Chinese',
};

function expectedField(param: Param) {
	const { key, type, required, default: preset, options } = param;
	const filled = required && preset !== undefined ? String(preset) : '';
	const hasIssue = required && filled === '';
	switch (type) {
		case 'enum': {
			const names = options?.map((option) => {
				const name = LANGUAGES[option] ?? option;
				return !required && option === preset ? `${name} (default)` : name;
			});
			const shown = names?.map((name) => name.toLowerCase()) ?? [];
			return {
				name: key,
				control: 'select' as const,
				value: (LANGUAGES[filled] ?? filled).toLowerCase(),
				options: shown,
				hasIssue,
			};
		}
		case 'boolean':
			return required || preset !== undefined
				? { name: key, control: 'switch' as const, value: String(preset ?? false), hasIssue: false }
				: {
						name: key,
						control: 'select' as const,
						value: '',
						options: ['on', 'off'],
						hasIssue: false,
					};
		case 'integer':
		case 'number': {
			const numbers = listedNumbers(param);
			if (numbers === undefined) {
				return { name: key, control: 'number' as const, value: filled, hasIssue };
			}
			const names = numbers.map((number) =>
				!required && number === preset ? `${number} (default)` : String(number),
			);
			return { name: key, control: 'select' as const, value: filled, options: names, hasIssue };
		}
		default:
			return textField(key, filled, hasIssue);
	}
}

const textField = (name: string, value: string, hasIssue: boolean) => ({
	name,
	control: 'text' as const,
	value,
	hasIssue,
});
