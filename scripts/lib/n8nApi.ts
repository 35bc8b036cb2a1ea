import { parse as parseFlatted } from 'flatted';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from './steps';
import { until } from './until';

export interface Login {
	email: string;
	password: string;
	firstName?: string;
	lastName?: string;
}

export interface Credential {
	name: string;
	type: string;
	data: Record<string, unknown>;
}

/** A credential as a node refers to it. */
export interface CredentialRef {
	id: string;
	name: string;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

export interface WorkflowNode {
	id?: string;
	name: string;
	type: string;
	position?: number[];
	parameters: Record<string, unknown>;
	credentials?: Record<string, CredentialRef>;
	[key: string]: unknown;
}

export interface Workflow {
	name: string;
	nodes: WorkflowNode[];
	connections: object;
	settings?: object;
	[key: string]: unknown;
}

export interface StoredWorkflow extends Workflow {
	id: string;
	versionId: string;
}

export interface BinaryData {
	id?: string;
	data?: string;
	mimeType: string;
	fileName?: string;
}

export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, BinaryData>;
	pairedItem?: unknown;
	error?: unknown;
}

export interface ExecutionError {
	message: string;
	description?: string | null;
	[key: string]: unknown;
}

/** One run of a node within an execution. */
export interface NodeRun {
	/** By the clock on the wall, in milliseconds. */
	startTime: number;
	/** In milliseconds. */
	executionTime: number;
	data?: { main: Array<Item[] | null> };
	hints?: unknown;
}

export interface Execution {
	id: string;
	status: string;
	stoppedAt?: string | null;
	/** When it is to wake. */
	waitTill?: string | null;
	data: {
		resultData: {
			runData: Record<string, NodeRun[]>;
			error?: ExecutionError;
			lastNodeExecuted?: string;
		};
	};
	workflowData: { id: string; name: string };
}

/** One of n8n's Agents. */
export interface Agent {
	name: string;
	/** Provider and name, e.g. `openai/gpt-5-mini`. */
	model: string;
	/** The id of the model's credential. */
	credential: string;
	instructions: string;
	tools: object[];
}

export interface AgentEvent {
	type: string;
	/** A part of what the agent says, of the type `text-delta`. */
	delta?: string;
	/** What is wrong, of the type `error`. */
	message?: string;
	/** Of the type `tool-call-suspended`. */
	payload?: SuspendedCall;
	[key: string]: unknown;
}

/** The call of a tool for which an agent has paused. */
export interface SuspendedCall {
	runId: string;
	toolCallId: string;
}

/** n8n 1 saves that an execution has ended before it saves with what. */
const SAVED_AFTER_MS = 150;

/** The states of an execution that stay as they are. */
const FINAL = new Set(['success', 'error', 'crashed', 'canceled']);

interface Settings {
	userManagement: { showSetupOnFirstLoad?: boolean };
}

interface Publication {
	status: string;
	triggers: Array<{ errorMessage?: string }>;
}

/** The REST interface that n8n's editor uses, of n8n 1.x and 2.x. */
export class N8nApi {
	#cookie = '';

	/** @param url of the n8n, e.g. `http://127.0.0.1:5678` */
	constructor(private readonly url: string) {}

	/** Logs in as the owner, whom the first call on a new n8n creates. */
	async signIn({
		email,
		password,
		firstName = 'RunningHub',
		lastName = 'Owner',
	}: Login): Promise<void> {
		const { userManagement } = await this.#call<Settings>('GET', '/settings');
		if (userManagement.showSetupOnFirstLoad)
			await this.#call('POST', '/owner/setup', { email, password, firstName, lastName });
		else await this.#call('POST', '/login', { emailOrLdapLoginId: email, email, password });
	}

	/** Creates the credential, or gives the one of that name and type these data. */
	async saveCredential(credential: Credential): Promise<CredentialRef> {
		const all: Array<CredentialRef & { type: string }> = await this.#call('GET', '/credentials');
		const known = all.find(
			({ name, type }) => name === credential.name && type === credential.type,
		);
		const { id, name } = known
			? await this.#call<CredentialRef>('PATCH', `/credentials/${known.id}`, credential)
			: await this.#call<CredentialRef>('POST', '/credentials', credential);
		return { id, name };
	}

