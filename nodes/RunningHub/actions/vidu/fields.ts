import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { labelOf } from '../../../../catalogue/labels';
import { mediaKindOf, takesSeveral, type Model, type Param } from '../../../../catalogue/model';
import { optionLabel } from '../../../../catalogue/optionLabel';
import { VIDU_MODELS } from '../../../../catalogue/vidu';
import { inModes, MODES, modelsOf, type Mode } from './modes';

/** The order of the fields in the form; a key that is not here would not be shown. */
export const FIELD_ORDER = [
	'prompt',
	'scriptName',
	'scriptContent',
	'imageUrl',
	'firstImageUrl',
	'lastImageUrl',
	'imageUrls',
	'videos',
	'uploadImageUrl',
	'duration',
	'resolution',
	'aspectRatio',
	'style',
	'placement',
	'movementAmplitude',
	'bgm',
	'audio',
] as const;

const SWITCH_HELP: Readonly<Record<string, string>> = {
	audio: 'Whether to generate speech and sound effects',
	bgm: 'Whether to add background music',
};

const OPTIONS_HELP: Readonly<Record<string, string>> = {
	aspectRatio: 'Aspect ratio of the video',
	duration: 'Length of the video. Longer videos cost more.',
	movementAmplitude: 'How much the subjects and camera move',
	placement: 'Where the image is used',
	resolution: 'Resolution of the video. Higher ones cost more.',
	style: 'Visual style of the video',
};

/** What a text is for, with an example. */
const TEXT_HELP: Readonly<Record<string, { what: string; example: string }>> = {
	prompt: {
		what: 'What happens in the video, in any language',
		example: 'The fox turns its head and smiles, soft morning light',
	},
	scriptContent: {
		what: 'Script of the play, in any language',
		example: 'A fox opens a small bakery in the forest. On the first morning …',
	},
	scriptName: { what: 'Title of the play', example: 'The Bakery in the Forest' },
	style: { what: 'Visual style of the video', example: 'watercolour' },
};

/** One native field per wire key, shown only for the models that take it and with only the values that they take. */
export const fieldProperties: INodeProperties[] = FIELD_ORDER.flatMap(fieldsFor);

/**
 * Models that take the same for a key share one field; where they differ there is a field for each kind. Where the model is
 * an expression, or one that is not known here, the form cannot know which kind it takes: then one of them is shown for each mode.
 */
function fieldsFor(key: string): INodeProperties[] {
	const variants = new Map<string, { field: INodeProperties; models: Model[] }>();
	for (const model of VIDU_MODELS) {
		const param = model.params.find((candidate) => candidate.key === key);
		if (param === undefined) continue;
		const field = fieldFor(param);
		const variant = variants.get(JSON.stringify(field)) ?? { field, models: [] };
		variant.models.push(model);
		variants.set(JSON.stringify(field), variant);
	}
	const kinds = [...variants.values()].map(({ field, models }) => ({
		field,
		models,
		modes: MODES.filter(({ task }) => models.some((model) => model.task === task)),
	}));
	const taken = new Set<Mode>();
	// Kinds that occur in most modes first, so that few fields are needed.
	return kinds
		.sort((a, b) => b.modes.length - a.modes.length)
		.flatMap((kind) => {
			const usualIn = kind.modes.filter((mode) => !taken.has(mode));
			usualIn.forEach((mode) => taken.add(mode));
			const others = kind.modes.filter((mode) => !usualIn.includes(mode));
			return [
				...(usualIn.length === 0 ? [] : [usualField(kind, usualIn)]),
				...others.map((mode) => otherField(kind, mode)),
			];
		});
}

interface Kind {
	field: INodeProperties;
	models: readonly Model[];
}

/** Shown unless the model is one that takes another kind of this field, or has no such field. */
function usualField({ field, models }: Kind, modes: readonly Mode[]): INodeProperties {
	const own = new Set(models.map(({ endpoint }) => endpoint));
	const all = modes.flatMap(({ task }) => endpointsOf(task));
	return shownIn(
		modes,
		field,
		all.filter((endpoint) => !own.has(endpoint)),
	);
}

/**
 * Shown for its own models alone. What comes before or after them in the alphabet, as every expression does by its sign, is
 * hidden with two conditions. Not with a regular expression, which n8n gives 250 ms of a busy machine.
 */
