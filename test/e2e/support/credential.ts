import type { N8nApi } from '../../../scripts/lib/n8nApi';
import { type Simulator, SIMULATOR_KEY } from '../../simulator';

export const NODE = 'n8n-nodes-runninghub.runningHub';
export const CREDENTIAL = 'runningHubApi';

export interface SavedCredential {
	id: string;
	name: string;
}

/** What somebody fills in to use a simulator in place of RunningHub. */
export const credentialData = ({ baseUrl }: Simulator, apiKey = SIMULATOR_KEY) => ({
	site: 'custom',
	baseUrl,
	apiKey,
});

/** Stores a RunningHub credential in n8n; one of the same name is replaced. */
export async function saveCredential(
	api: N8nApi,
	data: Record<string, unknown>,
	name = 'RunningHub',
): Promise<SavedCredential> {
	return await api.saveCredential({ name, type: CREDENTIAL, data });
}
