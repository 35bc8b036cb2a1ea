import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { runningHubApiTest } from '../RunningHub/methods/credentialTest';
import { onCallback } from './onCallback';

/** RunningHub has no list of webhooks: each submit names its own address, so there is nothing to register. */
async function nothingToDo(this: IHookFunctions): Promise<boolean> {
	return true;
}

export class RunningHubTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'RunningHub Trigger',
		name: 'runningHubTrigger',
		icon: {
			light: 'file:../../icons/runninghub.svg',
			dark: 'file:../../icons/runninghub.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: 'When a Task Ends',
		description:
			'Generate videos, images, audio and 3D with Vidu and over 400 other models, ComfyUI workflows and AI Apps, or start when a task ends',
		defaults: { name: 'RunningHub Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runningHubApi', required: true, testedBy: 'runningHubApiTest' }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				// Behind the webhook's id, which nobody can guess.
				path: 'runninghub',
			},
		],
		properties: [
			{
				displayName:
					'Copy the production URL of this trigger into the <b>Callback URL</b> option of the RunningHub node that submits the task. The credential must belong to the account that submits it, and this workflow must be published (n8n 1: active).',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Trigger On',
				name: 'statuses',
				type: 'multiOptions',
				default: ['SUCCESS', 'FAILED', 'CANCELLED'],
				options: [
					{ name: 'Cancellation', value: 'CANCELLED' },
					{ name: 'Failure', value: 'FAILED' },
					{ name: 'Success', value: 'SUCCESS' },
				],
			},
			{
				displayName: 'Only From Source',
				name: 'source',
				type: 'string',
				default: '',
				placeholder: 'e.g. product-videos',
				description:
					'Only start for tasks whose Callback URL ends with ?source= and this text, which becomes the source of the item. Leave empty for all tasks.',
			},
		],
	};

	methods = { credentialTest: { runningHubApiTest } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await nothingToDo.call(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await nothingToDo.call(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await nothingToDo.call(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await onCallback.call(this);
	}
}
