import type { Model } from '../facts';

/**
 * Models that RunningHub made after this project's facts were written, as its registry lists them, and what they really
 * take. They exist in the simulator alone.
 */

export const SIMULATOR_NEW_MODEL = 'paperlight-v1/image-to-video';
export const SIMULATOR_NEW_IMAGE_MODEL = 'paperlight-v1/text-to-image';

const listed = (endpoint: string, outputType: string, params: object[]) => ({
	class_name: 'PaperLight',
	display_name: `RH ${endpoint}`,
	name_cn: endpoint,
	name_en: endpoint,
	endpoint,
	output_type: outputType,
	category: 'RunningHub/PaperLight',
	params: params.map((param) => ({ label: 'label', description: '说明', ...param })),
});

const options = (...values: string[]) =>
	values.map((value) => ({ value, description: value, descriptionEn: value }));

const PROMPT = { fieldKey: 'prompt', type: 'STRING', required: true, maxLength: 500 };

export const NEW_MODELS_LISTED = [
	listed(SIMULATOR_NEW_MODEL, 'video', [
		{ ...PROMPT, defaultValue: 'a sample' },
		{
			fieldKey: 'imageUrl',
			type: 'IMAGE',
			required: true,
			accept: '["PNG","JPG","JPEG"]',
			maxSize: 10,
		},
		{
			fieldKey: 'duration',
			type: 'LIST',
			required: true,
			defaultValue: '5',
			options: options('5', '10'),
		},
		{
			fieldKey: 'fps',
			type: 'INT',
			required: false,
			defaultValue: 24,
			min: 8,
			max: 48,
			step: 8,
		},
		{ fieldKey: 'foldStrength', type: 'FLOAT', required: false, defaultValue: 0.5, min: 0, max: 1 },
		{ fieldKey: 'loop', type: 'BOOLEAN', required: false, defaultValue: false },
		{
			fieldKey: 'ratio',
			type: 'LIST',
			required: false,
			defaultValue: 'empty',
			options: options('empty', '16:9', '9:16'),
		},
		{
			fieldKey: 'audioUrls',
			type: 'AUDIO',
			required: false,
			multipleInputs: true,
			maxInputNum: 2,
		},
	]),
	listed(SIMULATOR_NEW_IMAGE_MODEL, 'image', [
		PROMPT,
		{
			fieldKey: 'aspectRatio',
			type: 'LIST',
			required: true,
			defaultValue: '1:1',
			options: options('1:1', '3:4'),
		},
	]),
];

const known = { status: 'listed', paramsStatus: 'registry', pricing: undefined } as const;

export const NEW_MODELS: Model[] = [
	{
		...known,
		endpoint: SIMULATOR_NEW_MODEL,
		outputType: 'video',
		params: [
			{ key: 'prompt', type: 'text', required: true, maxLength: 500 },
			{
				key: 'imageUrl',
				type: 'image',
				required: true,
				accept: ['jpeg', 'jpg', 'png'],
				maxSizeMB: 10,
			},
			{ key: 'duration', type: 'enum', required: true, default: '5', options: ['5', '10'] },
			{ key: 'fps', type: 'integer', required: false, default: 24, min: 8, max: 48, step: 8 },
			{ key: 'foldStrength', type: 'number', required: false, default: 0.5, min: 0, max: 1 },
			{ key: 'loop', type: 'boolean', required: false, default: false },
			{ key: 'ratio', type: 'enum', required: false, options: ['16:9', '9:16'] },
			{ key: 'audioUrls', type: 'array-of-audio', required: false, maxItems: 2 },
		],
	},
	{
		...known,
		endpoint: SIMULATOR_NEW_IMAGE_MODEL,
		outputType: 'image',
		params: [
			{ key: 'prompt', type: 'text', required: true, maxLength: 500 },
			{
				key: 'aspectRatio',
				type: 'enum',
				required: true,
				default: '1:1',
				options: ['1:1', '3:4'],
			},
		],
	},
];

/** A model that everybody knows, as it may be listed one day: the prompt is gone, and something else is asked for. */
export const CHANGED_MODEL_LISTED = listed('rhart-image-v1/text-to-image', 'image', [
	{
		fieldKey: 'aspectRatio',
		type: 'LIST',
		required: true,
		defaultValue: '100:1',
		options: options('100:1'),
	},
	{ fieldKey: 'brandNew', type: 'STRING', required: true },
]);

/** What no reader must take over. */
export const BAD_ENTRIES: unknown[] = [
	null,
	'paperlight-v9/text-to-video',
	listed('paperlight-v2/text-to-hologram', 'hologram', [
		PROMPT,
		{ fieldKey: 'depth', type: 'HOLOGRAM', required: true },
	]),
	listed('../../uc/openapi/accountStatus', 'text', [PROMPT]),
	listed('paperlight-v3/text-to-image', 'image', [
		{
			fieldKey: 'style',
			type: 'LIST',
			required: true,
			defaultValue: '={{ $env.SECRET }}',
			options: options('={{ $env.SECRET }}'),
		},
	]),
	listed('paperlight-v4/text-to-image', 'image', [
		{
			fieldKey: 'style',
			type: 'LIST',
			required: true,
			options: options('<img src=x onerror=alert(1)>'),
		},
	]),
	listed('paperlight-v5/text-to-image', 'image', [{ ...PROMPT, fieldKey: '__proto__' }]),
	listed('paperlight-v6/text-to-image', 'image', [PROMPT, PROMPT]),
	listed('paperlight-v7/text-to-image', 'image', [
		{ fieldKey: 'size', type: 'INT', required: true, min: 10, max: 1 },
	]),
	{ ...listed('paperlight-v8/text-to-image', 'image', []), params: 'none' },
];

/** More models than RunningHub has, none of which the simulator can run. */
export const manyListed = (count: number): unknown[] =>
	Array.from({ length: count }, (_, index) =>
		listed(
			`paperlight-x${index}/text-to-video`,
			'video',
			Array.from({ length: 12 }, (_none, param) => ({
				...PROMPT,
				fieldKey: param === 0 ? 'prompt' : `setting${param}`,
				type: param % 3 === 2 ? 'LIST' : 'STRING',
				required: param === 0,
				description: '一个关于这个参数的很长的说明。'.repeat(8),
				...(param % 3 === 2 ? { options: options('a', 'b', 'c') } : {}),
			})),
		),
	);
