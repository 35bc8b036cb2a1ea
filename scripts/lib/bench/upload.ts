import { MB } from '../memory';
import type { Bench } from './bench';
import { addressOf } from './download';
import { doneItems, publish, run } from './execution';
import { type Figure, figureFrom, OWN } from './figure';
import type { Backend, N8nInstance } from './n8nInstance';
import { inRounds, type Transfer, transferSizes } from './transfer';
import { downloadByHand, type Flow, uploadByHand, uploadWithNode } from './workflows';

/** Files of n8n's binary data to RunningHub. */

const HTTP_REQUEST = 'HTTP Request';
const SIZES_MB = [1, 30, 300] as const;
const [, SMALL_MB, LARGE_MB] = SIZES_MB;
const WITHIN_MB = 64;

export const upload: Bench = {
	name: 'upload',
	title: 'a binary field of 300 MB to RunningHub',
	inQuick: false,
	async run({ quick, instance: shared, log }) {
		const instance = await shared();
		const backend = await instance.backend();
		const files = await storedFiles(instance, backend);
		const upload = async (flow: Flow, node: string) => {
			const workflow = await publish(instance, flow);
			const item = async (megabytes: number) => files.get(megabytes) ?? {};
			return async () =>
				await transferSizes(instance, { workflow, node, item }, [SMALL_MB, LARGE_MB]);
		};
		const rounds = await inRounds(quick ? 1 : 3, log, {
			[OWN]: await upload(uploadWithNode(backend), 'RunningHub'),
			[HTTP_REQUEST]: await upload(uploadByHand(backend), 'Upload'),
		});
		await backend.simulator.stop();
		return { figures: figuresOf(rounds) };
	},
};

/** What n8n says of files that it has in its binary data, by their megabytes. */
async function storedFiles(instance: N8nInstance, backend: Backend): Promise<Map<number, object>> {
	const download = await publish(instance, downloadByHand());
	const files = new Map<number, object>();
	for (const megabytes of SIZES_MB) {
		const url = await addressOf(backend, { type: 'mp4', bytes: megabytes * MB });
		const { execution } = await run(instance, download, [{ url }]);
		const [stored] = doneItems(execution);
		files.set(megabytes, stored?.binary?.data ?? {});
	}
	return files;
}

function figuresOf(rounds: ReadonlyMap<string, Array<Map<number, Transfer>>>): Figure[] {
	const growth = (transfers: Map<number, Transfer>, size: number) =>
		transfers.get(size)?.growthMB ?? NaN;
	return [
		...[SMALL_MB, LARGE_MB].map(
			(size): Figure => ({
				what: `${size} MB uploaded: memory growth`,
				...figureFrom(rounds, 'MB', (transfers) => growth(transfers, size)),
			}),
		),
		{
			what: `growth at ${LARGE_MB} MB over growth at ${SMALL_MB} MB`,
			...figureFrom(
				rounds,
				'MB',
				(transfers) => growth(transfers, LARGE_MB) - growth(transfers, SMALL_MB),
			),
			target: { text: `within ${WITHIN_MB} MB`, isMet: (own) => own <= WITHIN_MB },
		},
		{
			what: `${LARGE_MB} MB uploaded: speed`,
			...figureFrom(rounds, 'MB/s', (transfers) => transfers.get(LARGE_MB)?.mbPerSecond),
		},
	];
}
