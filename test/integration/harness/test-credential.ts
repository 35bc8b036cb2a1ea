import { ExecuteContext, RoutingNode } from 'n8n-core';
import { NodeConnectionTypes, Workflow, createEmptyRunExecutionData } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	INode,
	INodeExecutionData,
	INodeType,
} from 'n8n-workflow';
import { HarnessCredentials, withDefaults } from './credentials';
import { prepareEngine, withLog } from './engine';
import { createInstance } from './execution';
import { HarnessNodeTypes } from './node-types';

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

const TESTER_TYPE = 'n8n-nodes-base.noOp';

/** The "Test" of the credential form: n8n's CredentialsTester, with its rules in its order. */
export async function testCredential(
	credentialType: ICredentialType,
	data: ICredentialDataDecryptedObject,
): Promise<CredentialTestResult> {
	const { test } = credentialType;
	if (!test) return { status: 'Error', message: 'No testing function found for this credential.' };
	await prepareEngine();
	try {
		const response = await withLog(
			[],
			async () => await runTestRequest(credentialType, test, data),
		);
		return bodyRuleResult(test, response) ?? { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		return failure(test, error as RequestError);
	}
}

/** n8n makes a node with one hidden parameter whose routing is the test request, and runs that. */
async function runTestRequest(
	credentialType: ICredentialType,
	test: ICredentialTestRequest,
	data: ICredentialDataDecryptedObject,
) {
	const { name } = credentialType;
	const nodeType = testerNode(name, test);
	const nodeTypes = new HarnessNodeTypes({ [TESTER_TYPE]: nodeType });
	const filled = withDefaults(credentialType.properties, data);
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: TESTER_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [name]: { id: name, name } },
	};
	const { additionalData } = createInstance(
		{
			nodes: [node],
			connections: {},
			nodeTypes,
			credentials: new HarnessCredentials({
				credentialTypes: [credentialType],
				credentials: { [name]: filled },
			}),
			mode: 'internal',
			start: { name: node.name, items: [] },
		},
		'credential-test',
	);
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	return await new RoutingNode(context, nodeType, {
		id: name,
		name,
		type: name,
		data: filled,
	}).runNode();
}

const testerNode = (credentialName: string, test: ICredentialTestRequest): INodeType => ({
	description: {
		displayName: 'No Operation, do nothing',
		name: TESTER_TYPE,
		group: ['organization'],
		version: 1,
		description: 'No Operation',
		defaults: { name: 'NoOp' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: credentialName, required: true }],
		properties: [
			{
				displayName: 'Temp',
				name: 'temp',
				type: 'string',
				routing: { request: test.request },
				default: '',
			},
		],
	},
});

interface RequestError extends Error {
	cause?: { code?: string; response?: { status: number; statusText?: string } };
}

function failure(test: ICredentialTestRequest, error: RequestError): CredentialTestResult {
	const { response, code } = error.cause ?? {};
	const result = (message: string): CredentialTestResult => ({ status: 'Error', message });
	if (response) {
		for (const rule of test.rules ?? []) {
			if (rule.type === 'responseCode' && rule.properties.value === response.status) {
				return result(rule.properties.message);
			}
		}
		if (response.status < 199 || response.status > 299) {
			return result(response.statusText || `Received HTTP status code: ${response.status}`);
		}
	} else if (code) {
		return result(code);
	}
	return result(error.message);
}

function bodyRuleResult(
	test: ICredentialTestRequest,
	response: INodeExecutionData[][] | undefined,
): CredentialTestResult | undefined {
	const body = response?.[0]?.[0]?.json;
	for (const rule of test.rules ?? []) {
		if (rule.type !== 'responseSuccessBody') continue;
		const { key, value, message } = rule.properties;
		if (valueAt(body, key) === value) return { status: 'Error', message };
	}
	return undefined;
}

function valueAt(body: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);
}
