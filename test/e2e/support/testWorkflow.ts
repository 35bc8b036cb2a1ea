import type { INodeParameters } from 'n8n-workflow';
import { randomInt, randomUUID } from 'node:crypto';
import type {
	Execution,
	StoredWorkflow,
	Workflow,
	WorkflowNode,
} from '../../../scripts/lib/n8nApi';
import { until } from '../../../scripts/lib/until';
import { type TaskScript, type Simulator, SIMULATOR_KEY, startSimulator } from '../../simulator';
import { withWait } from '../../support/waitOptions';
import { CREDENTIAL, credentialData, NODE, saveCredential } from './credential';
import type { Host } from './host';
import type { Recorder, Told } from './recorder';

/** Ends when the run is asleep; its callback waits for `releaseCallbacks`. */
export const ENDS_ASLEEP: TaskScript = {
	runningMs: 6_000,
	callback: { kind: 'held' },
	end: { kind: 'success' },
};

/** One video for each scene. */
export const VIDEO_PER_SCENE = {
	resource: 'vidu',
	operation: 'submitAndWait',
	mode: 'imageToVideo',
	model: 'vidu/image-to-video-q2-turbo',
	prompt: '={{ $json.scene }}',
	imageUrl: 'https://example.com/fox.png',
};

export const FETCH_RESULT = {
	resource: 'task',
	operation: 'waitForResult',
	timeout: 1,
	options: { pollInterval: 1 },
};

export interface TestWorkflowSettings {
	/** Parameters of the RunningHub node beyond those of {@link VIDEO_PER_SCENE}. */
	parameters?: INodeParameters;
	/** Settings of the RunningHub node, such as `onError`. */
	settings?: Record<string, unknown>;
	/** Parameters of another RunningHub node behind it. */
	next?: INodeParameters;
	/** Settings of the workflow, such as `saveExecutionProgress`. */
	workflowSettings?: Record<string, unknown>;
	/** The key of an account of the workflow's simulator; the simulator's own if not given. */
	apiKey?: string;
	/** How many tasks the account takes at a time; as many as come if not given. */
	concurrencyLimit?: number;
	/** Parameters of a Wait node behind them. */
	wait?: Record<string, unknown>;
	/** Which API the credential is for; the workflow's simulator if not given. */
	credentialData?: Record<string, unknown>;
	/** Another flow than that of {@link TestWorkflow}; it begins with {@link FlowParts.webhook} where `start` is to start it. */
	flow?: (parts: FlowParts) => Pick<Workflow, 'nodes' | 'connections'>;
}

/** What the flow of a test's workflow is made of. */
export interface FlowParts {
	/** The path of its webhook. */
	path: string;
	webhook(parameters?: Record<string, unknown>): WorkflowNode;
	/** One item for each scene that the workflow is started with. */
	scenes(): WorkflowNode;
	/** A RunningHub node with the workflow's credential and, beyond those of {@link VIDEO_PER_SCENE}, these parameters. */
	runningHub(
		name: string,
		parameters?: INodeParameters,
		settings?: Record<string, unknown>,
	): WorkflowNode;
	/** Gives each item the scene that it comes from. */
	pair(name: string): WorkflowNode;
	/** Tells the recorder what it gets: see {@link TestWorkflow.told}. */
	tell(name: string): WorkflowNode;
}

/**
 * A published workflow with a RunningHub of its own, so that the tests of many can run on one n8n at the same time:
 * webhook → one item a scene → RunningHub (→ RunningHub 2) → the scene each item comes from, by its pairing → tell the recorder.
 */
export class TestWorkflow {
	private constructor(
		private readonly host: Host,
		private readonly recorder: Recorder,
		readonly simulator: Simulator,
		private readonly workflow: StoredWorkflow,
		private readonly path: string,
		private readonly credentialData: Record<string, unknown>,
	) {}

