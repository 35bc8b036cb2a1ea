import { bytesAtRest, MB, watchPeak } from '../memory';
import { doneItems, lastRun, type Published, run } from './execution';
import type { N8nInstance } from './n8nInstance';

/** One file on its way through one node. */
export interface Transfer {
	/** The most memory meanwhile, over n8n's at rest before the first file. */
	growthMB: number;
	/** By n8n's own clock, for the node alone. */
	mbPerSecond: number;
}

export interface TransferFlow {
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
export async function transferSizes(
	instance: N8nInstance,
	flow: TransferFlow,
	sizes: readonly number[],
): Promise<Map<number, Transfer>> {
	await instance.restart();
	await transfer(instance, flow, 1);
	const rest = await bytesAtRest(instance.pid());
	const transfers = new Map<number, Transfer>();
	for (const megabytes of sizes) {
		const peak = watchPeak(instance.pid());
		const mbPerSecond = await transfer(instance, flow, megabytes).finally(peak);
		transfers.set(megabytes, { growthMB: (peak() - rest) / MB, mbPerSecond });
	}
	return transfers;
}

/** One file. Gives the megabytes a second that the node has made. */
export async function transfer(
	instance: N8nInstance,
	{ workflow, node, item, after }: TransferFlow,
	megabytes: number,
	mbPerSecond?: number,
): Promise<number> {
	const { execution } = await run(instance, workflow, [await item(megabytes, mbPerSecond)]);
	if (doneItems(execution).length !== 1) throw new Error(`${node} has lost a file.`);
	await after?.();
	return megabytes / (lastRun(execution, node).ms / 1000);
}

/** Measures each in turn, several times over: what else happens on the machine meets them all. */
export async function inRounds<Round>(
	times: number,
	log: (text: string) => void,
	candidates: Record<string, () => Promise<Round>>,
): Promise<Map<string, Round[]>> {
	const rounds = new Map<string, Round[]>(Object.keys(candidates).map((name) => [name, []]));
	for (let round = 1; round <= times; round += 1) {
		for (const [name, measure] of Object.entries(candidates)) {
			log(`${name}, round ${round} of ${times}`);
			rounds.get(name)?.push(await measure());
		}
	}
	return rounds;
}