function otherField({ field, models }: Kind, mode: Mode): INodeProperties {
	const own = new Set(models.map(({ endpoint }) => endpoint));
	const all = endpointsOf(mode.task).sort();
	const [first = '', last = first] = [
		all.find((endpoint) => own.has(endpoint)),
		all.findLast((endpoint) => own.has(endpoint)),
	];
	const between = all.filter(
		(endpoint) => endpoint > first && endpoint < last && !own.has(endpoint),
	);
	return shownIn([mode], field, [{ _cnd: { lt: first } }, { _cnd: { gt: last } }, ...between]);
}

function shownIn(
	modes: readonly Mode[],
	field: INodeProperties,
	hiddenFor: NonNullable<IDisplayOptions['hide']>[string],
): INodeProperties {
	const { show, hide } = inModes(modes.map(({ value }) => value));
	return { ...field, displayOptions: { show, hide: { ...hide, model: hiddenFor } } };
}

function endpointsOf(task: string): string[] {
	return modelsOf(task).map(({ endpoint }) => endpoint);
}

function fieldFor(param: Param): INodeProperties {
	const base = {
		displayName: labelOf(param.key),
		name: param.key,
		...(param.required ? { required: true } : {}),
	};
	if (mediaKindOf(param) !== undefined) {
		return {
			...base,
			type: 'string',
			default: '',
			placeholder: mediaPlaceholder(param),
			hint: mediaHint(param),
			description: mediaHelp(param),
		};
	}
	if (isSwitch(param)) {
		return {
			displayName: base.displayName,
			name: base.name,
			type: 'boolean',
			default: true,
			description: SWITCH_HELP[param.key] ?? '',
		};
	}
	const values = optionsOf(param);
	if (values !== undefined) {
		return {
			displayName: base.displayName,
			name: base.name,
			type: 'options',
			default: String(param.default),
			description: OPTIONS_HELP[param.key] ?? '',
			options: values,
		};
	}
	const { what, example } = TEXT_HELP[param.key] ?? { what: base.displayName, example: '…' };
	return {
		...base,
		type: 'string',
		...(param.type === 'text' ? { typeOptions: { rows: 4 } } : {}),
		default: '',
		placeholder: `e.g. ${example}`,
		description: `${what}. Up to ${param.maxLength?.toLocaleString('en-US')} characters.`,
	};
}

/** All switches of Vidu are on by default. A few models take the words "true" and "false" instead of a boolean; the form is the same for all. */
function isSwitch({ type, options }: Param): boolean {
	return (
		type === 'boolean' ||
		(type === 'enum' && options?.every((o) => /^(true|false)$/.test(o)) === true)
	);
}

/** A short range of whole numbers is a list too, so that a form of one model fits the next. */
function optionsOf(param: Param): INodePropertyOptions[] | undefined {
	const { key, type, options, min, max } = param;
	if (type === 'enum') return options?.map((value) => ({ name: optionLabel(key, value), value }));
	if (type !== 'integer' || min === undefined || max === undefined) return undefined;
	return Array.from({ length: max - min + 1 }, (_, index) => String(min + index)).map((value) => ({
		name: value,
		value,
	}));
}

function mediaPlaceholder(param: Param): string {
	const kind = mediaKindOf(param) === 'video' ? 'clip.mp4' : 'photo.jpg';
	return takesSeveral(param)
		? `e.g. https://example.com/${kind}, …`
		: `e.g. https://example.com/${kind}`;
}

function mediaHint(param: Param): string {
	return takesSeveral(param)
		? 'URLs or names of binary fields, separated by commas'
		: 'A URL or the name of a binary field';
}

function mediaHelp(param: Param): string {
	const { accept = [], maxSizeMB, maxItems } = param;
	const types = accept.map((extension) => extension.toUpperCase()).join(', ');
	const size =
		maxSizeMB === undefined ? '' : `, up to ${maxSizeMB} MB${takesSeveral(param) ? ' each' : ''}`;
	const max = takesSeveral(param) ? `Up to ${maxItems} files. ` : '';
	return `${max}${types}${size}. URLs must be public; a data: URI works too.`;
}