	static async publish(
		host: Host,
		recorder: Recorder,
		settings: TestWorkflowSettings = {},
	): Promise<TestWorkflow> {
		const simulator = await startSimulator({
			defaultTaskScript: ENDS_ASLEEP,
			// So that the log of one n8n tells the tasks of all workflows apart.
			firstId: `19${String(randomInt(1e12)).padStart(12, '0')}00001`,
			switches: { callbackRetries: 12, callbackRetryDelayMs: 500 },
		});
		try {
			return await TestWorkflow.publishWith(simulator, host, recorder, settings);
		} catch (error) {
			await simulator.stop();
			throw error;
		}
	}

	private static async publishWith(
		simulator: Simulator,
		host: Host,
		recorder: Recorder,
		{
			parameters,
			settings,
			next,
			workflowSettings,
			apiKey = SIMULATOR_KEY,
			credentialData: data = credentialData(simulator, apiKey),
			concurrencyLimit,
			wait,
			flow,
		}: TestWorkflowSettings,
	): Promise<TestWorkflow> {
		const path = randomUUID();
		simulator.addAccount(apiKey, concurrencyLimit === undefined ? {} : { concurrencyLimit });
		const credential = await saveCredential(host.api, data, credentialName(path));
		const parts: FlowParts = {
			path,
			webhook: (own = {}) =>
				node(
					'Webhook',
					'n8n-nodes-base.webhook',
					2,
					{ httpMethod: 'POST', path, responseMode: 'onReceived', options: {}, ...own },
					{ webhookId: path },
				),
			scenes: () =>
				node('Scenes', 'n8n-nodes-base.splitOut', 1, {
					fieldToSplitOut: 'body.scenes',
					options: {},
				}),
			runningHub: (name, own = {}, more = {}) => ({
				...node(name, NODE, 1, withWait({ ...VIDEO_PER_SCENE, ...own })),
				credentials: { [CREDENTIAL]: credential },
				...more,
			}),
			pair: pairNode,
			tell: (name) => tellNode(name, `${recorder.url}/${path}/${name}`),
		};
		const { webhook, scenes, runningHub, pair, tell } = parts;
		const nodes = [
			webhook(),
			scenes(),
			runningHub('RunningHub', parameters, settings),
			pair('Pair'),
			tell('results'),
			pair('Pair errors'),
			tell('errors'),
			...(next === undefined ? [] : [runningHub('RunningHub 2', next)]),
			...(wait === undefined
				? []
				: [node('Wait', 'n8n-nodes-base.wait', 1.1, wait, { webhookId: randomUUID() })]),
		];
		const behind = wait === undefined ? 'Pair' : 'Wait';
		const connections = {
			Webhook: to('Scenes'),
			Scenes: to('RunningHub'),
			RunningHub: to(next === undefined ? behind : 'RunningHub 2', 'Pair errors'),
			...(next !== undefined && { 'RunningHub 2': to(behind) }),
			...(wait !== undefined && { Wait: to('Pair') }),
			Pair: to('results'),
			'Pair errors': to('errors'),
		};
		const workflow = await host.api.importWorkflow({
			name: `Asleep ${path}`,
			...(flow?.(parts) ?? { nodes, connections }),
			settings: { executionOrder: 'v1', ...workflowSettings },
		});
		await host.api.publish(workflow);
		return new TestWorkflow(host, recorder, simulator, workflow, path, data);
	}

	get id(): string {
		return this.workflow.id;
	}

	/** Starts one execution, and gives its id. */
	async start(scenes: readonly string[]): Promise<string> {
		const before = (await this.host.api.executions(this.id)).map(({ id }) => id);
		const response = await this.call(scenes);
		if (!response.ok) throw new Error(`The webhook answered HTTP ${response.status}.`);
		return await this.begun(before);
	}

