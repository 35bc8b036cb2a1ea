import type { IdSource } from '../ids';
import { isJsonObject } from '../json';
import type { Switches } from '../switches';
import type { SimulatedTask, TaskEvent } from '../tasks';
import type { SimulatorState } from '../state';
import { composeCallback, type Claims } from './compose';
import { CallbackSender, type Delivery, type Message } from './sender';
import { ordered, type CallbackPlan, type Release } from './plan';
import { isSuccess } from './post';

/** What RunningHub keeps of a callback (reference 8.4). */
export interface CallbackRecord {
	/** The `webhookId` of 8.5. */
	id: string;
	taskId: string;
	apiKey: string;
	url: string;
	/** What rightly belongs into the callback, whatever the plan made of it. */
	eventData: string;
	status: 'PENDING' | 'SUCCESS' | 'FAILED';
	/** The receiver's body, or an error text. */
	response: string;
	/** Attempts after the first, resends included. */
	retryCount: number;
	createdAt: number;
	updatedAt: number;
	/** How often it was sent again by hand; the retries of an earlier time are dropped. */
	resends: number;
}

/** What a callback sent by hand says and where it goes, where that is not the plain truth. */
export interface CallbackOverrides extends Claims {
	url?: string;
}

interface CallbackQueueDeps {
	/** What the simulator holds, this queue included. */
	state: () => SimulatorState;
	switches: Switches;
	now: () => number;
	ids: IdSource;
	initialPlan: CallbackPlan;
	onDelivery: (delivery: Delivery) => void;
}

/** Decides which callbacks are sent, when, and what they say; the sender carries them. */
export class CallbackQueue {
	/** For tasks whose script has no plan of its own. */
	plan: CallbackPlan;
	private readonly records: CallbackRecord[] = [];
	private held: Array<{ record: CallbackRecord; message: Message }> = [];
	private readonly sender: CallbackSender;

	constructor(private readonly deps: CallbackQueueDeps) {
		this.plan = deps.initialPlan;
		this.sender = new CallbackSender(deps);
	}

	get deliveries(): Delivery[] {
		return this.sender.deliveries;
	}

	/** Only the end of a task is told (reference 8.1), but an early callback comes before it. */
	onTask({ what, task }: TaskEvent): void {
		if (task.webhookUrl === null) return;
		if (what === 'created') this.sendEarly(task, task.webhookUrl);
		if (what === 'ended') this.onEnd(task, task.webhookUrl);
	}

	/** The record of a task of this key. */
	recordOf(taskId: string, apiKey: string): CallbackRecord | undefined {
		return this.records.find((record) => record.taskId === taskId && record.apiKey === apiKey);
	}

	recordWithId(id: string, apiKey: string): CallbackRecord | undefined {
		return this.records.find((record) => record.id === id && record.apiKey === apiKey);
	}

	/** Sends a task's callback again, rightly, and from now on to this address (reference 8.5). */
	resend(record: CallbackRecord, url: string): void {
		const task = this.task(record.taskId);
		if (task === undefined) return;
		record.url = url;
		record.status = 'PENDING';
		record.resends += 1;
		record.updatedAt = this.deps.now();
		this.held = this.held.filter((entry) => entry.record !== record);
		void this.sender.deliver(this.message(record, task));
	}

	/** Sends everything that is held. Ends when each has had its first answer or error. */
	release({ order, atOnce = false }: Release = {}): Promise<Delivery[]> {
		const messages = ordered(this.held, order).map(({ message }) => message);
		this.held = [];
		return atOnce
			? Promise.all(messages.map((message) => this.sender.deliver(message)))
			: this.sender.deliverInTurn(messages);
	}

	/** One attempt with a task's callback as it would be now. It leaves no trace in the task's record. */
	async send(taskId: string, overrides: CallbackOverrides = {}): Promise<Delivery> {
		const { url: otherUrl, ...claims } = overrides;
		const task = this.task(taskId);
		if (task === undefined) throw new Error(`There is no task ${taskId}.`);
		const url = otherUrl ?? task.webhookUrl;
		if (url === null) throw new Error(`Task ${taskId} has no webhookUrl: say where to send it.`);
		const { body } = composeCallback(this.state, task, claims);
		return await this.sender.attempt({ taskId, url, body });
	}

