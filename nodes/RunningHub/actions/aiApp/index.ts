import { nodeInputsProperties } from '../../comfy/nodeInputsForm';
import { APP_PAGE } from '../../comfy/pageId';
import { pageProperty } from '../../comfy/pageProperty';
import type { Resource } from '../operation';
import { getMany } from './getMany.operation';
import { getParameters } from './getParameters.operation';
import { submit } from './submit.operation';
import { submitAndWait } from './submitAndWait.operation';

export const aiApp: Resource = {
	name: 'AI App',
	value: 'aiApp',
	description: 'Ready-made apps published by RunningHub users',
	properties: [
		{
			...pageProperty(APP_PAGE, 'webappId', 'searchApps'),
			displayOptions: { show: { operation: ['submit', 'submitAndWait', 'getParameters'] } },
		},
		...nodeInputsProperties('getAppInputs', 'webappId'),
	],
	operations: [submitAndWait, submit, getParameters, getMany],
	defaultOperation: submitAndWait.value,
};
