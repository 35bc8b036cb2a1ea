import type { IDataObject, INodeParameters } from 'n8n-workflow';
import {
	SIMULATOR_APP_ID,
	SIMULATOR_QUICK_CREATE_CODE,
	SIMULATOR_QUICK_CREATE_ID,
	SIMULATOR_WORKFLOW_ID,
} from '../simulator';
import { IMAGE, PNG, withWait } from './support';

/** Every resource that makes a task, with its form filled; the prompt of each is the item's `prompt`. */

const PROMPT = '={{ $json.prompt ?? "a fox" }}';

const mapper = (value: IDataObject): INodeParameters => ({
	mappingMode: 'defineBelow',
	value: value as INodeParameters,
	schema: [],
});
const byId = (value: string): INodeParameters => ({ __rl: true, mode: 'id', value });

const MODULE = {
	nodeId: '52',
	nodeName: 'RH_Translator',
	fieldName: 'prompt',
	fieldType: 'STRING',
	description: '图像编辑文本输入框',
};
const PICTURE = {
	nodeId: '39',
	nodeName: 'LoadImage',
	fieldName: 'image',
	fieldType: 'IMAGE',
	description: '上传图像',
};

export const RESOURCES = ['vidu', 'model', 'comfyWorkflow', 'aiApp', 'quickCreate'] as const;
export type TaskResource = (typeof RESOURCES)[number];

/** Those whose tasks can be cancelled when the run is stopped. */
export const CANCELLABLE = ['comfyWorkflow', 'aiApp', 'quickCreate'] as const;

/** @param withFile a picture that has to be uploaded first goes along */
function inputsOf(resource: TaskResource, withFile: boolean): INodeParameters {
	switch (resource) {
		case 'vidu':
			return { prompt: PROMPT, imageUrl: withFile ? PNG : IMAGE };
		case 'model':
			return {
				model: { __rl: true, mode: 'list', value: 'vidu/image-to-video-q2-turbo' },
				parameters: mapper({
					prompt: PROMPT,
					imageUrl: withFile ? PNG : IMAGE,
					duration: '5',
					resolution: '720p',
					movementAmplitude: 'auto',
					bgm: true,
				}),
			};
		case 'comfyWorkflow':
			return {
				workflowId: byId(SIMULATOR_WORKFLOW_ID),
				nodeInputs: mapper({ '6.text': PROMPT, ...(withFile && { '10.image': PNG }) }),
			};
		case 'aiApp':
			return {
				webappId: byId(SIMULATOR_APP_ID),
				nodeInputs: mapper({ '52.prompt': PROMPT, ...(withFile && { '39.image': PNG }) }),
			};
		case 'quickCreate': {
			const picture = JSON.stringify({ ...PICTURE, fieldValue: withFile ? PNG : 'example.png' });
			const prompt = `{ ...${JSON.stringify(MODULE)}, fieldValue: $json.prompt ?? "a fox" }`;
			return {
				webappId: SIMULATOR_QUICK_CREATE_ID,
				quickCreateCode: SIMULATOR_QUICK_CREATE_CODE,
				nodeInputs: `={{ JSON.stringify([${picture}, ${prompt}]) }}`,
			};
		}
	}
}

export interface TaskForm extends INodeParameters {
	options?: INodeParameters;
}

export const submitOf = (
	resource: TaskResource,
	more: TaskForm = {},
	{ withFile = false } = {},
): INodeParameters => ({
	resource,
	operation: 'submit',
	...inputsOf(resource, withFile),
	...more,
});

export const waitOf = (
	resource: TaskResource,
	{ options, ...more }: TaskForm = {},
	settings: { withFile?: boolean } = {},
): INodeParameters =>
	withWait(
		submitOf(
			resource,
			{ operation: 'submitAndWait', ...more, options: { pollInterval: 1, ...options } },
			settings,
		),
	);