	/** One attempt with whatever body; a text goes as it is. */
	async forge(url: string, body: unknown): Promise<Delivery> {
		const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
		const claimed = isJsonObject(body) ? body.taskId : undefined;
		const taskId = typeof claimed === 'string' ? claimed : '';
		return await this.sender.attempt({ taskId, url, body: text });
	}

	idle(): Promise<void> {
		return this.sender.idle();
	}

	reset(): void {
		this.sender.cancel();
		this.records.length = 0;
		this.held = [];
		this.plan = this.deps.initialPlan;
	}

	close(): void {
		this.sender.close();
	}

	private sendEarly(task: SimulatedTask, url: string): void {
		const plan = this.planOf(task);
		if (plan.kind !== 'early') return;
		this.sender.later(plan.afterMs ?? 0, () => {
			if (task.endedAt !== null) return undefined;
			const { body } = composeCallback(this.state, task, { status: 'SUCCESS' });
			return { taskId: task.taskId, url, body };
		});
	}

	private onEnd(task: SimulatedTask, url: string): void {
		const { now, switches } = this.deps;
		if (task.status === 'CANCELLED' && !switches.callbackOnCancel) return;
		const record: CallbackRecord = {
			id: this.deps.ids.next(),
			taskId: task.taskId,
			apiKey: task.apiKey,
			url,
			eventData: composeCallback(this.state, task).eventData,
			status: 'PENDING',
			response: '',
			retryCount: 0,
			createdAt: now(),
			updatedAt: now(),
			resends: 0,
		};
		this.records.push(record);
		this.carryOut(this.planOf(task), record, task);
	}

	private carryOut(plan: CallbackPlan, record: CallbackRecord, task: SimulatedTask): void {
		const message = this.message(record, task, this.claimsOf(plan, task));
		switch (plan.kind) {
			case 'lost':
				return;
			case 'held':
				this.held.push({ record, message });
				return;
			case 'late':
				return this.sender.later(plan.delayMs, () => message);
			case 'doubled': {
				const { times = 2, everyMs = 0 } = plan;
				for (let copy = 0; copy < times; copy += 1) {
					this.sender.later(copy * everyMs, () => message);
				}
				return;
			}
			case 'early':
				if (plan.andAtEnd === false) return;
				break;
			case 'partial':
				if (plan.form === 'noEventData') break;
				message.body = message.body.slice(0, Math.floor(message.body.length / 2));
				break;
			default:
		}
		void this.sender.deliver(message);
	}

	private claimsOf(plan: CallbackPlan, task: SimulatedTask): Claims {
		switch (plan.kind) {
			case 'wrongStatus':
				return { status: task.status === 'SUCCESS' ? 'FAILED' : 'SUCCESS' };
			case 'unknownTask':
				return { taskId: plan.taskId ?? this.deps.ids.next() };
			case 'partial':
				return plan.form === 'noEventData' ? { eventData: false } : {};
			default:
				return {};
		}
	}

	private message(record: CallbackRecord, task: SimulatedTask, claims: Claims = {}): Message {
		const { resends } = record;
		const { body } = composeCallback(this.state, task, claims);
		return {
			taskId: record.taskId,
			url: record.url,
			body,
			isStale: () => record.resends !== resends,
			onAttempt: (delivery, willRetry) => {
				if (delivery.attempt > 1 || resends > 0) record.retryCount += 1;
				record.updatedAt = this.deps.now();
				record.response = delivery.answer ?? delivery.error ?? '';
				if (isSuccess(delivery)) record.status = 'SUCCESS';
				else if (!willRetry && record.status !== 'SUCCESS') record.status = 'FAILED';
			},
		};
	}

	private planOf = (task: SimulatedTask): CallbackPlan => task.script.callback ?? this.plan;

	private task(taskId: string): SimulatedTask | undefined {
		const { ledger } = this.state;
		ledger.refresh();
		return ledger.tasks.find((task) => task.taskId === taskId);
	}

	private get state(): SimulatorState {
		return this.deps.state();
	}
}
