import type { Bench } from './bench';
import { addressOf } from './download';
import { doneItems, publish, run } from './execution';
import { type Figure, figureFrom, OWN } from './figure';
import type { Lab } from './lab';
import { MB } from './memory';
import { type Carrier, growing, type Passage } from './passage';
import { downloadByHand, type Place, uploadByHand, uploadWithNode } from './workflows';

/** Files of n8n's binary data to RunningHub. */

const HTTP_REQUEST = 'HTTP Request';
const SIZES_MB = [1, 30, 300] as const;
const [, SMALL_MB, LARGE_MB] = SIZES_MB;
const WITHIN_MB = 64;

export const upload: Bench = {
	name: 'upload',
	title: 'a binary field of 300 MB to RunningHub',
	inQuick: false,
	async run({ quick, lab: shared, say }) {
		const times = quick ? 1 : 3;
		const lab = await shared();
		const place = await lab.place();
		const files = await storedFiles(lab, place);
		const item = async (megabytes: number) => files.get(megabytes) ?? {};
		const carriers: Array<[string, Carrier]> = [
			[OWN, { workflow: await publish(lab, uploadWithNode(place)), node: 'RunningHub', item }],
			[HTTP_REQUEST, { workflow: await publish(lab, uploadByHand(place)), node: 'Upload', item }],
		];
		const rounds = new Map<string, Array<Map<number, Passage>>>(carriers.map(([who]) => [who, []]));
		for (let round = 1; round <= times; round += 1) {
			for (const [who, carrier] of carriers) {
				say(`${who}, round ${round} of ${times}`);
				rounds.get(who)?.push(await growing(lab, carrier, [SMALL_MB, LARGE_MB]));
			}
		}
		await place.simulator.stop();
		return { figures: figuresOf(rounds) };
	},
};

/** What n8n says of files that it has in its binary data, by their megabytes. */
async function storedFiles(lab: Lab, place: Place): Promise<Map<number, object>> {
	const download = await publish(lab, downloadByHand());
	const files = new Map<number, object>();
	for (const megabytes of SIZES_MB) {
		const url = await addressOf(place, { type: 'mp4', bytes: megabytes * MB });
		const { execution } = await run(lab, download, [{ url }]);
		const [stored] = doneItems(execution);
		files.set(megabytes, stored?.binary?.data ?? {});
	}
	return files;
}

function figuresOf(rounds: ReadonlyMap<string, Array<Map<number, Passage>>>): Figure[] {
	const growth = (passages: Map<number, Passage>, size: number) =>
		passages.get(size)?.growthMB ?? NaN;
	return [
		...[SMALL_MB, LARGE_MB].map(
			(size): Figure => ({
				what: `${size} MB uploaded: memory growth`,
				...figureFrom(rounds, 'MB', (passages) => growth(passages, size)),
			}),
		),
		{
			what: `growth at ${LARGE_MB} MB over growth at ${SMALL_MB} MB`,
			...figureFrom(
				rounds,
				'MB',
				(passages) => growth(passages, LARGE_MB) - growth(passages, SMALL_MB),
			),
			target: { text: `within ${WITHIN_MB} MB`, isMet: (own) => own <= WITHIN_MB },
		},
		{
			what: `${LARGE_MB} MB uploaded: speed`,
			...figureFrom(rounds, 'MB/s', (passages) => passages.get(LARGE_MB)?.mbPerSecond),
		},
	];
}
