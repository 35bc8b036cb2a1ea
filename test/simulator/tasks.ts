import type { Account, AccountBook } from './accounts';
import { newClientId, type IdSource } from './ids';
import type { TaskScript, TaskEnd, ResultFile } from './taskScripts';

export type TaskKind = 'standardModel' | 'comfyWorkflow' | 'aiApp' | 'quickCreate';

/** One result of a finished task, before it is put into either generation's form. */
export interface TaskResult {
	nodeId: string;
	type: string;
	url: string | null;
	text: string | null;
}

/** A task that was really created, and so paid for. Plain data: the ledger can be read as JSON. */
export interface SimulatedTask {
	taskId: string;
	apiKey: string;
	kind: TaskKind;
	/** The model's endpoint, `run/workflow/<id>`, `run/ai-app/<id>`, or the path of the v1 call. */
	endpoint: string;
	body: Record<string, unknown>;
	/** Parameters that were sent in vain: beside what else was sent they count for nothing. */
	ignored: string[];
	webhookUrl: string | null;
	clientId: string;
	script: TaskScript;
	/** `CREATE QUEUED RUNNING SUCCESS FAILED CANCELLED`, or a script's own unknown status. */
	status: string;
	/** Polls answered so far, over all the calls that tell a status. */
	polls: number;
	createdAt: number;
	startedAt: number | null;
	endedAt: number | null;
	/** In the account's currency, or in RH coins for a consumer key. */
	cost: number;
	currency: 'CNY' | 'USD' | 'COINS';
	results: TaskResult[];
	/** Waits in the personal queue for a machine to be free. */
	held: boolean;
}

/** What a submit brings along. */
export interface NewTask {
	account: Account;
	kind: TaskKind;
	endpoint: string;
	body: Record<string, unknown>;
	ignored?: string[];
	webhookUrl: string | null;
	script: TaskScript;
	/** What the endpoint makes when the script does not say. */
	naturalResult: { files: ResultFile[]; texts: string[] };
	/** Known price of a model call; undefined = by runtime. */
	price: number | undefined;
	held: boolean;
}

export type TaskEvent = { what: 'created' | 'running' | 'ended'; task: SimulatedTask };

type Phase = 'CREATE' | 'QUEUED' | 'RUNNING' | 'UNKNOWN' | 'END';

/** Where a task stands in its script; kept beside the task so that the ledger stays readable. */
interface Progress {
	phase: Phase;
	phaseStartedAt: number;
	phasePolls: number;
	naturalResult: NewTask['naturalResult'];
	fixedPrice: number | undefined;
}

interface LedgerParts {
	accounts: AccountBook;
	ids: IdSource;
	now: () => number;
	/** Does real time pass, so that timed phases end also when nobody asks? */
	realTime: boolean;
	/** Are failed and cancelled tasks billed? */
	billFailedTasks: () => boolean;
	/** What a poll that a script counts is worth in milliseconds when nobody need ask. */
	callbackPollMs: () => number;
	publish: (taskId: string, index: number, file: ResultFile) => string;
	onEvent: (event: TaskEvent) => void;
}

/** A script that does not say what it makes. */
const NOTHING: { files?: ResultFile[]; texts?: string[] } = {};

/** Coins or money a second of machine time (reference 13: about 0.2 coins on 24 GB). */
const RUNTIME_PRICE = { COINS: 0.2, CNY: 0.002, USD: 0.0003 };

/** All tasks, and the only place that moves them through their scripts. */
export class TaskLedger {
	readonly tasks: SimulatedTask[] = [];
	private readonly progress = new Map<string, Progress>();
	private readonly timers = new Map<string, NodeJS.Timeout>();

	constructor(private readonly parts: LedgerParts) {}

	create(wanted: NewTask): SimulatedTask {
		const now = this.parts.now();
		const { account, kind, endpoint, body, webhookUrl, script, held } = wanted;
		const task: SimulatedTask = {
			taskId: this.parts.ids.next(),
			apiKey: account.key,
			kind,
			endpoint,
			body,
			ignored: wanted.ignored ?? [],
			webhookUrl,
			clientId: newClientId(),
			script,
			status: 'QUEUED',
			polls: 0,
			createdAt: now,
			startedAt: null,
			endedAt: null,
			cost: 0,
			currency: account.type === 'NORMAL' ? 'COINS' : account.currency,
			results: [],
			held,
		};
		this.tasks.push(task);
		this.progress.set(task.taskId, {
			phase: 'CREATE',
			phaseStartedAt: now,
			phasePolls: 0,
			naturalResult: wanted.naturalResult,
			fixedPrice: wanted.price,
		});
		if (wanted.price !== undefined) this.charge(task, wanted.price);
		this.parts.onEvent({ what: 'created', task });
		this.advance(task);
		this.wakeUpFor(task);
		return task;
	}

