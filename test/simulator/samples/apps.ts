import type { AppField, SimulatedApp } from '../apps';
import { SIMULATOR_PASSWORD } from './workflows';

/** The AI Apps that every simulator has. */

/** A picture and a text in, a picture out. */
export const SIMULATOR_APP_ID = '1900000000000200017';
/** One field of every kind, and `fieldData` in every variant. */
export const SIMULATOR_APP_EVERY_FIELD_ID = '1900000000000200053';
/** Needs SIMULATOR_PASSWORD. */
export const SIMULATOR_APP_ENCRYPTED_ID = '1900000000000200091';
/** An app that was never run in the web page: no fields are known, 810. */
export const SIMULATOR_APP_NEVER_RUN_ID = '1900000000000200127';

const PICTURE: AppField = {
	nodeId: '39',
	nodeName: 'LoadImage',
	fieldName: 'image',
	fieldValue: 'example.png',
	fieldData: '[["example.png"],{"image_upload":true}]',
	fieldType: 'IMAGE',
	description: '上传图像',
	descriptionEn: 'source picture',
};

const PROMPT: AppField = {
	nodeId: '52',
	nodeName: 'RH_Translator',
	fieldName: 'prompt',
	fieldValue: 'a poster of a fox',
	fieldData: '["STRING",{"default":"","multiline":true}]',
	fieldType: 'STRING',
	description: '图像编辑文本输入框',
	descriptionEn: 'what is on the poster',
};

/** Options as objects: `index` goes over the wire, the names and descriptions are for people. */
const RATIO: AppField = {
	nodeId: '37',
	nodeName: 'AspectRatio',
	fieldName: 'aspect_ratio',
	fieldValue: '1:1',
	fieldData: JSON.stringify([
		{ name: '1:1', index: '1:1', description: '方形', fastIndex: 1.0, descriptionEn: 'square' },
		{ name: '16:9', index: '16:9', description: '', fastIndex: 2.0, descriptionEn: 'landscape' },
		{ name: '9:16', index: '9:16', description: '', fastIndex: 3.0, descriptionEn: 'portrait' },
		// The last one is no option.
		{ default: '1:1', description: '忽略' },
	]),
	fieldType: 'LIST',
	description: '设置比例',
	descriptionEn: 'aspect ratio',
	choices: ['1:1', '16:9', '9:16'],
};

/** Options in ComfyUI's own form. */
const LANGUAGE: AppField = {
	nodeId: '6',
	nodeName: 'Speech',
	fieldName: 'language',
	fieldValue: 'Auto',
	fieldData: '[["Auto", "English", "Chinese"], {"default": "Auto"}]',
	fieldType: 'LIST',
	description: 'language',
	descriptionEn: null,
	choices: ['Auto', 'English', 'Chinese'],
};

/** Options in the form of newer ComfyUI nodes. */
const SIZE: AppField = {
	nodeId: '115',
	nodeName: 'Resolution',
	fieldName: 'megapixels',
	fieldValue: '1',
	fieldData: '["COMBO", {"default": "1", "options": ["0.5", "1", "2"], "multiselect": false}]',
	fieldType: 'LIST',
	description: 'megapixels',
	choices: ['0.5', '1', '2'],
};

/** A list whose options cannot be read; what it accepts, RunningHub alone knows. */
const STYLE: AppField = {
	nodeId: '115',
	nodeName: 'Resolution',
	fieldName: 'style',
	fieldValue: 'plain',
	fieldData: '[{"name":"plain","index":',
	fieldType: 'LIST',
	description: 'style',
	choices: ['plain', 'paper'],
};

/** The number of the way that is switched on. */
const WAY: AppField = {
	nodeId: '159',
	nodeName: 'ImpactSwitch',
	fieldName: 'select',
	fieldValue: '1',
	fieldData: JSON.stringify([
		{ name: 'fast', index: '1', description: '快速', descriptionEn: 'fast' },
		{ name: 'good', index: '2', description: '高质量', descriptionEn: 'better, slower' },
	]),
	fieldType: 'SWITCH',
	description: '选择模式',
	descriptionEn: 'mode',
	choices: ['1', '2'],
};

const OTHERS: AppField[] = [
	{
		nodeId: '40',
		nodeName: 'VHS_LoadVideo',
		fieldName: 'video',
		fieldValue: 'example.mp4',
		fieldData: '[["example.mp4"],{"video_upload":true}]',
		fieldType: 'VIDEO',
		description: 'clip',
		descriptionEn: 'clip',
	},
	{
		nodeId: '41',
		nodeName: 'LoadAudio',
		fieldName: 'audio',
		fieldValue: 'example.mp3',
		fieldData: null,
		fieldType: 'AUDIO',
		description: 'voice',
		descriptionEn: 'voice',
	},
	{
		nodeId: '142',
		nodeName: 'EmptyLatentImage',
		fieldName: 'batch_size',
		fieldValue: '1',
		fieldData: '["INT",{"default":1,"min":1,"max":4}]',
		fieldType: 'INT',
		description: '生成张数',
		descriptionEn: 'number of pictures',
	},
	{
		nodeId: '142',
		nodeName: 'EmptyLatentImage',
		fieldName: 'strength',
		fieldValue: '0.75',
		fieldData: '["FLOAT",{"default":0.75,"min":0,"max":1,"step":0.05}]',
		fieldType: 'FLOAT',
		description: 'strength',
		descriptionEn: 'strength',
	},
	{
		nodeId: '143',
		nodeName: 'Upscale',
		fieldName: 'enabled',
		fieldValue: 'true',
		fieldData: '["BOOLEAN",{"default":true}]',
		fieldType: 'BOOLEAN',
		description: 'upscale',
		descriptionEn: 'upscale the result',
	},
];

export const SAMPLE_APPS: Record<string, SimulatedApp> = {
	[SIMULATOR_APP_ID]: {
		name: 'Poster maker',
		description: 'Makes a poster of a picture and a text',
		fields: [PICTURE, PROMPT],
		tags: ['poster'],
		useCount: 40,
	},
	[SIMULATOR_APP_EVERY_FIELD_ID]: {
		name: 'Everything at once',
		description: 'One field of every kind',
		fields: [PICTURE, PROMPT, ...OTHERS, RATIO, LANGUAGE, SIZE, STYLE, WAY],
		tags: ['test', 'video'],
		useCount: 7,
		makes: [{ type: 'mp4', nodeId: '12' }],
	},
	[SIMULATOR_APP_ENCRYPTED_ID]: {
		name: 'Secret posters',
		description: 'Asks for a password',
		fields: [PROMPT],
		password: SIMULATOR_PASSWORD,
		useCount: 3,
	},
	[SIMULATOR_APP_NEVER_RUN_ID]: {
		name: 'Brand new',
		description: 'Nobody has run it yet',
		fields: [PROMPT],
		neverRun: true,
	},
};
