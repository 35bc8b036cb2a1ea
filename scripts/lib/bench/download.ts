import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ResultFile, SIMULATOR_KEY } from '../../../test/simulator';
import { run as runCommand } from '../commands';
import { MB } from '../memory';
import type { Bench } from './bench';
import { publish } from './execution';
import { type Figure, figureFrom, median, OWN, type Series } from './figure';
import type { Backend, N8nInstance } from './n8nInstance';
import { inRounds, type Transfer, transfer, type TransferFlow, transferSizes } from './transfer';
import { downloadByHand, MODEL, withNode } from './workflows';

/** Results into n8n's binary data, as files on the disk. */

const HTTP_REQUEST = 'HTTP Request';
const CURL = 'curl';

/** A server that is not as fast as this machine is. */
const SERVER_MB_S = 50;
/** What counts as no growth: n8n's own ups and downs are of this size. */
const NO_GROWTH_MB = 64;

/** What one round has brought for one way to fetch files. */
interface Round {
	/** By megabytes; without growth for curl, which is a process of its own. */
	transfers: Map<number, Partial<Transfer>>;
	fromServerMBs: number;
}

export const download: Bench = {
	name: 'download',
	title: 'a result of up to 1 GB into binary data',
	inQuick: true,
	async run({ quick, instance: shared, log }) {
		const sizes = quick ? [30, 100] : [1, 10, 100, 300, 1000];
		const largest = Math.max(...sizes);
		const fromServerMB = quick ? 100 : largest;
		const instance = await shared();
		const backend = await instance.backend();
		const throughN8n = (flow: TransferFlow) => async (): Promise<Round> => ({
			transfers: await transferSizes(instance, flow, sizes),
			fromServerMBs: await transfer(instance, flow, fromServerMB, SERVER_MB_S),
		});
		const rounds = await inRounds<Round>(quick ? 1 : 3, log, {
			[OWN]: throughN8n(await ourFlow(instance, backend)),
			[HTTP_REQUEST]: throughN8n(await flowByHand(instance, backend)),
			[CURL]: async () => ({
				transfers: new Map([[largest, { mbPerSecond: await curl(instance, backend, largest) }]]),
				fromServerMBs: await curl(instance, backend, fromServerMB, SERVER_MB_S),
			}),
		});
		await backend.simulator.stop();
		return { figures: figuresOf(rounds, sizes, fromServerMB), series: seriesOf(rounds, sizes) };
	},
};

function figuresOf(
	rounds: ReadonlyMap<string, Round[]>,
	sizes: readonly number[],
	fromServerMB: number,
): Figure[] {
	const [medium = 0, large = 0] = sizes.slice(-2);
	const growth = sizes.map((size): Figure => {
		const figure = figureFrom(rounds, 'MB', growthAt(size));
		const byHand = median(figure.baselines?.[0]?.runs ?? []);
		return {
			what: `${nameOf(size)} result into binary data: memory growth`,
			...figure,
			...(size >= medium && {
				target: {
					text: `≤ HTTP Request, or ${NO_GROWTH_MB} MB`,
					isMet: (own) => own <= Math.max(byHand, NO_GROWTH_MB),
				},
			}),
		};
	});
	const difference = figureFrom(rounds, 'MB', (round) => {
		const [less, more] = [growthAt(medium)(round), growthAt(large)(round)];
		return less === undefined || more === undefined ? undefined : more - less;
	});
	const speed = figureFrom(rounds, 'MB/s', ({ transfers }) => transfers.get(large)?.mbPerSecond);
	const speedByHand = median(speed.baselines?.[0]?.runs ?? []);
	const throttled = figureFrom(rounds, 'MB/s', ({ fromServerMBs }) => fromServerMBs);
	const throttledCurl = median(throttled.baselines?.at(-1)?.runs ?? []);
	return [
		...growth,
		{
			what: `growth at ${nameOf(large)} over growth at ${nameOf(medium)}`,
			...difference,
			target: { text: `within ${NO_GROWTH_MB} MB`, isMet: (own) => own <= NO_GROWTH_MB },
		},
		{
			what: `${nameOf(large)} result from this machine: speed`,
			...speed,
			target: { text: '≥ 0.95 × HTTP Request', isMet: (own) => own >= 0.95 * speedByHand },
		},
		{
			what: `${nameOf(fromServerMB)} result from a server of ${SERVER_MB_S} MB/s: speed`,
			...throttled,
			// Of a smaller file n8n's own time for an execution is too large a part.
			...(fromServerMB >= 300 && {
				target: { text: '1.0 × curl', isMet: (own: number) => own >= 0.95 * throttledCurl },
			}),
		},
	];
}

