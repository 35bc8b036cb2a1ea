import type { N8nApi, StoredWorkflow, Workflow } from '../../scripts/lib/n8nApi';
import { afterServices, stopServices } from '../../scripts/lib/services';
import { type Simulator, startSimulator } from '../simulator';
import {
	CREDENTIAL,
	credentialData,
	NODE,
	saveCredential,
	type SavedCredential,
} from './support/credential';
import { startHost } from './support/host';

/** A real n8n process with the packed package in it, and a simulator for it to talk to. */
export interface N8nWithSimulator {
	api: N8nApi;
	url: string;
	simulator: Simulator;
	credential: SavedCredential;
}

/** Tasks that end as fast as they are asked for. */
const QUICK = { queuedPolls: 1, runningPolls: 1, end: { kind: 'success' } } as const;

export async function startN8nWithSimulator(): Promise<N8nWithSimulator> {
	const simulator = await startSimulator({ defaultTaskScript: QUICK });
	afterServices(() => simulator.stop());
	const { api, url, end } = await startHost();
	afterServices(end);
	// No test asks a host on the internet.
	const data = { ...credentialData(simulator), newerModels: false };
	return { api, url, simulator, credential: await saveCredential(api, data) };
}

/** Also after a start that failed half-way. */
export const stopN8nWithSimulator = stopServices;

/** The answer of a webhook's workflow, and the execution that made it. */
export async function callWebhook(
	{ api, url }: N8nWithSimulator,
	workflow: StoredWorkflow,
	path: string,
	body: object,
) {
	const response = await fetch(`${url}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	const answer: unknown = await response.json();
	const [newest] = await api.executions(workflow.id);
	if (newest === undefined) throw new Error('The webhook started no execution.');
	return { status: response.status, answer, execution: await api.finishedExecution(newest.id) };
}

let webhooks = 0;

/** Webhook → RunningHub; the webhook's answer is what the RunningHub node made. */
export function webhookWorkflow(
	{ credential }: N8nWithSimulator,
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): { path: string; workflow: Workflow } {
	webhooks += 1;
	const path = `make-video-${webhooks}`;
	const workflow = {
		name: `Webhook to video ${webhooks}`,
		nodes: [
			{
				id: 'webhook',
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				position: [0, 0],
				webhookId: `00000000-0000-4000-8000-${String(webhooks).padStart(12, '0')}`,
				parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
			},
			{
				id: 'runninghub',
				name: 'RunningHub',
				type: NODE,
				typeVersion: 1,
				position: [220, 0],
				parameters,
				credentials: { [CREDENTIAL]: credential },
				...settings,
			},
		],
		connections: { Webhook: { main: [[{ node: 'RunningHub', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
	return { path, workflow };
}
