import { N8N_1_VERSION, N8N_2_0_VERSION } from '../../../scripts/lib/n8n';
import { startQueueHost } from '../queue/host';
import { type Host, startHost } from './host';

/** An n8n that the sleep is tried on. */
export interface N8nUnderTest {
	/** @param env settings of n8n's own */
	start(env?: NodeJS.ProcessEnv): Promise<Host>;
	/** Does it sign the addresses of waiting executions? Where it does not, RunningHub gets none to call. */
	signsAddresses: boolean;
	/** Does its own time limit for an execution go on while that sleeps? Else each wake has the whole time anew. */
	limitCountsSleep: boolean;
}

/**
 * One process, with SQLite.
 * @param own settings of n8n's own, for each start
 */
export function singleN8n(version: string, own: NodeJS.ProcessEnv = {}): N8nUnderTest {
	return {
		start: async (env) => await startHost(version, { ...env, ...own }),
		signsAddresses: ![N8N_1_VERSION, N8N_2_0_VERSION].includes(version),
		limitCountsSleep: true,
	};
}

/** The newest n8n that is known to work, in queue mode: a main and a webhook process, and two workers. */
export const n8nInQueueMode: N8nUnderTest = {
	start: startQueueHost,
	signsAddresses: true,
	// A worker counts from when it takes the job, and there is a new job for each wake.
	limitCountsSleep: false,
};
