import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIAL } from '../../../test/e2e/harness';
import {
	type Simulator,
	type SimulatorOptions,
	SIMULATOR_KEY,
	startSimulator,
} from '../../../test/simulator';
import { installedN8n } from '../n8n.mjs';
import { N8nApi } from '../n8nApi.mjs';
import { startN8n } from '../n8nProcess.mjs';
import { installCommunityPackage, packProject } from '../package.mjs';
import { freePort } from '../ports.mjs';
import { projectFolder } from '../project.mjs';
import { stopServices } from '../services.mjs';
import { GC_ON_SIGNAL } from './memory';
import type { Place } from './workflows';

/** A real n8n process with the packed package in it. */
export interface Lab {
	api: N8nApi;
	url: string;
	pid(): number;
	/** On the same data: what it had in memory is gone. */
	restart(): Promise<void>;
	/** Where it keeps binary data, as files. */
	binaryFolder: string;
	/** A RunningHub of one's own, with a credential for it; it ends with the lab if not before. */
	place(options?: SimulatorOptions, slots?: number): Promise<Place>;
}

const endings: Array<() => Promise<unknown>> = [];

export async function startLab(): Promise<Lab> {
	const userFolder = await mkdtemp(join(tmpdir(), 'runninghub-bench-'));
	endings.push(() => rm(userFolder, { recursive: true, force: true }));
	const binaryFolder = join(userFolder, 'binary-data');
	await mkdir(binaryFolder);

	const install = await installedN8n();
	const { file } = await packProject(projectFolder, userFolder);
	await installCommunityPackage(file, userFolder);
	const port = await freePort();
	const start = async () =>
		await startN8n({
			install,
			userFolder,
			port,
			env: {
				...GC_ON_SIGNAL,
				N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
				N8N_BINARY_DATA_STORAGE_PATH: binaryFolder,
			},
		});

	let n8n = await start();
	const api = new N8nApi(n8n.url);
	await api.signIn({ email: 'owner@example.com', password: 'Only-4-tests' });
	return {
		api,
		url: n8n.url,
		binaryFolder,
		pid: () => n8n.pid,
		restart: async () => {
			await n8n.stop();
			n8n = await start();
		},
		place: async (options, slots = 1000) => {
			const simulator = await startedSimulator(options);
			simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: slots });
			const { baseUrl } = simulator;
			const credential = await api.saveCredential({
				name: `RunningHub at ${baseUrl}`,
				type: CREDENTIAL,
				data: { site: 'custom', baseUrl, apiKey: SIMULATOR_KEY },
			});
			return { simulator, credential };
		},
	};
}

/** A simulator that ends with the bench, if not before. */
export async function startedSimulator(options?: SimulatorOptions): Promise<Simulator> {
	const simulator = await startSimulator(options);
	endWithLab(() => simulator.stop());
	return simulator;
}

/** For whatever a bench starts itself. */
export function endWithLab(end: () => Promise<unknown>): void {
	endings.push(end);
}

/** Also after a start that failed half-way. */
export async function stopLab(): Promise<void> {
	await stopServices();
	for (const end of endings.splice(0).reverse()) await end();
}
