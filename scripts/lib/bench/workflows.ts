import { CREDENTIAL, NODE } from '../../../test/e2e/support/credential';
import { type Simulator, SIMULATOR_KEY } from '../../../test/simulator';
import type { Workflow, WorkflowNode } from '../n8nApi';
import type { Backend } from './n8nInstance';

/** The workflows that are measured: with this package's node, and as people build them by hand. */

/** What comes behind the items, and leads to {@link DONE}. */
export interface Flow {
	nodes: WorkflowNode[];
	links: Link[];
}

/** Makes the flow for a RunningHub of its own. */
export type FlowFor = (backend: Backend) => Flow;

/** @param output of the first node; 0 if not given */
type Link = [from: string, to: string, output?: number];

/** Where every flow begins, with one item for each in the body's `items`. */
const ITEMS = 'Items';
/** Where every flow ends. */
export const DONE = 'Done';

/** As many items, each with a prompt. */
export const promptItems = (items: number): Array<{ prompt: string }> =>
	Array.from({ length: items }, (_, index) => ({ prompt: `Fox ${index}` }));

export const MODEL = 'vidu/text-to-video-q3-pro-fast';

/** @param answer whether the webhook answers at once, or when the execution has ended */
export function workflowOf(path: string, flow: Flow, answer: 'atOnce' | 'atTheEnd'): Workflow {
	const responseMode = answer === 'atOnce' ? 'onReceived' : 'lastNode';
	const nodes = [
		node('Webhook', 'n8n-nodes-base.webhook', 2, {
			httpMethod: 'POST',
			path,
			responseMode,
			options: {},
		}),
		node(ITEMS, 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'body.items', options: {} }),
		...flow.nodes,
		node(DONE, 'n8n-nodes-base.noOp', 1, {}),
	].map((one, index): WorkflowNode => ({ ...one, webhookId: path, position: [220 * index, 0] }));
	const links: Link[] = [['Webhook', ITEMS], ...flow.links];
	return {
		name: path,
		nodes,
		connections: connectionsOf(links),
		settings: { executionOrder: 'v1' },
	};
}

/** This package's node, submitting and waiting. */
export function withNode(
	{ credential }: Pick<Backend, 'credential'>,
	parameters: Record<string, unknown> = {},
): Flow {
	const runningHub = ourNode(credential, {
		resource: 'vidu',
		operation: 'submitAndWait',
		mode: 'textToVideo',
		model: MODEL,
		prompt: '={{ $json.prompt }}',
		// Who builds it by hand has another node for that.
		downloadResults: false,
		...parameters,
	});
	return inARow(runningHub);
}

/** n8n's own node that makes videos, submitting and waiting. */
export const withOpenAi = (credential: Backend['credential']): Flow =>
	inARow({
		...node('OpenAI', '@n8n/n8n-nodes-langchain.openAi', 2.3, {
			resource: 'video',
			operation: 'generate',
			modelId: { __rl: true, mode: 'id', value: 'sora-2' },
			prompt: '={{ $json.prompt }}',
			seconds: 4,
			size: '1280x720',
			options: {},
		}),
		credentials: { openAiApi: credential },
	});

/** HTTP Request, Wait, HTTP Request, If: all items go round together, and those that have ended leave. */
export const byHand =
	(waitSeconds: number) =>
	({ simulator }: Pick<Backend, 'simulator'>): Flow => ({
		nodes: [...loopNodes(simulator, waitSeconds), stillRuns('$json.status')],
		links: [[ITEMS, 'Submit'], ...LOOP, ['Still running?', DONE, 1]],
	});

/** HTTP Request, Wait On Webhook Call, HTTP Request: it believes whoever calls, and waits for one task an execution. */
export function byHandUntilCalled({ simulator }: Pick<Backend, 'simulator'>): Flow {
	return inARow(
		submitByHand(simulator, '{ prompt: $json.prompt, webhookUrl: $execution.resumeUrl }'),
		node('Wait', 'n8n-nodes-base.wait', 1.1, { resume: 'webhook', httpMethod: 'POST' }),
		queryByHand(simulator, '{ taskId: $("Submit").first().json.taskId }'),
	);
}

/** The same behind Split In Batches: the next batch starts when the whole one before has ended. */
export const byHandInBatches =
	(waitSeconds: number, batchSize: number) =>
	({ simulator }: Pick<Backend, 'simulator'>): Flow => ({
		nodes: [
			node('Batches', 'n8n-nodes-base.splitInBatches', 3, { batchSize, options: {} }),
			...loopNodes(simulator, waitSeconds),
			stillRuns('...$input.all().map(({ json }) => json.status)'),
		],
		links: [
			[ITEMS, 'Batches'],
			['Batches', DONE, 0],
			['Batches', 'Submit', 1],
			...LOOP,
			['Still running?', 'Batches', 1],
		],
	});

