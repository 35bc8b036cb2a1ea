import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { withKey } from '../runninghub/http/authentication';
import { MODEL_LIST_URL, parseCredential } from '../runninghub/http/credential';

/** Its test is the function `runningHubApiTest` of the RunningHub node: it can say which of key, site or network is wrong. */
export class RunningHubApi implements ICredentialType {
	name = 'runningHubApi';

	displayName = 'RunningHub API';

	documentationUrl =
		'https://github.com/runninghub-n8n/n8n-nodes-runninghub#connect-your-runninghub-account';

	icon: Icon = {
		light: 'file:../icons/runninghub.svg',
		dark: 'file:../icons/runninghub.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Site',
			name: 'site',
			type: 'options',
			default: 'international',
			description: 'Where the API key was created. A key works on its own site only.',
			options: [
				{ name: 'International (www.runninghub.ai)', value: 'international' },
				{ name: 'China (www.runninghub.cn)', value: 'china' },
				{ name: 'Custom Address', value: 'custom' },
			],
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://www.runninghub.ai',
			description: 'URL of a proxy, or of the simulator that comes with this package',
			displayOptions: { show: { site: ['custom'] } },
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			// What the test says when it passes is never shown by n8n.
			hint: 'On the RunningHub site, open API in the profile menu and copy a key. Vidu and the other models need an enterprise-shared key. A consumer key passes the test, but works for ComfyUI workflows and AI Apps only.',
			description: 'The test does not check whether the balance is enough',
		},
		{
			displayName: 'Newer Models',
			name: 'newerModels',
			type: 'boolean',
			default: true,
			description:
				'Whether the list of models also offers those that are newer than this package. The editor reads them from RunningHub’s public list, once a day, and sends no key and nothing about your account. Executions never ask for it.',
		},
		{
			displayName: 'Model List URL',
			name: 'modelListUrl',
			type: 'string',
			default: MODEL_LIST_URL,
			description:
				'Address of RunningHub’s public list of models, or of a copy of it where GitHub cannot be reached',
			displayOptions: { show: { newerModels: [true] } },
		},
	];

	/** The key is added here and by nothing else: see runninghub/http/authentication.ts for where it goes. */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const { apiKey, ...choice } = parseCredential(credentials);
		return withKey(request, apiKey, choice);
	};
}
