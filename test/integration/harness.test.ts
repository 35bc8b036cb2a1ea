import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	IWebhookFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import {
	callBack,
	wakeOnTime,
	retryRun,
	runAsTool,
	runNode,
	runWorkflow,
	startNode,
	storeBinary,
	testCredential,
} from './harness';
import type { RunOptions } from './harness';

class DemoApi implements ICredentialType {
	name = 'demoApi';
	displayName = 'Demo API';
	properties: ICredentialType['properties'] = [
		{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: '' },
		{ displayName: 'Scheme', name: 'scheme', type: 'string', default: 'Bearer' },
		{ displayName: 'Key', name: 'apiKey', type: 'string', default: '' },
	];
	test: ICredentialType['test'] = {
		request: {
			baseURL: '={{ $credentials.baseUrl }}',
			url: '/account',
			method: 'POST',
			body: { ask: 1 },
		},
		rules: [{ type: 'responseCode', properties: { value: 401, message: 'Wrong key' } }],
	};
	async authenticate(credentials: ICredentialDataDecryptedObject, request: IHttpRequestOptions) {
		const authorization = `${String(credentials.scheme)} ${String(credentials.apiKey)}`;
		return { ...request, headers: { ...request.headers, authorization } };
	}
}

type Operation = (this: IExecuteFunctions, index: number) => Promise<INodeExecutionData>;

const operations: Record<string, Operation> = {
	async echo(index) {
		const { baseUrl } = await this.getCredentials('demoApi');
		const body = { prompt: this.getNodeParameter('prompt', index) };
		const url = `${String(baseUrl)}/echo`;
		const answer: unknown = await this.helpers.httpRequestWithAuthentication.call(this, 'demoApi', {
			url,
			method: 'POST',
			body,
			json: true,
		});
		this.logger.info('echoed', { index });
		this.sendMessageToUI(`item ${index}`);
		return { json: answer as IDataObject };
	},
	async fail(index) {
		if (this.getNodeParameter('prompt', index) !== 'bad') return { json: { fine: index } };
		throw new NodeApiError(
			this.getNode(),
			{ code: 805 },
			{ message: 'The task failed', description: 'Try another prompt', itemIndex: index },
		);
	},
	async flaky() {
		const context = this.getContext('node') as { tries?: number };
		context.tries = (context.tries ?? 0) + 1;
		if (context.tries < 3) throw new NodeOperationError(this.getNode(), `try ${context.tries}`);
		return { json: { tries: context.tries } };
	},
	async copy(index) {
		const file = this.helpers.assertBinaryData(index, 'data');
		const chunks: Buffer[] = [];
		for await (const chunk of await this.helpers.getBinaryStream(file.id ?? ''))
			chunks.push(chunk as Buffer);
		const reversed = Buffer.concat(chunks).reverse();
		const out = await this.helpers.prepareBinaryData(
			Readable.from([reversed]),
			'out.txt',
			'text/plain',
		);
		return { json: { id: file.id }, binary: { out } };
	},
	async suspend(index) {
		await this.putExecutionToWait(new Date('2100-01-01'));
		const items = this.getInputData();
		items[index] = {
			json: { pending: this.evaluateExpression('{{ $execution.resumeUrl }}', index) as string },
		};
		return { json: {} };
	},
	async context() {
		return { json: { isTool: this.isToolExecution(), type: this.getNode().type } };
	},
	async hang() {
		const signal = this.getExecutionCancelSignal();
		await new Promise<void>((_resolve, reject) => {
			signal?.addEventListener('abort', () =>
				reject(new NodeOperationError(this.getNode(), 'stopped')),
			);
		});
		return { json: {} };
	},
};

class Demo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Demo',
		name: 'demo',
		group: ['transform'],
		version: 1,
		description: 'Does one thing',
		defaults: { name: 'Demo' },
		inputs: ['main'],
		outputs: ['main'],
		usableAsTool: true,
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: '',
				restartWebhook: true,
				isFullPath: true,
			},
		],
		credentials: [{ name: 'demoApi', required: true }],
		properties: [
			{ displayName: 'Operation', name: 'operation', type: 'string', default: 'echo' },
			{ displayName: 'Prompt', name: 'prompt', type: 'string', default: 'a default' },
		],
	};

	async execute(this: IExecuteFunctions) {
		const operation = operations[this.getNodeParameter('operation', 0) as string];
		const results: INodeExecutionData[] = [];
		for (const index of this.getInputData().keys()) {
			try {
				const item = await operation?.call(this, index);
				if (item) results.push({ ...item, pairedItem: { item: index } });
			} catch (error) {
				if (!this.continueOnFail()) throw error;
				results.push({ json: { error: (error as Error).message }, pairedItem: { item: index } });
			}
		}
		return [results];
	}

	async webhook(this: IWebhookFunctions) {
		const pending = this.evaluateExpression('{{ $input.all().length }}');
		const body = this.getBodyData();
		if (body.status !== 'SUCCESS') return { webhookResponse: 'go on' };
		return { workflowData: [[{ json: { ...body, pending } }]] };
	}
}

