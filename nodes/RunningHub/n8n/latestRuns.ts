import type { IDataObject } from 'n8n-workflow';
import { n8nClock } from './clock';

/** What is kept of one run in n8n's node context. */
export interface KeptRun {
	submits: IDataObject;
	/** Of all runs of the node in the execution. */
	spending: IDataObject;
	run: {
		executionId: string;
		tries: number;
		startedAt: number;
		turns: number;
		timersAt: number[];
	};
}

/** Milliseconds. n8n does not run an execution with an older state: it waits for a free place, or for `webhook()`, less than that. */
const KEPT_MS = 60 * 60_000;

/**
 * The runs that have slept in this process, as they are now. n8n reads an execution, and may then have it wait for a place
 * (`N8N_CONCURRENCY_PRODUCTION_LIMIT`) or for `webhook()`; if it is woken and sleeps again meanwhile, n8n runs it with the
 * state that it has read. What was paid for in between is known here alone.
 */
const runs = new Map<string, { run: KeptRun; at: number }>();

/** @param key of the run: execution, node and run index */
export function rememberRun(key: string, run: KeptRun): void {
	const now = n8nClock.now();
	runs.delete(key);
	runs.set(key, { run, at: now });
	for (const [oldest, { at }] of runs) {
		if (now - at < KEPT_MS) break;
		runs.delete(oldest);
	}
}

/**
 * A copy of what is known of a run, unless the given state is newer, as where it has slept in another process.
 * @param turns how often it has gone to sleep or been woken, as n8n says
 */
export function latestRun(key: string, turns: number): KeptRun | undefined {
	const known = runs.get(key)?.run;
	return known !== undefined && known.run.turns > turns ? structuredClone(known) : undefined;
}
