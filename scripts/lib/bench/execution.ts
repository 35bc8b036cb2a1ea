import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorOf, type Execution, type Item } from '../n8nApi.mjs';
import type { Lab } from './lab';
import { DONE, type Flow, workflowOf } from './workflows';

/** A published workflow. */
export interface Published {
	id: string;
	path: string;
}

export interface Run {
	/** Milliseconds from the call of the webhook to its answer. */
	ms: number;
	execution: Execution;
}

let workflows = 0;

export async function publish(
	{ api }: Lab,
	flow: Flow,
	answer: 'atOnce' | 'atTheEnd' = 'atTheEnd',
): Promise<Published> {
	workflows += 1;
	const path = `bench-${workflows}`;
	const workflow = await api.importWorkflow(workflowOf(path, flow, answer));
	await api.publish(workflow);
	return { id: workflow.id, path };
}

/** One execution with these items, to its end. */
export async function run(lab: Lab, { id, path }: Published, items: object[]): Promise<Run> {
	const startedAt = performance.now();
	const status = await post(`${lab.url}/webhook/${path}`, { items });
	const ms = performance.now() - startedAt;
	const [newest] = await lab.api.executions(id);
	if (newest === undefined) throw new Error(`The webhook ${path} answered with HTTP ${status}.`);
	const execution = await lab.api.finishedExecution(newest.id, 600);
	if (execution.status === 'success') return { ms, execution };
	throw new Error(`An execution ended with ${execution.status}: ${errorOf(execution)?.message}`);
}

/** All items that reached the end of the flow, in however many turns. */
export function doneItems({ data }: Execution): Item[] {
	const turns: Array<{ data?: { main: Array<Item[] | null> } }> =
		data.resultData.runData[DONE] ?? [];
	return turns.flatMap((turn) => turn.data?.main[0] ?? []);
}

/** When a node's last turn began, in milliseconds by the clock on the wall, and how long it took. */
export function lastTurn({ data }: Execution, node: string): { at: number; ms: number } {
	const { startTime, executionTime } = data.resultData.runData[node].at(-1);
	return { at: startTime, ms: executionTime };
}

const PUBLISHED_WITHIN_MS = 30_000;

/** After a restart n8n answers before it knows its webhooks again. */
async function post(url: string, body: object): Promise<number> {
	const deadline = Date.now() + PUBLISHED_WITHIN_MS;
	for (;;) {
		const status = await tryPost(url, JSON.stringify(body));
		if (status !== 404 || Date.now() > deadline) return status;
		await sleep(100);
	}
}

/** `fetch` gives up after five minutes without an answer. */
async function tryPost(url: string, body: string): Promise<number> {
	return await new Promise((resolve, reject) => {
		const headers = { 'content-type': 'application/json' };
		const sent = request(url, { method: 'POST', headers }, (response) => {
			response.once('end', () => resolve(response.statusCode ?? 0)).once('error', reject);
			response.resume();
		});
		sent.once('error', reject).end(body);
	});
}
