import type { StoredWorkflow } from '../../../scripts/lib/n8nApi';
import { afterServices } from '../../../scripts/lib/services';
import { type TaskScript, type Simulator, SIMULATOR_KEY, startSimulator } from '../../simulator';
import {
	CREDENTIAL,
	credentialData,
	NODE,
	saveCredential,
	type SavedCredential,
} from '../support/credential';
import { type QueueHost, type QueueHostSettings, startQueueHost } from './host';
import { type Sink, startSink } from './sink';

/** n8n in queue mode, and what its flows talk to. */
export interface QueueSetup {
	host: QueueHost;
	simulator: Simulator;
	sink: Sink;
	credential: SavedCredential;
}

/** Ended by `stopServices`, also after a start that failed half-way. */
export async function startQueueSetup(
	env?: NodeJS.ProcessEnv,
	settings?: QueueHostSettings,
): Promise<QueueSetup> {
	const sink = await startSink();
	afterServices(sink.stop);
	const simulator = await startSimulator({ switches: { callbackRetryDelayMs: 1000 } });
	afterServices(() => simulator.stop());
	simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: 1000 });
	const host = await startQueueHost(env, settings);
	const credential = await saveCredential(host.api, credentialData(simulator));
	return { host, simulator, sink, credential };
}

/** A task that takes so long, and of whose time nobody has to ask. */
export const lasting = (ms: number, script: Partial<TaskScript> = {}): TaskScript => ({
	queuedMs: ms / 10,
	runningMs: (ms * 9) / 10,
	end: { kind: 'success' },
	...script,
});

/**
 * Publishes Webhook → RunningHub → a call of the sink. The webhook's path is the strategy's name. In the editor it
 * starts with Start.
 */
export async function publishVideo(
	{ host: { api }, credential, sink }: QueueSetup,
	waitStrategy: 'sleep' | 'poll',
): Promise<StoredWorkflow> {
	const workflow = await api.importWorkflow({
		name: `Video, ${waitStrategy}`,
		nodes: [
			webhookNode(waitStrategy, 'onReceived'),
			{
				id: 'start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 200],
				parameters: {},
			},
			{
				id: 'runninghub',
				name: 'RunningHub',
				type: NODE,
				typeVersion: 1,
				position: [220, 0],
				parameters: {
					resource: 'vidu',
					operation: 'submitAndWait',
					mode: 'imageToVideo',
					model: 'vidu/image-to-video-q2-turbo',
					prompt: '={{ $json.body?.prompt ?? "started by hand" }}',
					imageUrl: 'https://example.com/fox.png',
					downloadResults: false,
					options: { waitStrategy },
				},
				credentials: { [CREDENTIAL]: credential },
			},
			{
				id: 'sink',
				name: 'Behind',
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				position: [440, 0],
				executeOnce: true,
				parameters: {
					method: 'POST',
					url: sink.url,
					sendBody: true,
					specifyBody: 'json',
					jsonBody: `={{ JSON.stringify({
						executionId: $execution.id,
						prompt: $('Webhook').first().json.body.prompt,
						items: $input.all().map(({ json }) => json),
					}) }}`,
				},
			},
		],
		connections: {
			Webhook: { main: [[{ node: 'RunningHub', type: 'main', index: 0 }]] },
			Start: { main: [[{ node: 'RunningHub', type: 'main', index: 0 }]] },
			RunningHub: { main: [[{ node: 'Behind', type: 'main', index: 0 }]] },
		},
		settings: { executionOrder: 'v1' },
	});
	await api.publish(workflow);
	return workflow;
}

/** Publishes a workflow that has nothing to do with RunningHub, and answers when it is through. */
export async function publishOther({ host: { api } }: QueueSetup): Promise<void> {
	const workflow = await api.importWorkflow({
		name: 'Something else',
		nodes: [
			webhookNode('something-else', 'lastNode'),
			{
				id: 'nothing',
				name: 'No Operation',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [220, 0],
				parameters: {},
			},
		],
		connections: { Webhook: { main: [[{ node: 'No Operation', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	});
	await api.publish(workflow);
}

const webhookNode = (path: string, responseMode: string) => ({
	id: 'webhook',
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	position: [0, 0],
	webhookId: path,
	parameters: { httpMethod: 'POST', path, responseMode, options: {} },
});

/** Calls a published webhook. */
export async function call({ host }: QueueSetup, path: string, body: object): Promise<unknown> {
	const response = await fetch(`${host.url}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	const answer: unknown = await response.json();
	if (!response.ok) throw new Error(`HTTP ${response.status}: ${JSON.stringify(answer)}`);
	return answer;
}

/** How many executions are in which state, by the database. */
export async function statesOf({ host }: QueueSetup, workflowId: string) {
	const rows = await host.postgres.query(
		`select status, count(*) from execution_entity where "workflowId" = '${workflowId}' group by 1`,
	);
	return Object.fromEntries(rows.map(([status = '', count]) => [status, Number(count)]));
}
