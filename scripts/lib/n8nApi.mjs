import { setTimeout as sleep } from 'node:timers/promises';
import { parseFlatted } from './flatted.mjs';
import { UserError } from './steps.mjs';

/**
 * @typedef {{ email: string, password: string, firstName?: string, lastName?: string }} Login
 * @typedef {{ name: string, type: string, data: Record<string, unknown> }} Credential
 * @typedef {{ status: 'OK' | 'Error', message: string }} CredentialTestResult
 * @typedef {{ id?: string, name: string, type: string, parameters: Record<string, unknown>, credentials?: Record<string, { id: string, name: string }>, [key: string]: unknown }} WorkflowNode
 * @typedef {{ name: string, nodes: WorkflowNode[], connections: object, settings?: object, [key: string]: unknown }} Workflow
 * @typedef {Workflow & { id: string, versionId: string }} StoredWorkflow
 * @typedef {{ id?: string, data?: string, mimeType: string, fileName?: string }} BinaryData
 * @typedef {{ json: Record<string, any>, binary?: Record<string, BinaryData>, pairedItem?: unknown, error?: unknown }} Item
 * @typedef {{ message: string, description?: string | null, [key: string]: unknown }} ExecutionError
 * @typedef {object} Execution
 * @property {string} id
 * @property {string} status
 * @property {string | null} [stoppedAt]
 * @property {any} data
 * @property {{ id: string, name: string }} workflowData
 */

const BETWEEN_LOOKS_MS = 150;

/** The states of an execution that stay as they are. */
const FINAL = new Set(['success', 'error', 'crashed', 'canceled']);

/** The REST interface that n8n's editor uses, of n8n 1.x and 2.x. */
export class N8nApi {
	#url;
	#cookie = '';

	/** @param {string} url of the n8n, e.g. `http://127.0.0.1:5678` */
	constructor(url) {
		this.#url = url;
	}

	/**
	 * Logs in as the owner, whom the first call on a new n8n creates.
	 *
	 * @param {Login} login
	 */
	async signIn({ email, password, firstName = 'RunningHub', lastName = 'Owner' }) {
		const settings = await this.#call('GET', '/settings');
		if (settings.userManagement.showSetupOnFirstLoad)
			await this.#call('POST', '/owner/setup', { email, password, firstName, lastName });
		else await this.#call('POST', '/login', { emailOrLdapLoginId: email, email, password });
	}

	/**
	 * Creates the credential, or gives the one of that name and type these data.
	 *
	 * @param {Credential} credential
	 * @returns {Promise<{ id: string, name: string }>}
	 */
	async saveCredential(credential) {
		/** @type {Array<{ id: string, name: string, type: string }>} */
		const all = await this.#call('GET', '/credentials');
		const known = all.find(
			({ name, type }) => name === credential.name && type === credential.type,
		);
		const { id, name } = known
			? await this.#call('PATCH', `/credentials/${known.id}`, credential)
			: await this.#call('POST', '/credentials', credential);
		return { id, name };
	}

	/** @returns {Promise<Set<string>>} */
	async credentialIds() {
		/** @type {Array<{ id: string }>} */
		const all = await this.#call('GET', '/credentials');
		return new Set(all.map(({ id }) => id));
	}

	/**
	 * What the editor does after "Save" in a credential's window.
	 *
	 * @param {Credential & { id: string }} credential
	 * @returns {Promise<CredentialTestResult>}
	 */
	async testCredential(credential) {
		return await this.#call('POST', '/credentials/test', { credentials: credential });
	}

