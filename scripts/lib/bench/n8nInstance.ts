import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIAL } from '../../../test/e2e/support/credential';
import { startHost } from '../../../test/e2e/support/host';
import {
	type Simulator,
	type SimulatorOptions,
	SIMULATOR_KEY,
	startSimulator,
} from '../../../test/simulator';
import { GC_ON_SIGNAL } from '../memory';
import type { CredentialRef, N8nApi } from '../n8nApi';
import { afterServices } from '../services';

/** A simulated RunningHub, and n8n's credential for it. */
export interface Backend {
	simulator: Simulator;
	credential: CredentialRef;
}

/** A real n8n process with the packed package in it. */
export interface N8nInstance {
	api: N8nApi;
	url: string;
	pid(): number;
	/** On the same data: what it had in memory is gone. */
	restart(): Promise<void>;
	/** Where it keeps binary data, as files. */
	binaryFolder: string;
	/** A RunningHub of one's own; it ends with the bench if not before. */
	backend(options?: SimulatorOptions, slots?: number): Promise<Backend>;
}

/** Ended by `stopServices`, also after a start that failed half-way. */
export async function startInstance(): Promise<N8nInstance> {
	const binaryFolder = await mkdtemp(join(tmpdir(), 'runninghub-bench-'));
	afterServices(() => rm(binaryFolder, { recursive: true, force: true }));
	const { api, url, pid, shutDown, startAgain, end } = await startHost(undefined, {
		...GC_ON_SIGNAL,
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		N8N_BINARY_DATA_STORAGE_PATH: binaryFolder,
	});
	afterServices(end);
	return {
		api,
		url,
		pid,
		binaryFolder,
		restart: async () => {
			await shutDown();
			await startAgain();
		},
		backend: async (options, slots = 1000) => {
			const simulator = await startSimulator(options);
			afterServices(() => simulator.stop());
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
