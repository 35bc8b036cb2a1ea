import { AccountBook, type AccountSettings } from './accounts';
import { AppBook, type SimulatedApp } from './apps';
import type { Delivery } from './callbacks/sender';
import { CallbackQueue, type CallbackOverrides } from './callbacks/queue';
import type { CallbackPlan, Release } from './callbacks/plan';
import { FaultBook, type Fault } from './faults';
import { FileStore, type Upload } from './files';
import { IdSource } from './ids';
import { TASK_SCRIPTS, TaskScriptQueue, type TaskScript } from './taskScripts';
import { LoraStore, type UploadedLora } from './loras';
import { QuickCreateBook, type SimulatedQuickCreate } from './quickCreates';
import { REGISTRY_PATH, type RegistryKind } from './registry';
import { asksForTask } from './routes';
import { close, createApiServer, createFilesServer, listen } from './server';
import { defaultSwitches, type Switches } from './switches';
import { TaskLedger, type SimulatedTask, type TaskEvent } from './tasks';
import { WorkflowBook, type SimulatedWorkflow } from './workflows';
import type { RecordedRequest, SimulatorState } from './state';

export {
	SIMULATOR_KEY,
	SIMULATOR_KEY_CONSUMER,
	SIMULATOR_KEY_EXCLUSIVE,
	SIMULATOR_KEY_FREE,
	SIMULATOR_KEY_NO_BALANCE,
	SIMULATOR_KEY_OTHER_SITE,
	type AccountSettings,
} from './accounts';
export type { Delivery } from './callbacks/sender';
export type { CallbackOverrides } from './callbacks/queue';
export type { CallbackPlan, Release } from './callbacks/plan';
export { generated } from './content';
export type { Fault } from './faults';
export type { Upload } from './files';
export {
	TASK_SCRIPTS,
	type TaskScript,
	type TaskEnd,
	type TaskScriptName,
	type ResultFile,
} from './taskScripts';
export { defaultSwitches, type Switches } from './switches';
export type { SimulatedTask, TaskEvent, TaskResult } from './tasks';
export type { UploadedLora } from './loras';
export type { AppField, SimulatedApp } from './apps';
export type { SimulatedQuickCreate } from './quickCreates';
export type { RegistryKind } from './registry';
export * from './samples/apps';
export * from './samples/newModels';
export * from './samples/quickCreates';
export * from './samples/workflows';
export type { SimulatedWorkflow } from './workflows';
export type { RecordedRequest } from './state';

export interface SimulatorOptions {
	/** 0, the default, takes any free port. */
	port?: number;
	filesPort?: number;
	/** 127.0.0.1 if not given. */
	host?: string;
	/** The host name in the URLs that the simulator hands out; `host` if not given. */
	publicHost?: string;
	/** 19 digits; 1900000000000000001 if not given. Of several simulators at the same time each may have ids of its own. */
	firstId?: string;
	switches?: Partial<Switches>;
	defaultTaskScript?: TaskScript;
	/** A clock of one's own; timed phases then end when somebody asks. */
	now?: () => number;
	onTask?: (event: TaskEvent) => void;
	/** What becomes of callbacks (`normal` if not given). */
	callbackPlan?: CallbackPlan;
	/** Every attempt to deliver a callback, once it has its answer or its error. */
	onDelivery?: (delivery: Delivery) => void;
}

