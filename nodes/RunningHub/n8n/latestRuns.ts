import type { IDataObject } from 'n8n-workflow';

/** What is kept of one run in n8n's node context. */
export interface KeptRun {
	/** The store of the journal: an entry for each task. */
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

/** How many tasks, and runs without one, are remembered in all: about 10 MB. */
export const MAX_REMEMBERED = 10_000;

/**
 * The runs of this process, as they are now: what they hold is what n8n keeps as well, and changes with it.
 *
 * n8n reads an execution that waits, and may then have it wait for a place (`N8N_CONCURRENCY_PRODUCTION_LIMIT`), for as long
 * as it takes and once more every minute, or for `webhook()`. If another wake comes first, and the execution waits again
 * further on, n8n writes back what it has read and runs all nodes from there once more. What they have paid for is known
 * here alone. So every run is remembered, whether or not it has slept, and bounded by their number: a wake may be as late
 * as it likes.
 */
const runs = new Map<string, KeptRun>();

/** @param key of the run: execution, node and run index */
export function rememberRun(key: string, run: KeptRun): void {
	runs.delete(key);
	runs.set(key, run);
	let remembered = 0;
	for (const [known, { submits }] of [...runs].reverse()) {
		remembered += Math.max(1, Object.keys(submits).length);
		if (remembered > MAX_REMEMBERED && known !== key) runs.delete(known);
	}
}

/**
 * A copy of what is known of a run, unless the given state is newer, as where it has slept in another process.
 * @param turns how often it has gone to sleep or been woken, as n8n says; undefined = n8n knows of no such run
 */
export function latestRun(key: string, turns: number | undefined): KeptRun | undefined {
	const known = runs.get(key);
	const isOutdated = known !== undefined && (turns === undefined || known.run.turns > turns);
	return isOutdated ? structuredClone(known) : undefined;
}
