import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorOf, itemsOf } from './n8nApi.mjs';
import { projectFolder } from './project.mjs';
import { UserError } from './steps.mjs';

/**
 * @typedef {import('./n8nApi.mjs').N8nApi} N8nApi
 * @typedef {import('./n8nApi.mjs').Item} Item
 * @typedef {import('./n8nApi.mjs').StoredWorkflow} StoredWorkflow
 */

const FILE = join(projectFolder, 'examples', 'vidu-image-to-video.json');
const NODE_TYPE = 'n8n-nodes-runninghub.runningHub';
const CREDENTIAL_TYPE = 'runningHubApi';
const MINUTES = 30;

/**
 * Puts the example into n8n, once: what the user changed in it stays. A node without an existing
 * credential gets this one.
 *
 * @param {N8nApi} api
 * @param {{ id: string, name: string }} credential
 * @returns {Promise<StoredWorkflow>}
 */
export async function provideExample(api, credential) {
	/** @type {import('./n8nApi.mjs').Workflow} */
	const example = JSON.parse(await readFile(FILE, 'utf8'));
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
 *
 * @param {N8nApi} api
 * @param {StoredWorkflow} workflow
 * @returns {Promise<Item>} what the RunningHub node made
 */
export async function runExample(api, workflow) {
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

/**
 * Stores the item's video on disk.
 *
 * @param {N8nApi} api
 * @param {Item} item
 * @param {string} folder
 * @returns {Promise<{ path: string, bytes: number }>}
 */
export async function saveVideo(api, item, folder) {
	const [binary] = Object.values(item.binary ?? {});
	const content = binary ? await api.binaryContent(binary) : await fetchFile(item.json.url);
	const extension = binary?.fileName?.split('.').at(-1) ?? item.json.results?.[0]?.type ?? 'mp4';
	await mkdir(folder, { recursive: true });
	const path = join(folder, `${item.json.taskId}.${extension}`);
	await writeFile(path, content);
	return { path, bytes: content.length };
}

/** @param {string} url */
async function fetchFile(url) {
	const response = await fetch(url);
	if (!response.ok)
		throw new UserError(`The video could not be fetched from ${url} (HTTP ${response.status}).`);
	return Buffer.from(await response.arrayBuffer());
}
