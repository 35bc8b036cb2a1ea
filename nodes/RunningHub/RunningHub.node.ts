import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { properties } from './actions';
import { subtitle } from './form/subtitle';
import { waitHints } from './form/waitHints';
import { methods } from './methods';
import { router } from './router';
import { onCallback, wakeWebhooks } from './sleep/verifyCallback';

export class RunningHub implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'RunningHub',
		name: 'runningHub',
		icon: {
			light: 'file:../../icons/runninghub.svg',
			dark: 'file:../../icons/runninghub.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle,
		description:
			'Generate videos, images, audio and 3D with Vidu and over 400 other models, ComfyUI workflows and AI Apps, or start when a task ends',
		defaults: { name: 'RunningHub' },
		usableAsTool: true,
		builderHint: {
			searchHint:
				'Submit and Wait generates the video, image, audio or 3D and waits for it: no HTTP Request, Wait or loop. The file is in `data`.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-runninghub.runningHubTrigger',
					relationHint: 'Starts when a task ends',
				},
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runningHubApi', required: true, testedBy: 'runningHubApiTest' }],
		webhooks: wakeWebhooks,
		hints: waitHints,
		waitingNodeTooltip:
			'Waiting for RunningHub. The execution uses no worker and continues by itself when its tasks end.',
		properties,
	};

	methods = methods;

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await onCallback.call(this);
	}
}
