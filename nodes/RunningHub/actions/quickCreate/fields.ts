import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { QUICK_CREATE_PAGE, readPageId, SAMPLE_ID } from '../../comfy/pageId';

const SUBMITS = ['submit', 'submitAndWait'];

export const fieldProperties: INodeProperties[] = [
	{
		displayName: 'Webapp ID',
		name: 'webappId',
		type: 'string',
		default: '',
		required: true,
		placeholder: `e.g. ${SAMPLE_ID}`,
		description: 'Shown on the module’s page after clicking its API button',
	},
	{
		displayName: 'Quick Create Code',
		name: 'quickCreateCode',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 006',
		description: 'The three digits next to the webapp ID',
		displayOptions: { show: { operation: SUBMITS } },
	},
	{
		displayName: 'Node Inputs (JSON)',
		name: 'nodeInputs',
		type: 'json',
		default: '[]',
		required: true,
		description:
			'The module’s parameter list with your values. A media value can be a URL, a data: URI or the name of a binary field.',
		hint: 'e.g. [{ "nodeId": "39", "nodeName": "LoadImage", "fieldName": "image", "fieldType": "IMAGE", "fieldValue": "data", "description": "picture" }]',
		displayOptions: { show: { operation: SUBMITS } },
	},
];

/** @throws InvalidInput */
export function readWebappId(context: IExecuteFunctions, itemIndex: number): string {
	return readPageId(context.getNodeParameter('webappId', itemIndex, ''), QUICK_CREATE_PAGE);
}
