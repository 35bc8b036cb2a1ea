import { nodeInputsProperties } from '../../comfy/nodeInputsForm';
import type { Resource } from '../../operation';
import { WORKFLOW_PAGE } from '../../comfy/pageId';
import { pageProperty } from '../../comfy/pageProperty';
import { getJson } from './getJson.operation';
import { submit } from './submit.operation';
import { submitAndWait } from './submitAndWait.operation';

export const comfyWorkflow: Resource = {
	name: 'ComfyUI Workflow',
	value: 'comfyWorkflow',
	description: 'Your own workflows, and those you may run',
	properties: [
		{
			...pageProperty(WORKFLOW_PAGE, 'workflowId'),
			description: 'It must have been saved, and run once, on the RunningHub site',
		},
		...nodeInputsProperties('getWorkflowInputs', 'workflowId'),
	],
	operations: [submitAndWait, submit, getJson],
	defaultOperation: submitAndWait.value,
};