	/**
	 * @param {string} name
	 * @returns {Promise<StoredWorkflow | undefined>}
	 */
	async findWorkflow(name) {
		const filter = encodeURIComponent(JSON.stringify({ name }));
		/** @type {StoredWorkflow[]} */
		const found = await this.#call('GET', `/workflows?filter=${filter}`);
		const match = found.find((workflow) => workflow.name === name && !workflow.isArchived);
		return match && (await this.#call('GET', `/workflows/${match.id}`));
	}

	/**
	 * @param {Workflow} workflow as exported from an editor
	 * @returns {Promise<StoredWorkflow>}
	 */
	async importWorkflow({ name, nodes, connections, settings = {}, pinData }) {
		return await this.#call('POST', '/workflows', {
			name,
			nodes,
			connections,
			settings,
			pinData,
			active: false,
		});
	}

	/**
	 * @param {StoredWorkflow} workflow
	 * @returns {Promise<StoredWorkflow>}
	 */
	async updateWorkflow({ id, versionId, name, nodes, connections, settings }) {
		return await this.#call('PATCH', `/workflows/${id}`, {
			versionId,
			name,
			nodes,
			connections,
			settings,
		});
	}

	/**
	 * Activates ("publishes") a workflow and waits until its webhooks answer.
	 *
	 * @param {StoredWorkflow} workflow
	 */
	async publish({ id, versionId }) {
		const response = await this.#request('POST', `/workflows/${id}/activate`, { versionId });
		if (response.status === 404) {
			// n8n 1.x
			await response.arrayBuffer();
			await this.#call('PATCH', `/workflows/${id}`, { versionId, active: true });
			return;
		}
		await this.#dataOf(response, `POST /workflows/${id}/activate`);
		await this.untilPublished(id);
	}

	/**
	 * On n8n 2.x publishing goes on in the background; on 1.x there is nothing to wait for.
	 *
	 * @param {string} workflowId
	 */
	async untilPublished(workflowId) {
		await until(`workflow ${workflowId} to be published`, 30, async () => {
			const path = `/workflows/${workflowId}/publication-status`;
			const response = await this.#request('GET', path);
			if (response.status === 404) return true;
			const { status, triggers } = await this.#dataOf(response, `GET ${path}`);
			if (status === 'failed')
				throw new UserError(`n8n could not publish the workflow: ${triggers[0]?.errorMessage}`);
			return status === 'published';
		});
	}

	/**
	 * Runs a workflow as the editor's "Execute workflow" button does.
	 *
	 * @param {StoredWorkflow} workflow
	 * @param {string} trigger name of the trigger node to start from
	 * @returns {Promise<string>} the execution's id
	 */
	async runWorkflow(workflow, trigger) {
		const { executionId } = await this.#call('POST', `/workflows/${workflow.id}/run`, {
			workflowData: workflow,
			triggerToStartFrom: { name: trigger },
		});
		return String(executionId);
	}

	/**
	 * @param {string} workflowId
	 * @returns {Promise<Array<{ id: string, status: string }>>} newest first
	 */
	async executions(workflowId) {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		return (await this.#call('GET', `/executions?filter=${filter}`)).results;
	}

	/**
	 * @param {string} id
	 * @returns {Promise<Execution>}
	 */
	async execution(id) {
		const execution = await this.#call('GET', `/executions/${id}`);
		return { ...execution, data: execution.data && parseFlatted(execution.data) };
	}

	/**
	 * @param {string} id
	 * @param {number} [seconds]
	 */
	async finishedExecution(id, seconds = 60) {
		return await until(`execution ${id} to end`, seconds, async () => {
			const execution = await this.execution(id);
			if (!FINAL.has(execution.status)) return false;
			// n8n 1 saves that it has ended before it saves with what.
			await sleep(BETWEEN_LOOKS_MS);
			const saved = await this.execution(id);
			return (saved.status !== 'error' || errorOf(saved) !== undefined) && saved;
		});
	}

	/**
	 * @param {string} id
	 * @param {string} status
	 * @param {number} [seconds]
	 * @returns {Promise<Execution>}
	 */
	async executionInStatus(id, status, seconds = 60) {
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
	 *
	 * @param {string} id
	 * @param {'asItWas' | 'asItIsNow'} workflow which workflow to retry it with
	 * @returns {Promise<string>} the new execution's id
	 */
	async retryExecution(id, workflow) {
		const loadWorkflow = workflow === 'asItIsNow';
		return String((await this.#call('POST', `/executions/${id}/retry`, { loadWorkflow })).id);
	}

	/** @param {string} id */
	async stopExecution(id) {
		await this.#call('POST', `/executions/${id}/stop`);
	}

	/**
	 * The content of an item's file.
	 *
	 * @param {BinaryData} binary
	 * @returns {Promise<Buffer>}
	 */
	async binaryContent(binary) {
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

	/**
	 * @param {string} method
	 * @param {string} path
	 * @param {object} [body]
	 */
	async #request(method, path, body) {
		const response = await fetch(`${this.#url}/rest${path}`, {
			method,
			headers: { 'content-type': 'application/json', cookie: this.#cookie },
			body: body && JSON.stringify(body),
		});
		const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		if (cookies.length > 0) this.#cookie = cookies.join('; ');
		return response;
	}

	/**
	 * @param {string} method
	 * @param {string} path
	 * @param {object} [body]
	 * @returns {Promise<any>}
	 */
	async #call(method, path, body) {
		return await this.#dataOf(await this.#request(method, path, body), `${method} ${path}`);
	}

	/**
	 * @param {Response} response
	 * @param {string} call
	 * @returns {Promise<any>}
	 */
	async #dataOf(response, call) {
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

/**
 * @param {Execution} execution
 * @param {string} node
 * @returns {Item[]} what the node's last run handed on at its first output
 */
export function itemsOf(execution, node) {
	return execution.data?.resultData?.runData?.[node]?.at(-1)?.data?.main?.[0] ?? [];
}

/**
 * @param {Execution} execution
 * @returns {ExecutionError | undefined}
 */
export function errorOf(execution) {
	return execution.data?.resultData?.error;
}

/**
 * @template T
 * @param {string} what
 * @param {number} seconds
 * @param {() => Promise<T | false | undefined>} check
 * @returns {Promise<T>}
 */
async function until(what, seconds, check) {
	const deadline = Date.now() + seconds * 1000;
	for (;;) {
		const result = await check();
		if (result) return result;
		if (Date.now() > deadline) throw new UserError(`Waited ${seconds} s in vain for ${what}.`);
		await sleep(BETWEEN_LOOKS_MS);
	}
}
