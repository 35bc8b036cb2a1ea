import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedN8n } from '../../../scripts/lib/n8n';
import { N8nApi } from '../../../scripts/lib/n8nApi';
import { startN8n } from '../../../scripts/lib/n8nProcess';
import { installCommunityPackage, packProject } from '../../../scripts/lib/package';
import { freePort } from '../../../scripts/lib/ports';

/** Starting n8n takes seconds; installing it, where `npm test` has not done so, minutes. */
export const START_TIMEOUT = 15 * 60 * 1000;

/** Who is signed in. */
export const OWNER = { email: 'owner@example.com', password: 'Only-4-tests' };

/** A real n8n with the packed package in it, which can be killed and started again on the same data. */
export interface Host {
	api: N8nApi;
	/** Where it takes webhooks. */
	url: string;
	/** Where it keeps its files and logs. */
	folder: string;
	/** As a power cut would. */
	kill(): Promise<void>;
	/** As a system that is restarted would: n8n may finish what it can within its time for that, 10 s here. */
	shutDown(): Promise<void>;
	/** All that n8n has logged since its first start. */
	log(): Promise<string>;
	/** On the same data and at the same address. */
	startAgain(): Promise<void>;
	/** Stops it and removes its data. */
	end(): Promise<void>;
}

/** An n8n that is one process, with SQLite. */
export interface SingleHost extends Host {
	/** Of its process, until it is started again. */
	pid(): number;
}

/**
 * @param version of n8n; the newest that is known to work if not given
 * @param env settings of n8n's own
 */
export async function startHost(
	version?: string,
	env: NodeJS.ProcessEnv = {},
): Promise<SingleHost> {
	const install = await installedN8n(version);
	const userFolder = await mkdtemp(join(tmpdir(), 'runninghub-suspend-'));
	const { file } = await packProject(userFolder);
	await installCommunityPackage(file, userFolder);
	const port = await freePort();
	const start = async () => await startN8n({ install, userFolder, port, env });

	let n8n = await start();
	const api = new N8nApi(n8n.url);
	await api.signIn(OWNER);
	return {
		api,
		url: n8n.url,
		pid: () => n8n.pid,
		folder: userFolder,
		kill: async () => await n8n.kill(),
		shutDown: async () => await n8n.stop(),
		log: async () => await readFile(n8n.logFile, 'utf8'),
		startAgain: async () => {
			n8n = await start();
		},
		end: async () => {
			await n8n.stop();
			await rm(userFolder, { recursive: true, force: true });
		},
	};
}
