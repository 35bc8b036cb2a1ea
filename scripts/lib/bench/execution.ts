import axios from 'axios';
import { errorOf, type Execution, type Item } from '../n8nApi';
import { until } from '../until';
import type { N8nInstance } from './n8nInstance';
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
	{ api }: N8nInstance,
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
export async function run(
	instance: N8nInstance,
	{ id, path }: Published,
	items: object[],
): Promise<Run> {
	const startedAt = performance.now();
	const status = await post(`${instance.url}/webhook/${path}`, { items });
	const ms = performance.now() - startedAt;
	const [newest] = await instance.api.executions(id);
	if (newest === undefined) throw new Error(`The webhook ${path} answered with HTTP ${status}.`);
	const execution = await instance.api.finishedExecution(newest.id, 600);
	if (execution.status === 'success') return { ms, execution };
	throw new Error(`An execution ended with ${execution.status}: ${errorOf(execution)?.message}`);
}

/** All items that reached the end of the flow, in however many runs of its last node. */
export function doneItems({ data }: Execution): Item[] {
	const runs = data.resultData.runData[DONE] ?? [];
	return runs.flatMap((run) => run.data?.main[0] ?? []);
}

/** How many of them are videos, and not what a refused item has left. */
export const videosIn = (execution: Execution): number =>
	doneItems(execution).filter(({ json }) => json.status === 'SUCCESS').length;

/** When a node's last run began, in milliseconds by the clock on the wall, and how long it took. */
export function lastRun({ data }: Execution, node: string): { at: number; ms: number } {
	const run = data.resultData.runData[node]?.at(-1);
	if (run === undefined) throw new Error(`The node ${node} has not run.`);
	return { at: run.startTime, ms: run.executionTime };
}

const PUBLISHED_WITHIN_S = 30;

/** After a restart n8n answers before it knows its webhooks again. `fetch` gives up after five minutes without an answer. */
async function post(url: string, body: object): Promise<number> {
	return await until(`n8n to know ${url}`, PUBLISHED_WITHIN_S, async () => {
		const { status } = await axios.post(url, body, { validateStatus: () => true });
		return status !== 404 && status;
	});
}
