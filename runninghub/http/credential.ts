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

/** RunningHub's public list of its models, in its repository on GitHub. */
export const MODEL_LIST_URL =
	'https://raw.githubusercontent.com/HM-RunningHub/ComfyUI_RH_OpenAPI/main/developer-kit/model-registry.public.json';

const modelListChoice = z.object({
	newerModels: z.boolean().catch(true),
	modelListUrl: z.string().trim().catch(''),
});

/** @returns where the editor looks for models that are newer than the package; undefined where it must not */
export function modelListUrlOf(data: unknown): string | undefined {
	const { newerModels, modelListUrl } = modelListChoice.parse(data);
	return newerModels ? modelListUrl || MODEL_LIST_URL : undefined;
}