/** A running RunningHub of one's own. */
export interface Simulator {
	/** Origins, without a slash at the end. */
	baseUrl: string;
	filesUrl: string;
	/** Where a public list of models is, for a credential's Model List URL. */
	registryUrl(kind: RegistryKind): string;
	/** Every request on both origins, in the order in which they came. */
	requests: RecordedRequest[];
	/** Every request that asked for a task, whatever became of it. */
	submits(): RecordedRequest[];
	/** Every task that was really made, and so paid for. */
	readonly tasks: SimulatedTask[];
	readonly uploads: Upload[];
	readonly loras: UploadedLora[];
	/** Every request on the files origin that brought a key or an Authorization header along. */
	leaks(): RecordedRequest[];
	addAccount(key: string, settings: Partial<AccountSettings>): void;
	addWorkflow(id: string, workflow: SimulatedWorkflow): void;
	addApp(id: string, app: SimulatedApp): void;
	addQuickCreate(webappId: string, module: SimulatedQuickCreate): void;
	/** The next tasks take these scripts, in order; after them the prompt's word or the default decides. */
	nextTaskScripts(...taskScripts: TaskScript[]): void;
	setDefaultTaskScript(script: TaskScript): void;
	addFault(fault: Fault): void;
	switches: Switches;
	/** Every attempt to deliver a callback, in the order in which they were answered or failed. */
	deliveries: Delivery[];
	/** What becomes of the callbacks of tasks whose script does not say. Looked at when a task ends. */
	callbackPlan: CallbackPlan;
	/** Sends all held callbacks; ends when each has its first answer or error. Failed ones are retried. */
	releaseCallbacks(release?: Release): Promise<Delivery[]>;
	/** One attempt with a task's callback as it would be now, with or without lies in it. */
	sendCallback(taskId: string, overrides?: CallbackOverrides): Promise<Delivery>;
	/** One attempt with any body to any address; a string goes as it is. */
	forgeCallback(url: string, body: unknown): Promise<Delivery>;
	/** Ends when no callback is on its way and none waits to be sent (again). Held ones do not count. */
	callbacksIdle(): Promise<void>;
	/** Back to how it was started: no requests, tasks, files, faults, task scripts, callbacks; ids go on. */
	reset(): void;
	stop(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const { host = '127.0.0.1', now = Date.now, defaultTaskScript = TASK_SCRIPTS.success } = options;
	const publicHost = options.publicHost ?? host;
	const initialSwitches = (): Switches => ({ ...defaultSwitches(), ...options.switches });
	let filesUrl = '';

	const accounts = new AccountBook();
	const files = new FileStore(() => filesUrl, now);
	const switches = initialSwitches();
	const ids = new IdSource(options.firstId);
	const callbacks: CallbackQueue = new CallbackQueue({
		state: () => state,
		switches,
		now,
		ids,
		initialPlan: options.callbackPlan ?? { kind: 'normal' },
		onDelivery: (delivery) => options.onDelivery?.(delivery),
	});
	const state: SimulatorState = {
		switches,
		accounts,
		files,
		loras: new LoraStore(() => filesUrl, now),
		workflows: new WorkflowBook(),
		apps: new AppBook(),
		quickCreates: new QuickCreateBook(),
		taskScripts: new TaskScriptQueue(defaultTaskScript),
		faults: new FaultBook(),
		callbacks,
		requests: [],
		now,
		ledger: new TaskLedger({
			accounts,
			ids,
			now,
			realTime: options.now === undefined,
			billFailedTasks: () => switches.billFailedTasks,
			callbackPollMs: () => switches.callbackPollMs,
			publish: (taskId, index, file) =>
				files.publish(taskId, index, file, switches.resultUrlLifetimeMs),
			onEvent: (event) => {
				options.onTask?.(event);
				callbacks.onTask(event);
			},
		}),
	};

	function reset(): void {
		Object.assign(state.switches, initialSwitches());
		state.accounts.reset();
		state.workflows.reset();
		state.apps.reset();
		state.quickCreates.reset();
		state.taskScripts.reset(defaultTaskScript);
		state.faults.clear();
		state.ledger.clear();
		state.callbacks.reset();
		state.files.clear();
		state.loras.clear();
		state.requests.length = 0;
	}

	const filesServer = createFilesServer(state);
	const apiServer = createApiServer(state, reset);
	filesUrl = `http://${publicHost}:${await listen(filesServer, options.filesPort ?? 0, host)}`;
	const port = await listen(apiServer, options.port ?? 0, host).catch(async (error: unknown) => {
		await close(filesServer);
		throw error;
	});

	return {
		baseUrl: `http://${publicHost}:${port}`,
		filesUrl,
		registryUrl: (kind) => `${filesUrl}${REGISTRY_PATH}${kind}`,
		requests: state.requests,
		submits: () =>
			state.requests.filter(
				({ origin, method, path }) => origin === 'api' && asksForTask(method, path),
			),
		get tasks() {
			state.ledger.refresh();
			return state.ledger.tasks;
		},
		uploads: files.uploads,
		loras: state.loras.loras,
		leaks: () => state.requests.filter(({ credentials = [] }) => credentials.length > 0),
		addAccount: (key, settings) => state.accounts.add(key, settings),
		addWorkflow: (id, workflow) => state.workflows.add(id, workflow),
		addApp: (id, app) => state.apps.add(id, app),
		addQuickCreate: (webappId, module) => state.quickCreates.add(webappId, module),
		nextTaskScripts: (...taskScripts) => state.taskScripts.push(...taskScripts),
		setDefaultTaskScript: (script) => state.taskScripts.setDefault(script),
		addFault: (fault) => state.faults.add(fault),
		switches: state.switches,
		deliveries: callbacks.deliveries,
		get callbackPlan() {
			return callbacks.plan;
		},
		set callbackPlan(plan) {
			callbacks.plan = plan;
		},
		releaseCallbacks: (release) => callbacks.release(release),
		sendCallback: (taskId, overrides) => callbacks.send(taskId, overrides),
		forgeCallback: (url, body) => callbacks.forge(url, body),
		callbacksIdle: () => callbacks.idle(),
		reset,
		async stop() {
			callbacks.close();
			await Promise.all([close(apiServer), close(filesServer)]);
			state.ledger.clear();
			state.files.clear();
		},
	};
}