const growthAt =
	(size: number) =>
	({ transfers }: Round) =>
		transfers.get(size)?.growthMB;

const nameOf = (megabytes: number) =>
	megabytes >= 1000 ? `${megabytes / 1000} GB` : `${megabytes} MB`;

function seriesOf(rounds: ReadonlyMap<string, Round[]>, sizes: readonly number[]): Series[] {
	return [OWN, HTTP_REQUEST].map(
		(who): Series => ({
			plot: 'memory',
			name: who,
			own: who === OWN,
			points: sizes.map((size): [number, number] => [
				size,
				Math.max(0, median((rounds.get(who) ?? []).map((round) => growthAt(size)(round) ?? NaN))),
			]),
		}),
	);
}

const fileOf = (megabytes: number, mbPerSecond?: number): ResultFile => ({
	type: 'mp4',
	bytes: megabytes * MB,
	...(mbPerSecond !== undefined && { bytesPerSecond: mbPerSecond * MB }),
});

async function ourFlow(instance: N8nInstance, backend: Backend): Promise<TransferFlow> {
	return {
		workflow: await publish(instance, withNode(backend, { downloadResults: true })),
		node: 'RunningHub',
		item: async (megabytes: number, mbPerSecond?: number) => {
			const files = [fileOf(megabytes, mbPerSecond)];
			backend.simulator.nextTaskScripts({ end: { kind: 'immediate', files } });
			return { prompt: 'A large fox' };
		},
		after: async () => await emptied(instance.binaryFolder),
	};
}

async function flowByHand(instance: N8nInstance, backend: Backend): Promise<TransferFlow> {
	return {
		workflow: await publish(instance, downloadByHand()),
		node: 'Download',
		item: async (megabytes: number, mbPerSecond?: number) => ({
			url: await addressOf(backend, fileOf(megabytes, mbPerSecond)),
		}),
		after: async () => await emptied(instance.binaryFolder),
	};
}

/** The address of a result that is there to be fetched. */
export async function addressOf({ simulator }: Backend, file: ResultFile): Promise<string> {
	simulator.nextTaskScripts({ end: { kind: 'immediate', files: [file] } });
	await fetch(`${simulator.baseUrl}/openapi/v2/${MODEL}`, {
		method: 'POST',
		headers: { authorization: `Bearer ${SIMULATOR_KEY}`, 'content-type': 'application/json' },
		body: JSON.stringify({ prompt: 'A large fox' }),
	});
	const url = simulator.tasks.at(-1)?.results[0]?.url;
	if (typeof url !== 'string') throw new Error('The simulator has made no file.');
	return url;
}

/** Onto the same disk, without n8n. Gives megabytes a second. */
async function curl(
	instance: N8nInstance,
	backend: Backend,
	megabytes: number,
	mbPerSecond?: number,
): Promise<number> {
	const url = await addressOf(backend, fileOf(megabytes, mbPerSecond));
	const args = ['-sS', '--fail', '-o', 'by-curl', '-w', '%{time_total}', url];
	const seconds = Number(await runCommand('curl', args, { cwd: instance.binaryFolder }));
	await emptied(instance.binaryFolder);
	return megabytes / seconds;
}

/** Files of a gigabyte are not left until the end. */
async function emptied(folder: string): Promise<void> {
	for (const entry of await readdir(folder)) {
		await rm(join(folder, entry), { recursive: true, force: true });
	}
}
