import type { Figure, Series } from './figure';
import type { N8nInstance } from './n8nInstance';
import type { QueueInstance } from './queueInstance';

/** A row group of the table, which can be run by itself. */
export interface Bench {
	/** For `--only`. */
	name: string;
	title: string;
	/** False for what takes longer than all of `--quick` may. */
	inQuick: boolean;
	/** May others of its kind be measured at the same time where time is short? It leaves n8n next to idle. */
	light?: boolean;
	run(bench: BenchContext): Promise<BenchResult>;
}

export interface BenchContext {
	quick: boolean;
	/** The n8n that all benches share, started when the first one asks for it. */
	instance(): Promise<N8nInstance>;
	/** Another one in queue mode, in the same way. */
	queueInstance(): Promise<QueueInstance>;
	/** Says what is being measured now. */
	log(text: string): void;
}

export interface BenchResult {
	figures: Figure[];
	series?: Series[];
}

/** Does the work for each, one after the other. */
export async function inTurn<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	for (const one of all) results.push(await work(one));
	return results;
}

/** Does the same several times, one after the other. */
export async function repeated<T>(times: number, work: (run: number) => Promise<T>): Promise<T[]> {
	return await inTurn([...Array(times).keys()], work);
}