	/** Calls the webhook, and ends with its answer. */
	async call(scenes: readonly string[]): Promise<Response> {
		return await fetch(`${this.host.url}/webhook/${this.path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ scenes: scenes.map((scene) => ({ scene })) }),
		});
	}

	/** The id of the newest execution but those. */
	async begun(before: readonly string[] = []): Promise<string> {
		return await until('the execution to begin', 30, async () => {
			const all = await this.host.api.executions(this.id);
			return all.find(({ id }) => !before.includes(id))?.id;
		});
	}

	/** How often its executions have gone to sleep. */
	async sleeps(): Promise<number> {
		const lines = (await this.host.log())
			.split('\n')
			.filter((line) => line.includes('Asleep until'));
		const ids = this.simulator.tasks.map(({ taskId }) => taskId);
		return lines.filter((line) => ids.some((id) => line.includes(id))).length;
	}

	/** Starts one execution, and ends when n8n has put it to sleep. */
	async startAndSleep(scenes: readonly string[]): Promise<string> {
		const id = await this.start(scenes);
		await this.host.api.executionInStatus(id, 'waiting', 90);
		return id;
	}

	async finished(id: string, seconds = 90): Promise<Execution> {
		return await this.host.api.finishedExecution(id, seconds);
	}

	async allTasksEnded(): Promise<void> {
		await until('all tasks to end', 90, () =>
			this.simulator.tasks.every(({ endedAt }) => endedAt !== null),
		);
	}

	/** What the flow behind got, one entry for each time that it ran. */
	told(output = 'results'): Told[] {
		return this.recorder.told.filter(({ path }) => path === `/${this.path}/${output}`);
	}

	/** The scene that each paid task was made for, by task id. */
	scenesByTask(): Map<string, unknown> {
		return new Map(this.simulator.tasks.map(({ taskId, body }) => [taskId, body.prompt]));
	}

	/** The address that RunningHub got. */
	callbackUrl(): string {
		const [task] = this.simulator.tasks;
		if (typeof task?.webhookUrl !== 'string') throw new Error('No task has a webhookUrl.');
		return task.webhookUrl;
	}

	/** Its address is none any more, as when somebody has changed the credential. */
	async breakCredential(): Promise<void> {
		await this.changeCredential({ ...this.credentialData, baseUrl: 'no address' });
	}

	async mendCredential(): Promise<void> {
		await this.changeCredential(this.credentialData);
	}

	private async changeCredential(data: Record<string, unknown>): Promise<void> {
		await saveCredential(this.host.api, data, credentialName(this.path));
	}

	/** No callback is on its way any more, and n8n does nothing for this workflow. */
	async quiet(): Promise<void> {
		await this.simulator.callbacksIdle();
		await until('n8n to be at rest', 60, async () => {
			const executions = await this.host.api.executions(this.id);
			return executions.every(({ status }) => status !== 'running' && status !== 'new');
		});
	}
}

const credentialName = (path: string) => `RunningHub of ${path}`;

let nodesMade = 0;

export function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
	more: Record<string, unknown> = {},
): WorkflowNode {
	nodesMade += 1;
	const position = [nodesMade * 200, 0];
	return { id: randomUUID(), name, type, typeVersion, position, parameters, ...more };
}

/** The pairing of items is right if every item finds the scene that it comes from. */
function pairNode(name: string): WorkflowNode {
	const value = "={{ $('Scenes').item.json.scene }}";
	return node(name, 'n8n-nodes-base.set', 3.4, {
		assignments: { assignments: [{ id: 'scene', name: 'scene', type: 'string', value }] },
		includeOtherFields: true,
		options: {},
	});
}

function tellNode(name: string, url: string): WorkflowNode {
	const items = '$input.all().map((item) => item.json)';
	return node(
		name,
		'n8n-nodes-base.httpRequest',
		4.2,
		{
			method: 'POST',
			url,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: `={{ JSON.stringify({ execution: $execution.id, items: ${items} }) }}`,
			options: {},
		},
		{ executeOnce: true },
	);
}

/** Connections from one output each. */
export function to(...targets: string[]) {
	return { main: targets.map((target) => [{ node: target, type: 'main', index: 0 }]) };
}

/** Nodes, each of which hands on to the next. */
export function chain(...nodes: WorkflowNode[]): Pick<Workflow, 'nodes' | 'connections'> {
	const pairs = nodes.slice(1).map((next, index) => [nodes[index]?.name, to(next.name)]);
	return { nodes, connections: Object.fromEntries(pairs) };
}
