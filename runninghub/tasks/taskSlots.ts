import { Detached } from './detachment';

/** The right to have one more task of a run under way. */
export interface TaskSlot {
	/** The task was accepted: from now on only its end frees the slot. */
	occupy(): void;
	/** It has ended, or was never made. */
	release(): void;
}

/**
 * How many tasks of one run may be under way at a time, in the order in which they are asked for.
 * Once `detach` is aborted, a slot is worth waiting for only while a submit may still be refused and free one.
 */
export class TaskSlots {
	private taken = 0;
	private deciding = 0;
	private readonly queue: Array<{ resolve(): void; reject(reason: Error): void }> = [];

	constructor(
		private readonly max: number,
		private readonly detach?: AbortSignal,
	) {
		detach?.addEventListener('abort', () => this.settle(), { once: true });
	}

	/** A task that runs already, whether there is room or not. */
	occupied(): TaskSlot {
		this.taken += 1;
		return this.slot('occupied');
	}

	/** @throws Detached where no slot will come free before the end of the wait */
	async acquire(): Promise<TaskSlot> {
		if (this.taken < this.max && this.queue.length === 0) {
			this.taken += 1;
			this.deciding += 1;
		} else {
			await new Promise<void>((resolve, reject) => {
				this.queue.push({ resolve, reject });
				this.settle();
			});
		}
		return this.slot('deciding');
	}

	private slot(state: 'deciding' | 'occupied' | 'released'): TaskSlot {
		return {
			occupy: () => {
				if (state !== 'deciding') return;
				state = 'occupied';
				this.deciding -= 1;
				this.settle();
			},
			release: () => {
				if (state === 'released') return;
				if (state === 'deciding') this.deciding -= 1;
				state = 'released';
				this.taken -= 1;
				this.settle();
			},
		};
	}

	/** Gives free slots to waiting jobs, or rejects them when no slot will come free. */
	private settle(): void {
		while (this.taken < this.max) {
			const next = this.queue.shift();
			if (next === undefined) return;
			this.taken += 1;
			this.deciding += 1;
			next.resolve();
		}
		if (!this.detach?.aborted || this.deciding > 0) return;
		for (const { reject } of this.queue.splice(0)) reject(new Detached());
	}
}
