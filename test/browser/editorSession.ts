import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredWorkflow, Workflow, WorkflowNode } from '../../scripts/lib/n8nApi';
import { projectFolder } from '../../scripts/lib/project';
import { type N8nWithSimulator, startN8nWithSimulator, stopN8nWithSimulator } from '../e2e/harness';
import { CREDENTIAL, NODE } from '../e2e/support/credential';
import { OWNER } from '../e2e/support/host';
import { Editor } from './editor';
import type { NodePanel } from './nodePanel';

/** The RunningHub node of the example workflow. */
export const NODE_NAME = 'Make the video';

type Parameters = Record<string, unknown>;

/** Fields of the item that comes to the node; without them it is empty. */
type Input = Record<string, string>;

/** A real n8n with the example workflow, and its editor in a browser. */
export interface EditorSession {
	n8n: N8nWithSimulator;
	editor: Editor;
	/** The example in a workflow of its own. */
	openNewWorkflow(parameters?: Parameters, input?: Input): Promise<void>;
	/** One of `examples/`, by the name of its file, as it is. */
	openExample(name: string): Promise<void>;
	/** The example's node in a workflow of its own, with these parameters instead of its own. */
	openNode(parameters?: Parameters, input?: Input): Promise<NodePanel>;
}

export async function startEditorSession(): Promise<EditorSession> {
	const n8n = await startN8nWithSimulator();
	const editor = await Editor.open(n8n.url, OWNER);
	opened.push(editor);
	const openNewWorkflow: EditorSession['openNewWorkflow'] = async (parameters, input) => {
		const { id } = await importExample(n8n, parameters, input);
		await editor.openWorkflow(id);
	};
	return {
		n8n,
		editor,
		openNewWorkflow,
		async openExample(name) {
			const workflow = withCredential(await example(name), n8n);
			const { id } = await n8n.api.importWorkflow(workflow);
			await editor.openWorkflow(id);
		},
		async openNode(parameters, input) {
			await openNewWorkflow(parameters, input);
			return await editor.openNode(NODE_NAME);
		},
	};
}

const opened: Editor[] = [];

/** Also after a start that failed half-way. */
export async function stopEditorSession(): Promise<void> {
	for (const editor of opened.splice(0)) await editor.close();
	await stopN8nWithSimulator();
}

/** @param name of its file in `examples/` */
export async function example(name: string): Promise<Workflow> {
	const file = join(projectFolder, 'examples', `${name}.json`);
	return JSON.parse(await readFile(file, 'utf8')) as Workflow;
}

async function importExample(
	n8n: N8nWithSimulator,
	parameters?: Parameters,
	input?: Input,
): Promise<StoredWorkflow> {
	const workflow = withCredential(await example('vidu-image-to-video'), n8n);
	for (const node of ourNodes(workflow)) node.parameters = parameters ?? node.parameters;
	if (input) putBefore(NODE_NAME, workflow, fieldsNode(input));
	return await n8n.api.importWorkflow(workflow);
}

const ourNodes = ({ nodes }: Workflow) => nodes.filter(({ type }) => type.startsWith(NODE));

function withCredential(workflow: Workflow, { credential }: N8nWithSimulator): Workflow {
	for (const node of ourNodes(workflow)) node.credentials = { [CREDENTIAL]: credential };
	return workflow;
}

/** n8n's own node that makes an item of these fields. */
function fieldsNode(input: Input): WorkflowNode {
	return {
		id: 'scene',
		name: 'Scene',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		position: [130, 160],
		parameters: {
			assignments: {
				assignments: Object.entries(input).map(([name, value]) => ({
					id: name,
					name,
					value,
					type: 'string',
				})),
			},
			options: {},
		},
	};
}

function putBefore(target: string, workflow: Workflow, node: WorkflowNode): void {
	const trigger = workflow.nodes.find(({ type }) => type.endsWith('.manualTrigger'));
	const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
	workflow.nodes.push(node);
	workflow.connections = { [trigger?.name ?? '']: to(node.name), [node.name]: to(target) };
}