	/** The task, if it exists and belongs to this key. */
	find(taskId: string, apiKey: string): SimulatedTask | undefined {
		this.refresh();
		return this.tasks.find((task) => task.taskId === taskId && task.apiKey === apiKey);
	}

	/** Counts one poll: the status to answer with is the task's status before this poll moves anything on. */
	poll(task: SimulatedTask): void {
		this.refresh();
		task.polls += 1;
		const progress = this.progress.get(task.taskId);
		if (progress !== undefined) progress.phasePolls += 1;
	}

	/** Queued and running tasks of a key: what the concurrency limit counts. */
	active(apiKey: string): SimulatedTask[] {
		this.refresh();
		return this.tasks.filter((task) => task.apiKey === apiKey && task.endedAt === null);
	}

	cancel(task: SimulatedTask): void {
		this.end(task, 'CANCELLED', this.parts.now());
		this.refresh();
	}

	/** Moves every task to where it stands now. */
	refresh(): void {
		for (const task of this.tasks) if (task.endedAt === null) this.advance(task);
		this.releaseHeld();
	}

	clear(): void {
		for (const timer of this.timers.values()) clearTimeout(timer);
		this.timers.clear();
		this.progress.clear();
		this.tasks.length = 0;
	}

	private advance(task: SimulatedTask): void {
		const progress = this.progress.get(task.taskId);
		if (progress === undefined || task.held) return;
		while (progress.phase !== 'END') {
			const overAt = this.endOfPhase(task, progress);
			if (overAt === undefined) break;
			progress.phase = nextPhase(progress.phase, task.script.end);
			progress.phaseStartedAt = overAt;
			progress.phasePolls = 0;
			this.enter(task, progress, overAt);
			this.wakeUpFor(task);
		}
		if (progress.phase !== 'END') task.status = statusOf(progress.phase, task.script.end);
	}

	/** When the current phase ended; undefined while it lasts. */
	private endOfPhase(task: SimulatedTask, progress: Progress): number | undefined {
		const { polls, ms } = this.lengthFor(task, progress.phase);
		if (polls !== undefined && progress.phasePolls >= polls) return this.parts.now();
		if (ms === undefined) return polls === undefined ? progress.phaseStartedAt : undefined;
		const overAt = progress.phaseStartedAt + ms;
		return this.parts.now() >= overAt ? overAt : undefined;
	}

	/** By polls or by milliseconds; by whichever is first for a task that a callback is owed for. */
	private lengthFor(task: SimulatedTask, phase: Phase): { polls?: number; ms?: number } {
		const { polls, ms } = lengthOf(phase, task.script);
		if (polls === undefined) return { ms };
		if (task.webhookUrl === null) return { polls };
		return { polls, ms: ms ?? polls * this.parts.callbackPollMs() };
	}

	private enter(task: SimulatedTask, progress: Progress, at: number): void {
		if (progress.phase === 'RUNNING') {
			task.startedAt = at;
			task.status = 'RUNNING';
			if (!lastsNoTime(task.script)) this.parts.onEvent({ what: 'running', task });
		}
		if (progress.phase === 'END') this.end(task, endStatus(task.script.end), at);
	}

	private end(task: SimulatedTask, status: string, at: number): void {
		const progress = this.progress.get(task.taskId);
		if (progress === undefined || task.endedAt !== null) return;
		progress.phase = 'END';
		task.status = status;
		task.endedAt = at;
		task.held = false;
		if (status === 'SUCCESS') task.results = this.resultsOf(task, progress);
		this.settle(task, progress);
		this.parts.onEvent({ what: 'ended', task });
	}

	private resultsOf(task: SimulatedTask, progress: Progress): TaskResult[] {
		const { end } = task.script;
		if (end.kind === 'empty') return [];
		const { files, texts } = end.kind === 'success' || end.kind === 'immediate' ? end : NOTHING;
		const made =
			files === undefined && texts === undefined ? progress.naturalResult : { files, texts };
		return [
			...(made.files ?? []).map((file, index) => ({
				nodeId: file.nodeId ?? '9',
				type: file.type,
				url: this.parts.publish(task.taskId, index, file),
				text: null,
			})),
			...(made.texts ?? []).map((text) => ({ nodeId: '9', type: 'txt', url: null, text })),
		];
	}

