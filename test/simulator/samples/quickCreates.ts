import type { SimulatedQuickCreate } from '../quickCreates';

/** The Quick Create module that every simulator has: a picture in a style of a library. */

export const SIMULATOR_QUICK_CREATE_ID = '1900000000000300029';
export const SIMULATOR_QUICK_CREATE_CODE = '002';

/** The `type` of the module's styles. */
export const SIMULATOR_STYLE_TYPE = 2;

const stylizePicture: SimulatedQuickCreate = {
	codes: [SIMULATOR_QUICK_CREATE_CODE],
	fields: [
		{
			nodeId: '39',
			nodeName: 'LoadImage',
			fieldName: 'image',
			fieldType: 'IMAGE',
			fieldValue: 'example.png',
			description: '上传图像',
		},
		{
			nodeId: '159',
			nodeName: 'ImpactSwitch',
			fieldName: 'select',
			fieldType: 'SWITCH',
			fieldValue: '1',
			description: '设置比例',
			choices: ['1', '2', '3'],
		},
		{
			nodeId: '142',
			nodeName: 'EmptyLatentImage',
			fieldName: 'batch_size',
			fieldType: 'INT',
			fieldValue: '1',
			description: '生成张数',
		},
		{
			nodeId: '52',
			nodeName: 'RH_Translator',
			fieldName: 'prompt',
			fieldType: 'STRING',
			fieldValue: 'a fox',
			description: '图像编辑文本输入框',
		},
	],
	styles: [
		{
			id: '7',
			type: SIMULATOR_STYLE_TYPE,
			modelName: 'Paper cut',
			modelKey: 'input1',
			content: 'a fox',
			modelTrigger: 'papercut style',
			lora1: { fileName: 'papercut.safetensors', weight: 0.7 },
		},
		{
			id: '8',
			type: SIMULATOR_STYLE_TYPE,
			modelName: 'Comic',
			modelKey: 'input2',
			content: 'a cat',
			modelTrigger: 'Character concept design',
			lora1: { fileName: 'comic.safetensors', weight: 0.75 },
			lora2: { fileName: 'ink.safetensors', weight: 0.2 },
		},
	],
};

export const SAMPLE_QUICK_CREATES: Record<string, SimulatedQuickCreate> = {
	[SIMULATOR_QUICK_CREATE_ID]: stylizePicture,
};
