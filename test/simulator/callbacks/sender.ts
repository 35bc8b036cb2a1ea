import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Switches } from '../switches';
import { isSuccess, postJson, type Outcome } from './post';

/** One attempt to deliver a callback. */
export interface Delivery extends Outcome {
	/** When it was sent: milliseconds, by the simulator's clock. */
	at: number;
	/** The task that it is about, whatever id the body names; empty for a forged one that names none. */
	taskId: string;
	url: string;
	/** 1, and one more for every retry of the same callback. */
	attempt: number;
	body: string;
}

export interface Message {
	taskId: string;
	url: string;
	body: string;
	onAttempt?: (delivery: Delivery, willRetry: boolean) => void;
	/** Has it been overtaken, so that it need not be sent any more? */
	isStale?: () => boolean;
}

interface CallbackSenderDeps {
	switches: Switches;
	now: () => number;
	onDelivery: (delivery: Delivery) => void;
}

/** No timer of Node's lasts longer. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/**
 * Carries messages to their addresses, again and again until one answers 2xx (reference 8.3, 15.9).
 * Its waits are by the real clock, also in a simulator with a clock of its own.
 */
export class CallbackSender {
	/** Every attempt that has had its answer or its error, in that order. */
	readonly deliveries: Delivery[] = [];
	private readonly working = new Set<Promise<unknown>>();
	private round = newRound();

	constructor(private readonly deps: CallbackSenderDeps) {}

	/** Tries once. */
	async attempt(message: Message, attempt = 1, canRetry = false): Promise<Delivery> {
		const { signal } = this.round;
		const { switches, now } = this.deps;
		const at = now();
		const { taskId, url, body } = message;
		const work = postJson(url, body, {
			timeoutMs: switches.callbackTimeoutMs,
			followRedirects: switches.callbackRedirects === 'followed',
			signal,
		});
		const delivery: Delivery = { at, taskId, url, attempt, body, ...(await this.track(work)) };
		if (signal.aborted) return delivery;
		this.deliveries.push(delivery);
		const willRetry = canRetry && !isSuccess(delivery) && attempt <= switches.callbackRetries;
		message.onAttempt?.(delivery, willRetry);
		this.deps.onDelivery(delivery);
		return delivery;
	}

	/** Delivers a message; ends with its first attempt, while the retries go on by themselves. */
	deliver(message: Message): Promise<Delivery> {
		const { signal } = this.round;
		const work = async () => {
			const first = await this.attempt(message, 1, true);
			if (!isSuccess(first)) void this.track(this.retry(message, signal));
			return first;
		};
		return this.track(work());
	}

	/** Delivers each message when the one before has had its first attempt. */
	async deliverInTurn(messages: Message[]): Promise<Delivery[]> {
		const { signal } = this.round;
		const deliveries: Delivery[] = [];
		for (const message of messages) {
			if (!signal.aborted) deliveries.push(await this.deliver(message));
		}
		return deliveries;
	}

	/** Delivers a message, if there is one then, after a wait. */
	later(ms: number, message: () => Message | undefined): void {
		const { signal } = this.round;
		const work = async () => {
			if (!(await elapsed(ms, signal))) return;
			const due = message();
			if (due !== undefined && due.isStale?.() !== true) await this.deliver(due);
		};
		void this.track(work());
	}

	/** Ends when nothing is on its way and nothing waits to be sent (again). */
	async idle(): Promise<void> {
		while (this.working.size > 0) await Promise.all(this.working);
	}

	/** Breaks off and forgets everything. */
	cancel(): void {
		this.close();
		this.deliveries.length = 0;
		this.round = newRound();
	}

	/** Breaks off everything, now and from now on; what was recorded stays readable. */
	close(): void {
		this.round.abort();
	}

	private async retry(message: Message, signal: AbortSignal): Promise<void> {
		const { switches } = this.deps;
		for (let attempt = 2; attempt <= switches.callbackRetries + 1; attempt += 1) {
			if (!(await elapsed(switches.callbackRetryDelayMs, signal))) return;
			if (message.isStale?.() === true) return;
			if (isSuccess(await this.attempt(message, attempt, true))) return;
		}
	}

	private async track<T>(work: Promise<T>): Promise<T> {
		this.working.add(work);
		try {
			return await work;
		} finally {
			this.working.delete(work);
		}
	}
}

function newRound(): AbortController {
	const round = new AbortController();
	// Many callbacks may be on their way at one time.
	setMaxListeners(0, round.signal);
	return round;
}

/** Waits; `false` when broken off. The process may end in the meantime. */
async function elapsed(ms: number, signal: AbortSignal): Promise<boolean> {
	try {
		await sleep(Math.min(ms, MAX_WAIT_MS), undefined, { signal, ref: false });
		return true;
	} catch {
		return false;
	}
}