	/** A model call was paid at the submit; machine time is paid at the end. */
	private settle(task: SimulatedTask, progress: Progress): void {
		const paysNothing = task.status !== 'SUCCESS' && !this.parts.billFailedTasks();
		if (progress.fixedPrice !== undefined) {
			if (paysNothing) this.charge(task, -progress.fixedPrice);
			return;
		}
		if (paysNothing || task.startedAt === null) return;
		const amount = secondsOf(task) * RUNTIME_PRICE[task.currency];
		this.charge(task, task.currency === 'COINS' ? Math.ceil(amount) : roundMoney(amount));
	}

	private charge(task: SimulatedTask, amount: number): void {
		task.cost = roundMoney(task.cost + amount);
		const account = this.parts.accounts.get(task.apiKey);
		if (account === undefined) return;
		const wallet = task.currency === 'COINS' ? 'coins' : 'money';
		this.parts.accounts.add(task.apiKey, { [wallet]: roundMoney(account[wallet] - amount) });
	}

	/** Starts tasks of the personal queue, oldest first, while their key has a free machine. */
	private releaseHeld(): void {
		for (const task of this.tasks) {
			if (!task.held) continue;
			const limit = this.parts.accounts.get(task.apiKey)?.concurrencyLimit ?? 0;
			const working = this.tasks.filter(
				(other) => other.apiKey === task.apiKey && other.endedAt === null && !other.held,
			);
			if (working.length >= limit) continue;
			task.held = false;
			const progress = this.progress.get(task.taskId);
			if (progress !== undefined) progress.phaseStartedAt = this.parts.now();
			this.advance(task);
			this.wakeUpFor(task);
		}
	}

	/** Timed phases end on time also when nobody asks. */
	private wakeUpFor(task: SimulatedTask): void {
		clearTimeout(this.timers.get(task.taskId));
		this.timers.delete(task.taskId);
		const progress = this.progress.get(task.taskId);
		if (!this.parts.realTime || progress === undefined) return;
		if (progress.phase === 'END' || task.held) return;
		const { ms } = this.lengthFor(task, progress.phase);
		if (ms === undefined || ms === Infinity) return;
		const wait = Math.max(1, progress.phaseStartedAt + ms - this.parts.now());
		const timer = setTimeout(
			() => {
				this.refresh();
				this.wakeUpFor(task);
			},
			Math.min(wait, 2 ** 31 - 1),
		);
		timer.unref();
		this.timers.set(task.taskId, timer);
	}
}

function nextPhase(phase: Phase, end: TaskEnd): Phase {
	switch (phase) {
		case 'CREATE':
			return 'QUEUED';
		case 'QUEUED':
			return 'RUNNING';
		case 'RUNNING':
			return end.kind === 'unknownStatus' ? 'UNKNOWN' : 'END';
		default:
			return 'END';
	}
}

/** How long a phase lasts: by polls, or by milliseconds, or (neither) not at all. */
function lengthOf(phase: Phase, script: TaskScript): { polls?: number; ms?: number } {
	const { end } = script;
	if (end.kind === 'immediate') return {};
	switch (phase) {
		case 'CREATE':
			return { polls: script.createPolls };
		case 'QUEUED':
			return { polls: script.queuedPolls, ms: script.queuedMs };
		case 'RUNNING':
			return end.kind === 'never'
				? { ms: Infinity }
				: { polls: script.runningPolls, ms: script.runningMs };
		case 'UNKNOWN':
			return end.kind === 'unknownStatus' && end.polls !== undefined
				? { polls: end.polls }
				: { ms: Infinity };
		case 'END':
			return {};
	}
}

const statusOf = (phase: Phase, end: TaskEnd): string =>
	phase === 'UNKNOWN' && end.kind === 'unknownStatus' ? end.status : phase;

function endStatus(end: TaskEnd): string {
	switch (end.kind) {
		case 'nodeException':
		case 'moderation':
		case 'failed':
			return 'FAILED';
		case 'cancelled':
			return 'CANCELLED';
		default:
			return 'SUCCESS';
	}
}

const lastsNoTime = (script: TaskScript): boolean =>
	(script.runningPolls ?? 0) === 0 && (script.runningMs ?? 0) === 0;

/** Machine time of a task in whole seconds. */
export function secondsOf(task: SimulatedTask): number {
	const from = task.startedAt ?? task.createdAt;
	return Math.max(0, Math.round(((task.endedAt ?? from) - from) / 1000));
}

export const roundMoney = (amount: number): number => Math.round(amount * 10_000) / 10_000;
