import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { withKey } from '../runninghub/authentication';
import { parseCredential } from '../runninghub/credential';

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
			description: 'Where the API key was made. A key of one site is unknown to the other.',
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
			description: 'Address of a proxy, or of the simulator that comes with this package',
			displayOptions: { show: { site: ['custom'] } },
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'From the API console of your RunningHub account. Vidu needs an enterprise-shared key: a consumer key passes the test but cannot make videos, and the test does not check whether your balance is enough.',
		},
	];

	/** The key is added here and by nothing else: see runninghub/authentication.ts for where it goes. */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const { apiKey, ...choice } = parseCredential(credentials);
		return withKey(request, apiKey, choice);
	};
}