	async credentialIds(): Promise<Set<string>> {
		const all: CredentialRef[] = await this.#call('GET', '/credentials');
		return new Set(all.map(({ id }) => id));
	}

	/** What the editor does after "Save" in a credential's window. */
	async testCredential(credential: Credential & { id: string }): Promise<CredentialTestResult> {
		return await this.#call('POST', '/credentials/test', { credentials: credential });
	}

	async findWorkflow(name: string): Promise<StoredWorkflow | undefined> {
		const filter = encodeURIComponent(JSON.stringify({ name }));
		const found: StoredWorkflow[] = await this.#call('GET', `/workflows?filter=${filter}`);
		const match = found.find((workflow) => workflow.name === name && !workflow.isArchived);
		return match && (await this.#call('GET', `/workflows/${match.id}`));
	}

	/** @param workflow as exported from an editor */
	async importWorkflow(workflow: Workflow): Promise<StoredWorkflow> {
		const { name, nodes, connections, settings = {}, pinData } = workflow;
		const body = { name, nodes, connections, settings, pinData, active: false };
		return await this.#call('POST', '/workflows', body);
	}

	async updateWorkflow({ id, ...workflow }: StoredWorkflow): Promise<StoredWorkflow> {
		const { versionId, name, nodes, connections, settings } = workflow;
		const body = { versionId, name, nodes, connections, settings };
		return await this.#call('PATCH', `/workflows/${id}`, body);
	}

	/** Activates ("publishes") a workflow and waits until its webhooks answer. */
	async publish({ id, versionId }: StoredWorkflow): Promise<void> {
		const response = await this.#request('POST', `/workflows/${id}/activate`, { versionId });
		if (response.status === 404) {
			// n8n 1.x
			await response.arrayBuffer();
			await this.#call('PATCH', `/workflows/${id}`, { versionId, active: true });
			return;
		}
		await this.#dataOf<object>(response, `POST /workflows/${id}/activate`);
		await this.untilPublished(id);
	}

	/** On n8n 2.x publishing goes on in the background; on 1.x there is nothing to wait for. */
	async untilPublished(workflowId: string): Promise<void> {
		await until(`workflow ${workflowId} to be published`, 30, async () => {
			const path = `/workflows/${workflowId}/publication-status`;
			const response = await this.#request('GET', path);
			if (response.status === 404) return true;
			const { status, triggers } = await this.#dataOf<Publication>(response, `GET ${path}`);
			if (status === 'failed')
				throw new UserError(`n8n could not publish the workflow: ${triggers[0]?.errorMessage}`);
			return status === 'published';
		});
	}

	/**
	 * Runs a workflow as the editor's "Execute workflow" button does.
	 * @param trigger name of the trigger node to start from
	 * @returns the execution's id
	 */
	async runWorkflow(workflow: StoredWorkflow, trigger: string): Promise<string> {
		const body = { workflowData: workflow, triggerToStartFrom: { name: trigger } };
		const path = `/workflows/${workflow.id}/run`;
		return String((await this.#call<{ executionId: string }>('POST', path, body)).executionId);
	}

	/** Newest first. */
	async executions(workflowId: string): Promise<Array<{ id: string; status: string }>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const path = `/executions?filter=${filter}`;
		return (await this.#call<{ results: Array<{ id: string; status: string }> }>('GET', path))
			.results;
	}

	async execution(id: string): Promise<Execution> {
		const execution = await this.#call<Execution & { data: string }>('GET', `/executions/${id}`);
		return { ...execution, data: execution.data && parseFlatted(execution.data) };
	}

	async finishedExecution(id: string, seconds = 60): Promise<Execution> {
		return await until(`execution ${id} to end`, seconds, async () => {
			const execution = await this.execution(id);
			if (!FINAL.has(execution.status)) return false;
			await sleep(SAVED_AFTER_MS);
			const saved = await this.execution(id);
			return (saved.status !== 'error' || errorOf(saved) !== undefined) && saved;
		});
	}

	async executionInStatus(id: string, status: string, seconds = 60): Promise<Execution> {
		return await until(`execution ${id} to be ${status}`, seconds, async () => {
			const execution = await this.execution(id);
			if (execution.status === status) return execution;
			if (FINAL.has(execution.status))
				throw new UserError(`Execution ${id} is ${execution.status}; it was to be ${status}.`);
			return false;
		});
	}

	/**
	 * "Retry" in the list of executions.
	 * @param workflow which workflow to retry it with
	 * @returns the new execution's id
	 */
	async retryExecution(id: string, workflow: 'asItWas' | 'asItIsNow'): Promise<string> {
		const loadWorkflow = workflow === 'asItIsNow';
		const path = `/executions/${id}/retry`;
		return String((await this.#call<{ id: string }>('POST', path, { loadWorkflow })).id);
	}

	async stopExecution(id: string): Promise<void> {
		await this.#call('POST', `/executions/${id}/stop`);
	}

	/**
	 * Creates one of n8n's Agents, which are no workflows (n8n 2 alone).
	 * @returns where it is
	 */
	async createAgent(agent: Agent): Promise<string> {
		const project = await this.#call<{ id: string }>('GET', '/projects/personal');
		const agents = `/projects/${project.id}/agents/v2`;
		const { name } = agent;
		const { id } = await this.#call<{ id: string }>('POST', agents, { name, schema: agent });
		return `${agents}/${id}`;
	}

	/**
	 * A message to an agent in its chat in the editor.
	 * @param agent where it is, as {@link createAgent} says
	 * @returns what happens until it has answered or paused
	 */
	async chatWithAgent(agent: string, message: string): Promise<AgentEvent[]> {
		return await this.#agentEvents(`${agent}/chat`, { message });
	}

	/**
	 * "Check for the result" in that chat, where the agent pauses for a workflow that sleeps.
	 * @returns what happens until it has answered or paused again
	 */
	async checkForResult(agent: string, { runId, toolCallId }: SuspendedCall): Promise<AgentEvent[]> {
		const resumeData = { type: 'button', value: 'continue' };
		return await this.#agentEvents(`${agent}/chat/resume`, { runId, toolCallId, resumeData });
	}

	async #agentEvents(path: string, body: object): Promise<AgentEvent[]> {
		const lines = (await (await this.#request('POST', path, body)).text()).split('\n');
		return lines
			.filter((line) => line.startsWith('data: '))
			.map((line) => JSON.parse(line.slice(6)));
	}

	/** The content of an item's file. */
	async binaryContent(binary: BinaryData): Promise<Buffer> {
		// Without an id the content is in the item itself.
		if (!binary.id) return Buffer.from(binary.data ?? '', 'base64');
		const path = `/binary-data?id=${encodeURIComponent(binary.id)}&action=download&mimeType=${encodeURIComponent(binary.mimeType)}`;
		const response = await this.#request('GET', path);
		if (!response.ok)
			throw new UserError(
				`n8n did not hand out the file ${binary.fileName ?? binary.id} (HTTP ${response.status}).`,
			);
		return Buffer.from(await response.arrayBuffer());
	}

	async #request(method: string, path: string, body?: object): Promise<Response> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: { 'content-type': 'application/json', cookie: this.#cookie },
			body: body && JSON.stringify(body),
		});
		const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		if (cookies.length > 0) this.#cookie = cookies.join('; ');
		return response;
	}

	/** What n8n answers is taken for what the caller asks for. */
	async #call<T>(method: string, path: string, body?: object): Promise<T> {
		return await this.#dataOf<T>(await this.#request(method, path, body), `${method} ${path}`);
	}

	async #dataOf<T>(response: Response, call: string): Promise<T> {
		const text = await response.text();
		if (response.ok) return JSON.parse(text).data;
		let reason = text;
		try {
			reason = JSON.parse(text).message ?? text;
		} catch {
			// Not JSON: the text itself says it.
		}
		throw new UserError(
			`n8n refused ${call.split('?')[0]} (HTTP ${response.status}): ${reason.slice(0, 300)}`,
		);
	}
}

/** What the node's last run handed on at its first output. */
export function itemsOf(execution: Execution, node: string): Item[] {
	return execution.data?.resultData?.runData?.[node]?.at(-1)?.data?.main?.[0] ?? [];
}

export function errorOf(execution: Execution): ExecutionError | undefined {
	return execution.data?.resultData?.error;
}
