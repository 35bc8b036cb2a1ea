import type { RequestListener } from 'node:http';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
} from 'n8n-workflow';
import { RunningHubApi } from '../../credentials/RunningHubApi.credentials';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import { type LocalServer, startLocalServer } from '../support/localServer';
import { withWait } from '../support/waitOptions';
import {
	startSimulator,
	type TaskScript,
	type Simulator,
	type SimulatorOptions,
} from '../simulator';
import { NODE_NAME, runAsTool, startNode } from './harness';
import type { NodeRun, RunOptions, ToolOptions } from './harness';

/** As RunningHub's keys are: 32 characters. It is looked for in everything that a run leaves behind. */
export const KEY = '5ec2e70123456789abcdef0dec0deab1';

/** Ends before the first check. */
export const AT_ONCE: TaskScript = { end: { kind: 'success' } };
/** The answer to the submit already holds the result, so there is nothing to wait for. */
export const IMMEDIATE: TaskScript = { end: { kind: 'immediate' } };
export const NEVER: TaskScript = { end: { kind: 'never' } };

export const IMAGE = 'https://pictures.example/fox.jpg';
export const PNG =
	'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const CONTINUE = { nodeSettings: { onError: 'continueRegularOutput' as const } };
export const ERROR_OUTPUT = { nodeSettings: { onError: 'continueErrorOutput' as const } };

/** Image to Video as the form stands when it is opened, with its two required fields filled. */
export const submit = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'vidu',
	operation: 'submit',
	prompt: 'a fox turns its head',
	imageUrl: IMAGE,
	...more,
});

export const submitAndWait = (more: INodeParameters = {}): INodeParameters =>
	withWait(submit({ operation: 'submitAndWait', options: { pollInterval: 1 }, ...more }));

export const task = (
	operation: 'get' | 'cancel' | 'waitForResult',
	more: INodeParameters = {},
): INodeParameters => ({
	resource: 'task',
	operation,
	...(operation === 'waitForResult' ? withWait({ options: { pollInterval: 1 }, ...more }) : more),
});

export const itemsOf = (...json: IDataObject[]): INodeExecutionData[] =>
	json.map((one) => ({ json: one }));

export { withWait };

export type More = Partial<RunOptions>;

/** The node with a simulator of its own, so that tests can run at the same time. */
export interface Lab {
	simulator: Simulator;
	run(parameters: INodeParameters, more?: More): Promise<NodeRun>;
	start(parameters: INodeParameters, more?: More): ReturnType<typeof startNode>;
	asTool(
		parameters: INodeParameters,
		input: IDataObject,
		via?: ToolOptions['via'],
		more?: More & Pick<ToolOptions, 'trigger'>,
	): ReturnType<typeof runAsTool>;
	options(parameters: INodeParameters, more?: More): RunOptions;
}

/** Runs a test with a simulator whose tasks end at once, and looks for the key wherever it must not be. */
export async function inLab(
	test: (lab: Lab) => Promise<void>,
	options: SimulatorOptions = {},
): Promise<void> {
	const simulator = await startSimulator({ defaultTaskScript: AT_ONCE, ...options });
	simulator.addAccount(KEY, {});
	const started: Array<ReturnType<typeof startNode>> = [];
	try {
		await test(labFor(simulator, started));
		expectNoKeyInAddresses(simulator);
	} finally {
		// What a failed test leaves behind would wait for its tasks for ever.
		for (const { cancel } of started) cancel();
		await Promise.allSettled(started.map(async ({ finished }) => await finished));
		await simulator.stop();
	}
}

function labFor(simulator: Simulator, started: Array<ReturnType<typeof startNode>>): Lab {
	const options = (parameters: INodeParameters, more: More = {}): RunOptions => ({
		node: new RunningHub(),
		credentialTypes: [new RunningHubApi()],
		credentials: credential({ baseUrl: simulator.baseUrl }),
		parameters,
		...more,
	});
	const start: Lab['start'] = (parameters, more) => {
		const run = startNode(options(parameters, more));
		started.push(run);
		return { ...run, finished: run.finished.then(withoutKey) };
	};
	return {
		simulator,
		options,
		start,
		run: async (parameters, more) => await start(parameters, more).finished,
		asTool: async (parameters, input, via = 'supplyData', { trigger, ...more } = {}) =>
			withoutKey(await runAsTool(options(parameters, more), input, { via, trigger })),
	};
}

export const credential = (more: IDataObject = {}) => ({
	runningHubApi: {
		site: 'custom',
		apiKey: KEY,
		// No test asks a host on the internet.
		newerModels: false,
		...more,
	} as ICredentialDataDecryptedObject,
});

function withoutKey<R extends NodeRun>(run: R): R {
	expectNoKey(run);
	return run;
}

