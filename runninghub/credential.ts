import { z } from 'zod';
import type { SiteChoice } from './site';

const credential = z.object({
	site: z.enum(['international', 'china', 'custom']).catch('international'),
	baseUrl: z.string().optional(),
	apiKey: z.string().trim().catch(''),
});

export interface Credential extends SiteChoice {
	apiKey: string;
}

/** What a user entered: a key that was pasted with spaces around it is the same key. */
export function parseCredential(data: unknown): Credential {
	return credential.parse(data);
}