/** n8n's own node fetches the file at each item's `url`. */
export const downloadByHand = (): Flow =>
	inARow(
		httpRequest('Download', {
			url: '={{ $json.url }}',
			options: { response: { response: { responseFormat: 'file' } } },
		}),
	);

/** Gives each item, a description of a file that n8n has stored before, that file. */
const storedFile = (): WorkflowNode =>
	node('Stored file', 'n8n-nodes-base.code', 2, {
		jsCode: 'return $input.all().map(({ json }) => ({ json: {}, binary: { data: json } }));',
	});

export const uploadWithNode = ({ credential }: Pick<Backend, 'credential'>): Flow =>
	inARow(
		storedFile(),
		ourNode(credential, { resource: 'file', operation: 'upload', binaryPropertyName: 'data' }),
	);

export const uploadByHand = ({ simulator }: Pick<Backend, 'simulator'>): Flow =>
	inARow(
		storedFile(),
		httpRequest('Upload', {
			...withKey(simulator, '/openapi/v2/media/upload/binary'),
			contentType: 'multipart-form-data',
			bodyParameters: {
				parameters: [{ parameterType: 'formBinaryData', name: 'file', inputDataFieldName: 'data' }],
			},
		}),
	);

const LOOP: Link[] = [
	['Submit', 'Wait'],
	['Wait', 'Query'],
	['Query', 'Still running?'],
	['Still running?', 'Wait', 0],
];

function loopNodes(simulator: Simulator, waitSeconds: number): WorkflowNode[] {
	return [
		submitByHand(simulator, '{ prompt: $json.prompt }'),
		node('Wait', 'n8n-nodes-base.wait', 1.1, { amount: waitSeconds, unit: 'seconds' }),
		queryByHand(simulator, '{ taskId: $json.taskId }'),
	];
}

const submitByHand = (simulator: Simulator, body: string): WorkflowNode =>
	httpRequest('Submit', postTo(simulator, `/openapi/v2/${MODEL}`, body));

const queryByHand = (simulator: Simulator, body: string): WorkflowNode =>
	httpRequest('Query', postTo(simulator, '/openapi/v2/query', body));

/** @param statuses an expression: what has no status was refused, and has ended too */
const stillRuns = (statuses: string): WorkflowNode =>
	node('Still running?', 'n8n-nodes-base.if', 2.2, {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
			conditions: [
				{
					id: '1',
					leftValue: `={{ [${statuses}].some((status) => ['CREATE', 'QUEUED', 'RUNNING'].includes(status)) }}`,
					rightValue: '',
					operator: { type: 'boolean', operation: 'true', singleValue: true },
				},
			],
			combinator: 'and',
		},
		options: {},
	});

const ourNode = (
	credential: Backend['credential'],
	parameters: Record<string, unknown>,
): WorkflowNode => ({
	...node('RunningHub', NODE, 1, parameters),
	credentials: { [CREDENTIAL]: credential },
});

const httpRequest = (name: string, parameters: Record<string, unknown>): WorkflowNode =>
	node(name, 'n8n-nodes-base.httpRequest', 4.2, parameters);

/** @param body an expression */
const postTo = (simulator: Simulator, path: string, body: string) => ({
	...withKey(simulator, path),
	specifyBody: 'json',
	jsonBody: `={{ JSON.stringify(${body}) }}`,
});

const withKey = ({ baseUrl }: Simulator, path: string) => ({
	method: 'POST',
	url: `${baseUrl}${path}`,
	sendHeaders: true,
	headerParameters: {
		parameters: [{ name: 'Authorization', value: `Bearer ${SIMULATOR_KEY}` }],
	},
	sendBody: true,
});

function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
): WorkflowNode {
	return { id: name, name, type, typeVersion, parameters };
}

function inARow(...nodes: WorkflowNode[]): Flow {
	const names = [ITEMS, ...nodes.map(({ name }) => name), DONE];
	return {
		nodes,
		links: names.slice(1).map((name, index): Link => [names[index] ?? ITEMS, name]),
	};
}

/** As n8n has them: by the first node, then by its outputs. */
function connectionsOf(links: Link[]) {
	const connections: Record<
		string,
		{ main: Array<Array<{ node: string; type: 'main'; index: 0 }>> }
	> = {};
	for (const [from, to, output = 0] of links) {
		const { main } = (connections[from] ??= { main: [[], []] });
		main[output]?.push({ node: to, type: 'main', index: 0 });
	}
	return connections;
}
