import { setImmediate } from 'node:timers';
import { ExecutionLifecycleHooks, ExternalSecretsProxy, WorkflowExecute } from 'n8n-core';
import { Workflow, replaceCircularReferences } from 'n8n-workflow';
import type {
	IConnections,
	INode,
	INodeExecutionData,
	IRun,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	StructuredChunk,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { WORKFLOW_ID, readBinary, storeInlineBinary } from './binary';
import type { HarnessCredentials } from './credentials';
import { prepareEngine, withLog } from './engine';
import type { HarnessNodeTypes } from './node-types';
import type { NodeRun, StartedRun } from './types';

/** A workflow as it is saved, and the instance that it runs in. */
export interface Plan {
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	streaming?: boolean;
	calledByAgent?: boolean;
	nodeTypes: HarnessNodeTypes;
	credentials: HarnessCredentials;
	mode: WorkflowExecuteMode;
	instanceUrl?: string;
	/** The trigger to start from and what it gives out. */
	start: { name: string; items: INodeExecutionData[] };
	/** The node whose output becomes the `items` of the run; the last one that ran, if none is named. */
	watched?: string;
	/** The one whose output counts as what came out at the end; the same, if none is named. */
	recorder?: string;
}

export interface Instance {
	workflow: Workflow;
	additionalData: IWorkflowExecuteAdditionalData;
	log: string[];
	uiMessages: unknown[];
	chunks: StructuredChunk[];
}

type Execution = ReturnType<WorkflowExecute['run']>;

/** How each run was made, for what can be done with it later: retry it, let its deadline pass, call its webhook. */
const plans = new WeakMap<NodeRun, { plan: Plan; executionId: string }>();
let executions = 0;

/** As n8n's Agents give it to the workflows that they call. */
const AGENT_RUN = { parentAgentRun: { agentId: 'agent', threadId: 'thread', toolCallId: 'call' } };

export function startExecution(plan: Plan): StartedRun {
	return launch(plan, String(++executions), async (instance) => {
		const main = await storeInlineBinary(plan.start.items);
		const engine = new WorkflowExecute(instance.additionalData, plan.mode);
		const { workflow } = instance;
		instance.additionalData.hooks?.addHandler('workflowExecuteBefore', (_, data) => {
			if (plan.calledByAgent === true && data !== undefined) Object.assign(data, AGENT_RUN);
		});
		const data = {
			startTime: 0,
			executionIndex: 0,
			executionTime: 0,
			source: [],
			data: { main: [main] },
		};
		return () =>
			engine.run({
				workflow,
				startNode: workflow.getNode(plan.start.name) ?? undefined,
				triggerToStartFrom: { name: plan.start.name, data },
			});
	});
}

/** Goes on with saved run data, in a new process as it were: nothing of the earlier run is left but the data. */
export function continueExecution(
	previous: NodeRun,
	change: (data: IRunExecutionData, instance: Instance) => void | Promise<void>,
	options: { mode?: WorkflowExecuteMode; newExecution?: boolean } = {},
): StartedRun {
	const { plan, executionId } = planOf(previous);
	const id = options.newExecution ? String(++executions) : executionId;
	const mode = options.mode ?? plan.mode;
	return launch({ ...plan, mode }, id, async (instance) => {
		const data = savedCopy(previous.run.data);
		await change(data, instance);
		const engine = new WorkflowExecute(instance.additionalData, mode, data);
		return () => engine.processRunExecutionData(instance.workflow);
	});
}

export function planOf(run: NodeRun) {
	const known = plans.get(run);
	if (!known) throw new Error('This run was not made by the harness');
	return known;
}

/** What n8n gets back from its database. */
export function savedCopy(data: IRunExecutionData): IRunExecutionData {
	return JSON.parse(JSON.stringify(replaceCircularReferences(data))) as IRunExecutionData;
}

function launch(
	plan: Plan,
	executionId: string,
	prepare: (instance: Instance) => Promise<() => Execution>,
): StartedRun {
	let execution: Execution | undefined;
	let cancelled = false;
	let markStarted = () => {};
	const reached = new Promise<void>((resolve) => {
		markStarted = resolve;
	});

	const finished = (async () => {
		await prepareEngine();
		const instance = createInstance(plan, executionId);
		instance.additionalData.hooks?.addHandler('nodeExecuteBefore', (nodeName) => {
			// The hook runs just before the node does.
			if (nodeName === plan.watched) setImmediate(markStarted);
		});
		// A cancelled run is saved at once; what the node does after that changes nothing of it.
		let savedStatus: IRun['status'] | undefined;
		instance.additionalData.hooks?.addHandler('workflowExecuteAfter', ({ status }) => {
			savedStatus ??= status;
		});
		const begin = await prepare(instance);
		const run = await withLog(instance.log, async () => {
			execution = begin();
			if (cancelled) execution.cancel();
			return await execution;
		});
		const result = toNodeRun(plan, instance, { ...run, status: savedStatus ?? run.status });
		plans.set(result, { plan, executionId });
		return result;
	})();

	// A run that ends without reaching the node must not leave a test waiting for it.
	const started = Promise.race([reached, finished.then(() => {})]);
	started.catch(() => {});
	return {
		started,
		finished,
		cancel() {
			cancelled = true;
			execution?.cancel();
		},
	};
}

export function createInstance(plan: Plan, executionId: string): Instance {
	const nodes = structuredClone(plan.nodes);
	const workflowData = {
		id: WORKFLOW_ID,
		name: 'Harness',
		active: plan.mode !== 'manual',
		connections: plan.connections,
		settings: { executionOrder: 'v1' as const, ...plan.settings },
	};
	const workflow = new Workflow({ ...workflowData, nodes, nodeTypes: plan.nodeTypes });
	const log: string[] = [];
	const uiMessages: unknown[] = [];
	const chunks: StructuredChunk[] = [];
	const date = new Date();
	const hooks = new ExecutionLifecycleHooks(plan.mode, executionId, {
		...workflowData,
		nodes,
		activeVersionId: null,
		isArchived: false,
		createdAt: date,
		updatedAt: date,
	});
	if (plan.streaming) hooks.addHandler('sendChunk', (chunk) => void chunks.push(chunk));
	return {
		workflow,
		additionalData: additionalData(plan, executionId, hooks, uiMessages),
		log,
		uiMessages,
		chunks,
	};
}

/** The fields of n8n's own `getBase()`, with nothing behind them that needs a server or a database. */
function additionalData(
	plan: Plan,
	executionId: string,
	hooks: ExecutionLifecycleHooks,
	uiMessages: unknown[],
): IWorkflowExecuteAdditionalData {
	const base = (plan.instanceUrl ?? 'https://n8n.example.com').replace(/\/$/, '');
	const unavailable = (what: string) => async (): Promise<never> => {
		throw new Error(`${what} is not part of the harness`);
	};
	return {
		currentNodeExecutionIndex: 0,
		credentialsHelper: plan.credentials,
		executionId,
		workflowId: WORKFLOW_ID,
		workflowSettings: plan.settings,
		streamingEnabled: plan.streaming,
		hooks,
		variables: {},
		externalSecretsProxy: new ExternalSecretsProxy(),
		instanceBaseUrl: `${base}/`,
		restApiUrl: `${base}/rest`,
		formBaseUrl: `${base}/form`,
		formWaitingBaseUrl: `${base}/form-waiting`,
		formTestBaseUrl: `${base}/form-test`,
		webhookBaseUrl: `${base}/webhook`,
		webhookWaitingBaseUrl: `${base}/webhook-waiting`,
		webhookTestBaseUrl: `${base}/webhook-test`,
		mcpBaseUrl: `${base}/mcp`,
		mcpTestBaseUrl: `${base}/mcp-test`,
		setExecutionStatus: () => {},
		sendDataToUI: (_type, data) => uiMessages.push(...toMessages(data)),
		logAiEvent: () => {},
		executeWorkflow: unavailable('executeWorkflow'),
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		startRunnerTask: unavailable('startRunnerTask'),
	};
}

function toMessages(data: unknown): unknown[] {
	const { messages } = data as { messages?: unknown[] };
	return messages ?? [data];
}

function toNodeRun(plan: Plan, { log, uiMessages, chunks }: Instance, run: IRun): NodeRun {
	const { runData, error, lastNodeExecuted = '' } = run.data.resultData;
	const { watched = lastNodeExecuted, recorder = lastNodeExecuted } = plan;
	const lastRun = (name: string) => runData[name]?.at(-1);
	const outputOf = (name: string, output = 0) => lastRun(name)?.data?.main?.[output] ?? [];
	return {
		items: outputOf(watched),
		errorItems: outputOf(watched, 1),
		recorded: outputOf(recorder),
		error: error ?? lastRun(watched)?.error,
		run,
		log,
		uiMessages,
		chunks,
		outputOf,
		readBinary,
	};
}
