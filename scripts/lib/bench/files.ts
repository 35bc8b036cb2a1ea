import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultFile } from '../../../test/simulator';
import { SIMULATOR_KEY } from '../../../test/simulator';
import { run as runCommand } from '../commands.mjs';
import { type Bench, type BenchContext, repeated } from './bench';
import { doneItems, lastTurn, publish, type Published, run } from './execution';
import { atMost, type Baseline, type Figure, median, type Series } from './figure';
import type { Lab } from './lab';
import { bytesAtRest, MB, watchPeak } from './memory';
import { MODEL, type Place } from './workflows';
import {
	downloadByHand,
	type Flow,
	uploadByHand,
	uploadWithNode,
	withNode,
} from './workflows';

/** Large files through n8n, with binary data on the disk: memory and speed. */

/** One file through one flow. */
interface Passage {
	/** The most memory meanwhile, over n8n's at rest before the first file. */
	growthMB: number;
	/** By n8n's own clock, for the node alone. */
	mbPerSecond: number;
}

interface Contender {
	name: string;
	/** Its node, whose time counts. */
	node: string;
	flow: (place: Place) => Flow;
	/** Makes the flow's item for a file of so many megabytes. */
	item: (place: Place, megabytes: number, mbPerSecond?: number) => Promise<object>;
}

const OWN = 'this node';
const HTTP_REQUEST = 'HTTP Request';
const CURL = 'curl';

/** From a server as quick as this. */
const SERVER_MB_S = 50;

const fileOf = (megabytes: number, mbPerSecond?: number): ResultFile => ({
	type: 'mp4',
	bytes: megabytes * MB,
	...(mbPerSecond !== undefined && { bytesPerSecond: mbPerSecond * MB }),
});

const downloaders: Contender[] = [
	{
		name: OWN,
		node: 'RunningHub',
		flow: (place) => withNode(place, { downloadResults: true }),
		item: async ({ simulator }, megabytes, mbPerSecond) => {
			simulator.nextLives({ end: { kind: 'immediate', files: [fileOf(megabytes, mbPerSecond)] } });
			return { prompt: 'A large fox' };
		},
	},
	{
		name: HTTP_REQUEST,
		node: 'Download',
		flow: downloadByHand,
		item: async (place, megabytes, mbPerSecond) => ({
			url: await addressOf(place, fileOf(megabytes, mbPerSecond)),
		}),
	},
];

/** The address of a result that is there to be fetched. */
async function addressOf({ simulator }: Place, file: ResultFile): Promise<string> {
	simulator.nextLives({ end: { kind: 'immediate', files: [file] } });
	await fetch(`${simulator.baseUrl}/openapi/v2/${MODEL}`, {
		method: 'POST',
		headers: { authorization: `Bearer ${SIMULATOR_KEY}`, 'content-type': 'application/json' },
		body: JSON.stringify({ prompt: 'A large fox' }),
	});
	const url = simulator.tasks.at(-1)?.results[0]?.url;
	if (typeof url !== 'string') throw new Error('The simulator has made no file.');
	return url;
}

/** For each size, in their order: all of them in a process that was started for them, the first of which is not at fault. */
async function passages(
	lab: Lab,
	place: Place,
	{ node, item }: Contender,
	workflow: Published,
	sizes: number[],
): Promise<Map<number, Passage>> {
	await lab.restart();
	await run(lab, workflow, [await item(place, 1)]);
	const rest = await bytesAtRest(lab.pid());
	const results = new Map<number, Passage>();
	for (const megabytes of sizes) {
		const input = await item(place, megabytes);
		const peak = watchPeak(lab.pid());
		const { execution } = await run(lab, workflow, [input]);
		results.set(megabytes, {
			growthMB: (peak() - rest) / MB,
			mbPerSecond: megabytes / (lastTurn(execution, node).ms / 1000),
		});
		await emptied(lab.binaryFolder);
	}
	return results;
}
