/** Holds this package against the real RunningHub: `npm run check:live -- --help`. See docs/live-check.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Client } from '../runninghub/api/client';
import type { Credential } from '../runninghub/http/credential';
import { RunningHubError } from '../runninghub/base/errors';
import type { Price } from '../runninghub/api/price';
import { SIMULATOR_KEY, startSimulator, type Simulator } from '../test/simulator';
import { CHEAPEST_VIDEO } from '../test/support/cheapestVideo';
import { consent, readAccount } from './lib/account';
import { runContract } from './lib/live/contract';
import { compare, type Observation, probe, recordedClient } from './lib/live/probes';
import { differs, markdownOf, type LiveReport, type Video } from './lib/live/report';
import { makeVideo, priceOfVideo } from './lib/live/video';
import { projectFolder } from './lib/project';
import { main, step } from './lib/steps';

const HELP = `npm run check:live -- [option ...]

Holds what this package takes for granted against the real RunningHub, and prints what differs from the simulator as
Markdown, ready for a bug report. It holds no key and no signed address. Exit code 1 when anything differs.

  --no-task      make no video: then nothing is paid for
  --yes          agree to pay for the one video, whose price is shown, without being asked
  --report FILE  write the report there as well
  --help         this text

  RUNNINGHUB_API_KEY   key of the account
  RUNNINGHUB_SITE      international (the default) or china
  RUNNINGHUB_BASE_URL  another address instead, such as that of a proxy or of npm run simulator
`;

void main(async () => {
	const { values } = parseArgs({
		options: {
			help: { type: 'boolean', default: false },
			'no-task': { type: 'boolean', default: false },
			yes: { type: 'boolean', default: false },
			report: { type: 'string' },
		},
	});
	if (values.help) {
		console.log(HELP);
		return 0;
	}
	const { credential, host } = readAccount(process.env);
	const simulator = await startSimulator();
	try {
		const checks = await step('Running the contract suite (about half a minute)', runContract);
		const probed = await step('Looking at answers', async () => ({
			live: await probe(credential),
			simulator: await probe(credentialOf(simulator)),
		}));
		const made = values['no-task']
			? { video: notAsked('as --no-task asks for'), live: [], simulator: [] }
			: await oneVideo(credential, simulator, host, values.yes);
		const report: LiveReport = {
			host,
			date: new Date().toISOString().slice(0, 10),
			versions: await versions(),
			checks,
			shapes: compare([...probed.live, ...made.live], [...probed.simulator, ...made.simulator]),
			video: made.video,
		};
		const markdown = markdownOf(report, credential.apiKey);
		if (values.report !== undefined) await writeFile(values.report, markdown);
		console.log(`\n${markdown}`);
		return differs(report) ? 1 : 0;
	} finally {
		await simulator.stop();
	}
});

const credentialOf = ({ baseUrl }: Simulator): Credential => ({
	site: 'custom',
	baseUrl,
	apiKey: SIMULATOR_KEY,
});

const notAsked = (why: string): Video => ({ state: 'notAsked', why });

/** The video of the real account, if its owner agrees, and the same one of the simulator to hold it against. */
async function oneVideo(
	credential: Credential,
	simulator: Simulator,
	host: string,
	yes: boolean,
): Promise<{ video: Video; live: Observation[]; simulator: Observation[] }> {
	const live: Observation[] = [];
	const video = await paidVideo(recordedClient(credential, live), host, yes).catch(
		(error: unknown): Video => {
			if (error instanceof RunningHubError) return { state: 'refused', error };
			throw error;
		},
	);
	if (video.state !== 'made') return { video, live: [], simulator: [] };
	const simulated: Observation[] = [];
	const client = recordedClient(credentialOf(simulator), simulated);
	simulator.setDefaultTaskScript({ queuedPolls: 1, runningPolls: 1, end: { kind: 'success' } });
	await makeVideo(client, await priceOfVideo(client), () => {});
	return { video, live, simulator: simulated };
}

async function paidVideo(client: Client, host: string, yes: boolean): Promise<Video> {
	const price = await priceOfVideo(client);
	if (!(await agreed(price, host, yes))) return notAsked('since nobody agreed to pay for it');
	const made = await makeVideo(client, price, (line) => console.log(`  ${line}`));
	return { state: 'made', made };
}

async function agreed(price: Price, host: string, yes: boolean): Promise<boolean> {
	const amount = price.isFree ? 'nothing' : `${price.amount} ${price.currency ?? ''}`.trim();
	console.log(`One video (${CHEAPEST_VIDEO.words}) on ${host} costs ${amount}, says RunningHub.`);
	return await consent(yes, '  It is not made without your consent: add --yes, or --no-task.');
}

async function versions(): Promise<string> {
	const manifest: unknown = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8'));
	const { name, version } = Object(manifest);
	return `${name} ${version}, Node ${process.versions.node}`;
}
