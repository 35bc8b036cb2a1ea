import { doneItems, lastTurn, type Published, run } from './execution';
import type { Lab } from './lab';
import { bytesAtRest, MB, watchPeak } from './memory';

/** One file on its way through one node. */
export interface Passage {
	/** The most memory meanwhile, over n8n's at rest before the first file. */
	growthMB: number;
	/** By n8n's own clock, for the node alone. */
	mbPerSecond: number;
}

export interface Carrier {
	workflow: Published;
	/** The node whose time counts. */
	node: string;
	/** The workflow's item for a file of so many megabytes, from a server of this speed. */
	item: (megabytes: number, mbPerSecond?: number) => Promise<object>;
	/** Clears away what the last run has left. */
	after?: () => Promise<void>;
}

/**
 * Sends files of these sizes through n8n, the small ones first, in a process that was started for them: what it holds
 * on to after a file counts with the next one.
 */
export async function growing(
	lab: Lab,
	carrier: Carrier,
	sizes: readonly number[],
): Promise<Map<number, Passage>> {
	await lab.restart();
	await passed(lab, carrier, 1);
	const rest = await bytesAtRest(lab.pid());
	const passages = new Map<number, Passage>();
	for (const megabytes of sizes) {
		const peak = watchPeak(lab.pid());
		const mbPerSecond = await passed(lab, carrier, megabytes).finally(peak);
		passages.set(megabytes, { growthMB: (peak() - rest) / MB, mbPerSecond });
	}
	return passages;
}

/** One file. Gives the megabytes a second that the node has made. */
export async function passed(
	lab: Lab,
	{ workflow, node, item, after }: Carrier,
	megabytes: number,
	mbPerSecond?: number,
): Promise<number> {
	const { execution } = await run(lab, workflow, [await item(megabytes, mbPerSecond)]);
	if (doneItems(execution).length !== 1) throw new Error(`${node} has lost a file.`);
	await after?.();
	return megabytes / (lastTurn(execution, node).ms / 1000);
}