let server: Server;
let requests: Array<{ url?: string; authorization?: string }> = [];
let baseUrl = '';

const respond = (request: IncomingMessage, response: ServerResponse) => {
	requests.push({ url: request.url, authorization: request.headers.authorization });
	let body = '';
	request.on('data', (chunk: Buffer) => (body += chunk.toString()));
	request.on('end', () => {
		if (request.headers.authorization === 'Bearer wrong') response.statusCode = 401;
		response.setHeader('content-type', 'application/json');
		response.end(body || '{}');
	});
};

beforeAll(async () => {
	server = createServer(respond);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
	requests = [];
});

const options = (
	parameters: RunOptions['parameters'],
	more: Partial<RunOptions> = {},
): RunOptions => ({
	node: new Demo(),
	credentialTypes: [new DemoApi()],
	credentials: { demoApi: { baseUrl, apiKey: 'k-1' } },
	parameters,
	...more,
});

const prompts = (...values: string[]) => values.map((prompt) => ({ json: { prompt } }));

describe('runNode', () => {
	it('resolves expressions for each item and pairs the output with the input', async () => {
		const { items, recorded, error } = await runNode(
			options({ prompt: '={{ $json.prompt }}!' }, { items: prompts('one', 'two') }),
		);
		expect(error).toBeUndefined();
		expect(items.map(({ json, pairedItem }) => [json, pairedItem])).toEqual([
			[{ prompt: 'one!' }, { item: 0 }],
			[{ prompt: 'two!' }, { item: 1 }],
		]);
		expect(recorded.map(({ json }) => json)).toEqual([{ prompt: 'one!' }, { prompt: 'two!' }]);
	});

	it('fills in the defaults of the node and of the credential, and authenticates through the credential', async () => {
		const { items } = await runNode(options({}));
		expect(items[0]?.json).toEqual({ prompt: 'a default' });
		expect(requests).toEqual([{ url: '/echo', authorization: 'Bearer k-1' }]);
	});

	it('gives the lines that the node logged, and its messages to the editor', async () => {
		const { log, uiMessages } = await runNode(options({}));
		expect(log).toEqual(['info echoed {"index":0}']);
		expect(uiMessages).toEqual(['item 0']);
	});

	it('keeps the logs of runs at the same time apart', async () => {
		const runs = await Promise.all([1, 2, 3].map(async () => await runNode(options({}))));
		expect(runs.map(({ log }) => log.length)).toEqual([1, 1, 1]);
	});
});

describe('errors', () => {
	const failing = { operation: 'fail', prompt: '={{ $json.prompt }}' };
	const items = prompts('good', 'bad');

	it('stops the run with what the user sees', async () => {
		const { error, run, recorded } = await runNode(options(failing, { items }));
		expect(run.status).toBe('error');
		expect(error).toMatchObject({ message: 'The task failed', description: 'Try another prompt' });
		expect(recorded).toEqual([]);
	});

	it('goes on with Continue', async () => {
		const nodeSettings = { onError: 'continueRegularOutput' as const };
		const result = await runNode(options(failing, { items, nodeSettings }));
		expect(result.error).toBeUndefined();
		expect(result.items.map(({ json }) => json)).toEqual([
			{ fine: 0 },
			{ error: 'The task failed' },
		]);
	});

	it('goes on with Continue (using error output)', async () => {
		const nodeSettings = { onError: 'continueErrorOutput' as const };
		const result = await runNode(options(failing, { items, nodeSettings }));
		expect(result.items.map(({ json }) => json)).toEqual([{ fine: 0 }]);
		expect(result.errorItems.map(({ json }) => json)).toEqual([
			{ prompt: 'bad', error: 'The task failed' },
		]);
		expect(result.outputOf('Error recorder')).toHaveLength(1);
	});

	it('tries again with Retry On Fail, keeping the context of the node', async () => {
		const nodeSettings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const { items: output, error } = await runNode(
			options({ operation: 'flaky' }, { nodeSettings }),
		);
		expect(error).toBeUndefined();
		expect(output[0]?.json).toEqual({ tries: 3 });
	});
});

describe('binary data', () => {
	it('is a stream from files, in and out', async () => {
		const inline = { data: Buffer.from('abc').toString('base64'), mimeType: 'text/plain' };
		const stored = await storeBinary(Readable.from([Buffer.from('xyz')]), {
			mimeType: 'text/plain',
		});
		const items = [inline, stored].map((data) => ({ json: {}, binary: { data } }));
		const result = await runNode(options({ operation: 'copy' }, { items }));
		expect(result.items[0]?.json.id).toMatch(/^filesystem-v2:/);
		expect(result.items[0]?.binary?.out).toMatchObject({
			fileName: 'out.txt',
			mimeType: 'text/plain',
		});
		const contents = await Promise.all(
			result.items.map(async (item) => await result.readBinary(item, 'out')),
		);
		expect(contents.map(String)).toEqual(['cba', 'zyx']);
	});
});

