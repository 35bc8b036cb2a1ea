import { nodeInputsProperties } from '../../comfy/nodeInputsForm';
import { WORKFLOW_PAGE } from '../../comfy/pageId';
import { pageProperty } from '../../comfy/pageProperty';
import type { Resource } from '../operation';
import { getJson } from './getJson.operation';
import { submit } from './submit.operation';
import { submitAndWait } from './submitAndWait.operation';

export const comfyWorkflow: Resource = {
	name: 'ComfyUI Workflow',
	value: 'comfyWorkflow',
	description: 'Your own workflows and those shared with you',
	properties: [
		{
			...pageProperty(WORKFLOW_PAGE, 'workflowId'),
			description: 'The workflow must have been saved and run once on the RunningHub site',
		},
		...nodeInputsProperties('getWorkflowInputs', 'workflowId'),
	],
	operations: [submitAndWait, submit, getJson],
	defaultOperation: submitAndWait.value,
};
