import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
	type CredentialRef,
	errorOf,
	type Item,
	itemsOf,
	type N8nApi,
	type StoredWorkflow,
	type Workflow,
} from './n8nApi';
import { projectFolder } from './project';
import { UserError } from './steps';

const FILE = join(projectFolder, 'examples', 'vidu-image-to-video.json');
const NODE_TYPE = 'n8n-nodes-runninghub.runningHub';
const CREDENTIAL_TYPE = 'runningHubApi';
const MINUTES = 30;

/**
 * Puts the example into n8n, once: what the user changed in it stays. A node without an existing
 * credential gets this one.
 */
export async function provideExample(
	api: N8nApi,
	credential: CredentialRef,
): Promise<StoredWorkflow> {
	const example: Workflow = JSON.parse(await readFile(FILE, 'utf8'));
	const stored = await api.findWorkflow(example.name);
	const workflow = stored ?? example;

	const known = await api.credentialIds();
	let changed = false;
	for (const node of workflow.nodes) {
		const id = node.credentials?.[CREDENTIAL_TYPE]?.id;
		if (node.type !== NODE_TYPE || (id && known.has(id))) continue;
		node.credentials = { ...node.credentials, [CREDENTIAL_TYPE]: credential };
		changed = true;
	}
	if (!stored) return await api.importWorkflow(workflow);
	return changed ? await api.updateWorkflow(stored) : stored;
}

/**
 * Runs the example as its "Execute workflow" button does.
 * @returns what the RunningHub node made
 */
export async function runExample(api: N8nApi, workflow: StoredWorkflow): Promise<Item> {
	const trigger = workflow.nodes.find(({ type }) => type.endsWith('.manualTrigger'));
	const node = workflow.nodes.find(({ type }) => type === NODE_TYPE);
	if (!trigger || !node)
		throw new UserError(
			`The workflow "${workflow.name}" in n8n has no manual trigger or no RunningHub node any more: delete it there, and the next start brings it back.`,
		);

	const id = await api.runWorkflow(workflow, trigger.name);
	const execution = await api.finishedExecution(id, MINUTES * 60);
	const [item] = itemsOf(execution, node.name);
	if (execution.status === 'success' && item) return item;
	const error = errorOf(execution);
	const reason = [error?.message, error?.description].filter(Boolean).join(' ');
	throw new UserError(
		`The workflow "${workflow.name}" ended with the status "${execution.status}": ${reason || 'it made no item'}`,
	);
}

/** Stores the item's video on disk. */
export async function saveVideo(
	api: N8nApi,
	{ json, binary = {} }: Item,
	folder: string,
): Promise<{ path: string; bytes: number }> {
	const [file] = Object.values(binary);
	const url = String(json.url);
	const content = file ? await api.binaryContent(file) : await fetchFile(url);
	const name = file?.fileName ?? new URL(url).pathname;
	const extension = /\.(\w+)$/.exec(name)?.[1] ?? 'mp4';
	await mkdir(folder, { recursive: true });
	const path = join(folder, `${json.taskId}.${extension}`);
	await writeFile(path, content);
	return { path, bytes: content.length };
}

async function fetchFile(url: string): Promise<Buffer> {
	const response = await fetch(url);
	if (!response.ok)
		throw new UserError(`The video could not be fetched from ${url} (HTTP ${response.status}).`);
	return Buffer.from(await response.arrayBuffer());
}