/** Nothing that n8n keeps, shows or hands on may hold the key, in any of the forms it is sent in. */
export function expectNoKey(value: unknown, key = KEY): void {
	const forms = [key, encodeURIComponent(key), Buffer.from(key).toString('base64')];
	const found = textsIn(value).filter(({ text }) => forms.some((form) => text.includes(form)));
	expect(found.map(({ path }) => path)).toEqual([]);
}

export function expectNoKeyInAddresses({ requests }: Simulator, key = KEY): void {
	for (const { origin, path, query, headers, body } of requests) {
		// The one call that has its key there and nowhere else (reference section 1.2).
		const { apiKey, ...others } = query;
		const shown = path.startsWith('/api/webapp/') ? others : { apiKey, ...others };
		expect(JSON.stringify([path, shown])).not.toContain(key);
		if (origin === 'files') expect(JSON.stringify([headers, body])).not.toContain(key);
	}
}

/** Every text in a value, also in what JSON leaves out: an error's message, its cause, hidden members. */
function textsIn(root: unknown): Array<{ path: string; text: string }> {
	const seen = new Set<unknown>();
	const found: Array<{ path: string; text: string }> = [];
	const walk = (value: unknown, path: string) => {
		if (typeof value === 'string') found.push({ path, text: value });
		if (typeof value !== 'object' || value === null || seen.has(value)) return;
		seen.add(value);
		if (Buffer.isBuffer(value)) {
			found.push({ path, text: value.toString('latin1') });
			return;
		}
		if (value instanceof Map) for (const entry of value.entries()) walk(entry, `${path}.entry`);
		if (value instanceof Set) for (const entry of value.values()) walk(entry, `${path}.entry`);
		for (const [name, { value: member }] of Object.entries(
			Object.getOwnPropertyDescriptors(value),
		)) {
			found.push({ path: `${path}.${name}`, text: name });
			walk(member, `${path}.${name}`);
		}
	};
	walk(root, '');
	return found;
}

const MEMBERS = ['taskId', 'status', 'source', 'url', 'text', 'results', 'usage', 'error'];
const numberOrNull = (value: unknown) => value === null || typeof value === 'number';
const textOrNull = (value: unknown) => value === null || typeof value === 'string';

/** The one shape of an output item, whatever became of its task. */
export function expectTaskShape(json: IDataObject | undefined): void {
	expect(Object.keys(json ?? {})).toEqual(MEMBERS);
	const { taskId, status, source, url, text, results, usage, error } = json ?? {};
	if (taskId !== null) expect(taskId).toMatch(/^\d{19}$/);
	expect(['QUEUED', 'RUNNING', 'SUCCESS', 'FAILED', 'CANCELLED', 'UNKNOWN']).toContain(status);
	for (const value of [source, url, text]) expect(textOrNull(value)).toBe(true);
	for (const result of results as IDataObject[]) {
		expect(Object.keys(result)).toEqual(['url', 'type', 'mimeType', 'text', 'nodeId']);
		expect(Object.values(result).every(textOrNull)).toBe(true);
	}
	expect(Object.keys(usage as IDataObject)).toEqual([
		'coins',
		'money',
		'thirdPartyMoney',
		'seconds',
	]);
	expect(Object.values(usage as IDataObject).every(numberOrNull)).toBe(true);
	if (error === null) return;
	const { code, message, kind, ...rest } = error as IDataObject;
	expect(textOrNull(code)).toBe(true);
	expect([typeof message, typeof kind]).toEqual(['string', 'string']);
	expect(Object.keys(rest).filter((name) => name !== 'nodeName')).toEqual([]);
}

export const jsonOf = (run: NodeRun, index = 0): IDataObject => run.items[index]?.json ?? {};

/** What stands above the output in the editor. */
export const hintsOf = ({ run }: NodeRun): unknown[] =>
	run.data.resultData.runData[NODE_NAME]?.at(-1)?.hints ?? [];

export const errorOf = (json: IDataObject): IDataObject => (json.error ?? {}) as IDataObject;

/** What a user reads: the red sentence and the one below it. */
export const shown = ({ error }: NodeRun): string =>
	error === undefined
		? ''
		: [error.message, 'description' in error ? (error.description ?? '') : ''].join(' | ');

export interface OtherHost extends LocalServer {
	requests: Array<{ url: string; headers: string; body: string }>;
}

/** A host that is no RunningHub. */
export async function startOtherHost(answer: RequestListener): Promise<OtherHost> {
	const requests: OtherHost['requests'] = [];
	const server = await startLocalServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			requests.push({
				url: request.url ?? '',
				headers: JSON.stringify(request.headers),
				body: Buffer.concat(chunks).toString(),
			});
			answer(request, response);
		});
	});
	return { ...server, requests };
}

/** Waits until something is so; fails when it does not come to be. */
export async function until(holds: () => boolean, withinMs = 5_000): Promise<void> {
	const deadline = Date.now() + withinMs;
	while (!holds()) {
		if (Date.now() > deadline) throw new Error('It did not come to be in time');
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}

/** Nothing listens here. */
export const CLOSED = 'http://127.0.0.1:1';