describe('cancelling', () => {
	it('reaches the node at once', async () => {
		const { started, finished, cancel } = startNode(options({ operation: 'hang' }));
		await started;
		const before = Date.now();
		cancel();
		const { run, recorded } = await finished;
		expect(Date.now() - before).toBeLessThan(200);
		expect(run.status).toBe('canceled');
		expect(recorded).toEqual([]);
	});
});

describe('a run that waits', () => {
	const suspend = async () => await runNode(options({ operation: 'suspend' }, { mode: 'trigger' }));

	it('passes its input on at the deadline', async () => {
		const waiting = await suspend();
		expect(waiting.run.status).toBe('waiting');
		expect(waiting.run.waitTill).toEqual(new Date('2100-01-01'));
		const { run, recorded } = await wakeOnTime(waiting);
		expect(run.status).toBe('success');
		expect(recorded[0]?.json.pending).toMatch(
			/^https:\/\/n8n\.example\.com\/webhook-waiting\/\d+\?signature=/,
		);
	});

	it('goes on waiting after a callback that the node only answers', async () => {
		const { returned, resumed } = await callBack(await suspend(), { body: { status: 'RUNNING' } });
		expect(returned).toEqual({ webhookResponse: 'go on' });
		expect(resumed).toBeUndefined();
	});

	it('resumes with what the node returns for a callback', async () => {
		const { resumed } = await callBack(await suspend(), { body: { status: 'SUCCESS' } });
		expect(resumed?.run.status).toBe('success');
		expect(resumed?.recorded.map(({ json }) => json)).toEqual([{ status: 'SUCCESS', pending: 1 }]);
	});
});

describe('retryRun', () => {
	it('is the retry from the list of executions, with the context that was saved', async () => {
		const first = await runNode(options({ operation: 'flaky' }));
		expect(first.error?.message).toBe('try 1');
		const second = await retryRun(first);
		expect(second.error?.message).toBe('try 2');
		const third = await retryRun(second);
		expect(third.recorded[0]?.json).toEqual({ tries: 3 });
	});
});

describe('testCredential', () => {
	const account = (apiKey: string) => ({ url: '/account', authorization: `Bearer ${apiKey}` });

	it('runs the declared request through the credential', async () => {
		const result = await testCredential(new DemoApi(), { baseUrl, apiKey: 'k-1' });
		expect(result).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(requests).toEqual([account('k-1')]);
	});

	it('answers with the message of the rule that applies', async () => {
		const result = await testCredential(new DemoApi(), { baseUrl, apiKey: 'wrong' });
		expect(result).toEqual({ status: 'Error', message: 'Wrong key' });
		// n8n sends every request that is answered 401 once more.
		expect(requests).toEqual([account('wrong'), account('wrong')]);
	});

	it('says what keeps the connection from being made', async () => {
		const result = await testCredential(new DemoApi(), {
			baseUrl: 'http://127.0.0.1:1',
			apiKey: 'k-1',
		});
		expect(result).toEqual({ status: 'Error', message: 'ECONNREFUSED' });
	});
});

describe('runAsTool', () => {
	const prompt = "={{ $fromAI('prompt', 'what to make', 'string') }}";

	it.each(['supplyData', 'engine'] as const)('fills in what the model chose (%s)', async (via) => {
		const { answer, error } = await runAsTool(options({ prompt }), { prompt: 'a cat' }, { via });
		expect(error).toBeUndefined();
		expect(JSON.parse(answer ?? '')).toEqual([{ prompt: 'a cat' }]);
	});

	it.each([
		['supplyData', true],
		['engine', false],
	] as const)('gives the node the context of %s', async (via, isTool) => {
		const { answer } = await runAsTool(options({ operation: 'context' }), {}, { via });
		expect(JSON.parse(answer ?? '')).toEqual([
			{ isTool, type: 'n8n-nodes-runninghub.runningHubTool' },
		]);
	});

	it('gives the error of a failed call', async () => {
		const { error, answer } = await runAsTool(options({ operation: 'fail', prompt }), {
			prompt: 'bad',
		});
		expect(answer).toBeUndefined();
		expect(error?.message).toContain('The task failed');
	});
});

describe('runWorkflow', () => {
	const makeNode = (name: string, type: string, parameters = {}): INode => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters,
	});

	it('runs an exported workflow with stand-ins for the nodes of n8n', async () => {
		const { node: _node, parameters: _parameters, ...instance } = options({});
		const { items, outputOf } = await runWorkflow({
			...instance,
			nodeTypes: { 'pkg.demo': new Demo() },
			items: prompts('from the trigger'),
			workflow: {
				nodes: [
					makeNode('Start', 'n8n-nodes-base.manualTrigger'),
					makeNode('Demo', 'pkg.demo', { prompt: '={{ $json.prompt }}' }),
					makeNode('Last', 'n8n-nodes-base.noOp'),
				],
				connections: {
					Start: { main: [[{ node: 'Demo', type: 'main', index: 0 }]] },
					Demo: { main: [[{ node: 'Last', type: 'main', index: 0 }]] },
				},
			},
		});
		expect(items.map(({ json }) => json)).toEqual([{ prompt: 'from the trigger' }]);
		expect(outputOf('Demo')).toHaveLength(1);
	});
});
