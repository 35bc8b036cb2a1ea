import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ResultFile, SIMULATOR_KEY } from '../../../test/simulator';
import { run as runCommand } from '../commands.mjs';
import { type Bench, repeated } from './bench';
import { publish } from './execution';
import { type Figure, median, type Series, type Target } from './figure';
import type { Lab } from './lab';
import { MB } from './memory';
import { type Carrier, growing, type Passage, passed } from './passage';
import { downloadByHand, MODEL, type Place, withNode } from './workflows';

/** Results into n8n's binary data, as files on the disk. */

/** From a server that gives so much, and from this machine as fast as it can. */
const SERVER_MB_S = 50;

/** What one round has brought for one way to fetch files. */
interface Round {
	/** By megabytes. Without growth for curl, which is a process of its own. */
	passages: Map<number, Pick<Passage, 'mbPerSecond'> & Partial<Passage>>;
	fromServer: number;
}

export const download: Bench = {
	name: 'download',
	title: 'a result of up to 1 GB into binary data',
	inQuick: true,
	async run({ quick, lab: shared, say }) {
		const sizes = quick ? [100, 300] : [1, 10, 100, 300, 1000];
		const [medium = 0, large = 0] = sizes.slice(-2);
		const fromServerMB = quick ? 100 : large;
		const lab = await shared();
		const place = await lab.place();
		const carriers = [await ourCarrier(lab, place), await carrierByHand(lab, place)];

		const rounds = await repeated(quick ? 1 : 3, async (number) => {
			if (!quick) say(`round ${number} of 3`);
			const ofNodes = await inTurn(carriers, async (carrier): Promise<Round> => ({
				passages: await growing(lab, carrier, sizes),
				fromServer: await passed(lab, carrier, fromServerMB, SERVER_MB_S),
			}));
			return [...ofNodes, await roundOfCurl(lab, place, large, fromServerMB)];
		});
		await place.simulator.stop();

		/** A number of each round: of this node, of HTTP Request, of curl. */
		const [own, byHand, curl] = [0, 1, 2].map(
			(way) => (numberOf: (round: Round) => number | undefined) =>
				rounds.flatMap((round) => numbersIn(round[way], numberOf)),
		);
		void [own, byHand, curl, medium];
		return { figures: [] };
	},
};
