import { NodeConnectionTypes, type IExecuteFunctions, type INodeType } from 'n8n-workflow';
import { RunningHubApi } from '../../credentials/RunningHubApi.credentials';
import { startSimulator } from '../simulator';
import { runNode } from './harness';
import { credential, expectNoKey, KEY, startOtherHost } from './support';

/** n8n's HTTP Request node as far as it matters here: it hands its request, with a `uri`, to the chosen credential. */
const httpRequest: INodeType = {
	description: {
		displayName: 'HTTP Request',
		name: 'httpRequest',
		group: ['output'],
		version: 1,
		description: 'Stand-in',
		defaults: { name: 'HTTP Request' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'runningHubApi', required: true }],
		properties: [{ displayName: 'URL', name: 'url', type: 'string', default: '' }],
	},
	async execute(this: IExecuteFunctions) {
		const answer: unknown = await this.helpers.requestWithAuthentication.call(
			this,
			'runningHubApi',
			{
				method: 'POST',
				uri: String(this.getNodeParameter('url', 0)),
				body: { prompt: {} },
				json: true,
			},
		);
		return [[{ json: { answer: JSON.stringify(answer) } }]];
	},
};

const request = async (url: string, baseUrl: string) =>
	await runNode({
		node: { 'n8n-nodes-base.httpRequest': httpRequest },
		credentialTypes: [new RunningHubApi()],
		credentials: credential({ baseUrl }),
		parameters: { url },
	});

describe('the ComfyUI proxy from n8n’s HTTP Request node', () => {
	it.each([
		['200', { kind: 'http', status: 200, body: '{"prompt_id":"7"}' }],
		['500', { kind: 'http', status: 500, body: '{}' }],
		['a broken connection', { kind: 'dropBefore' }],
	] as const)(
		'gets the key from the credential, and keeps it nowhere: after %s',
		async (_, fault) => {
			const simulator = await startSimulator();
			try {
				simulator.addFault({ ...fault, match: { path: '/proxy/' } });
				const url = `${simulator.baseUrl}/proxy/{apiKey}/prompt`;
				const run = await request(url, simulator.baseUrl);
				expect(simulator.requests[0]?.path).toBe(`/proxy/${KEY}/prompt`);
				expectNoKey([run.items, run.uiMessages, run.log, JSON.stringify(run.run.data.resultData)]);
			} finally {
				await simulator.stop();
			}
		},
	);

	it.each(['/proxy/{apiKey}/prompt', '/openapi/v2/query'])(
		'sends the key to no other host: %s',
		async (path) => {
			const other = await startOtherHost((_, response) => response.end('{}'));
			try {
				const run = await request(`${other.url}${path}`, 'https://rh.example');
				expect(run.error?.message).toMatch(/its key is not sent to/);
				expect(other.requests).toEqual([]);
			} finally {
				await other.stop();
			}
		},
	);
});
