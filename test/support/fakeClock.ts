import type { Clock } from '../../runninghub/base/clock';

interface Timer {
	at: number;
	ring(): void;
}

/** Time that passes only when a test says so: hours of waiting take milliseconds. */
export class FakeClock implements Clock {
	private time = 0;
	private timers: Timer[] = [];

	now(): number {
		return this.time;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		await new Promise<void>((resolve, reject) => {
			const onAbort = () => {
				this.timers = this.timers.filter((other) => other !== timer);
				reject(signal?.reason);
			};
			const timer: Timer = {
				at: this.time + Math.max(0, ms),
				ring: () => {
					signal?.removeEventListener('abort', onAbort);
					resolve();
				},
			};
			this.timers.push(timer);
			signal?.addEventListener('abort', onAbort, { once: true });
		});
	}

	/** How many sleeps are under way. */
	get sleepers(): number {
		return this.timers.length;
	}

	/** Lets `ms` milliseconds pass, with everything that falls due on the way. */
	async advance(ms: number): Promise<void> {
		const until = this.time + ms;
		await settle();
		for (let next = this.next(); next !== undefined && next.at <= until; next = this.next()) {
			this.ring(next);
			await settle();
		}
		this.time = Math.max(this.time, until);
	}

	/** The clock is suddenly so much later, as when a computer was asleep: what fell due meanwhile is late. */
	leap(ms: number): void {
		this.time += ms;
	}

	/**
	 * Lets time pass from one sleeper to the next until the work has ended.
	 * @throws what the work throws; Error when it waits for something other than this clock
	 */
	async run<T>(work: Promise<T>): Promise<T> {
		let ended = false;
		const end = () => {
			ended = true;
		};
		work.then(end, end);
		for (;;) {
			await settle();
			if (ended) return await work;
			const next = this.next();
			if (next === undefined) throw new Error('The work waits, but nothing sleeps.');
			this.ring(next);
		}
	}

	private next(): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of this.timers) {
			if (first === undefined || timer.at < first.at) first = timer;
		}
		return first;
	}

	private ring(timer: Timer): void {
		this.time = Math.max(this.time, timer.at);
		this.timers = this.timers.filter((other) => other !== timer);
		timer.ring();
	}
}

/** Until every promise that can go on has gone on. */
async function settle(): Promise<void> {
	await new Promise<void>((resolve) => setImmediate(resolve));
}
