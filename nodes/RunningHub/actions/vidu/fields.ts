import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { labelOf } from '../../../../catalogue/labels';
import { mediaKindOf, takesSeveral, type Model, type Param } from '../../../../catalogue/model';
import { VIDU_MODELS } from '../../../../catalogue/vidu';
import { DEFAULT_MODE, MODES, modelsOf } from './modes';
import { optionName } from './optionName';

/** The order of the fields in the form; a key that is not here would not be shown. */
export const FIELD_ORDER = [
	'prompt',
	'imageUrl',
	'firstImageUrl',
	'lastImageUrl',
	'imageUrls',
	'videos',
	'duration',
	'resolution',
	'aspectRatio',
	'style',
	'movementAmplitude',
	'bgm',
	'audio',
] as const;

const SWITCH_HELP: Readonly<Record<string, string>> = {
	audio: 'Whether the video has speech and sounds',
	bgm: 'Whether the video has background music',
};

const OPTIONS_HELP: Readonly<Record<string, string>> = {
	aspectRatio: 'Width to height of the video',
	duration: 'Length of the video; longer ones cost more',
	movementAmplitude: 'How much things and camera move',
	resolution: 'Size of the video; larger ones cost more',
	style: 'How the video looks',
};

/** One native field per wire key, shown only for the models that take it and with only the values that they take. */
export const fieldProperties: INodeProperties[] = FIELD_ORDER.flatMap(fieldsFor);

/**
 * Models that take the same for a key share one field; where they differ there is a field for each kind. The mode is a
 * condition too: where the model is an expression, n8n cannot tell which one it is and shows the fields of all.
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
	return [...variants.values()].map(({ field, models }) => {
		const modes = MODES.filter(({ task }) => models.some((model) => model.task === task));
		// Those of the other modes are hidden with their mode; but n8n's editor looks at these without a mode that is at
		// its default, so the models of that one are named as well.
		const others = MODES.filter((mode) => modes.includes(mode) || mode.value === DEFAULT_MODE)
			.flatMap(({ task }) => modelsOf(task))
			.filter((model) => !models.includes(model))
			.map(({ endpoint }) => endpoint);
		return {
			...field,
			displayOptions: {
				hide: {
					mode: MODES.filter((mode) => !modes.includes(mode)).map(({ value }) => value),
					model: others,
				},
			},
		};
	});
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
	return {
		...base,
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. The fox turns its head and smiles, soft morning light',
		description: `What happens in the video, in any language; at most ${param.maxLength?.toLocaleString('en-US')} characters`,
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
	const { type, options, min, max } = param;
	if (type === 'enum') return options?.map((value) => ({ name: optionName(value), value }));
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

function mediaHelp(param: Param): string {
	const limits = [
		param.accept?.map((extension) => extension.toUpperCase()).join(', '),
		param.maxSizeMB === undefined ? undefined : `up to ${param.maxSizeMB} MB`,
	].filter((limit) => limit !== undefined);
	const what = takesSeveral(param)
		? `Up to ${param.maxItems} public URLs, data: URIs or names of binary fields, separated by commas`
		: 'A public URL, a data: URI or the name of a binary field';
	return `${what} (${limits.join(', ')}${takesSeveral(param) ? ' each' : ''})`;
}
