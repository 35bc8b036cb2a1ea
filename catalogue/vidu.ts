import viduModels from './vidu.json';
import type { Model } from './model';

/** The Vidu models; apart from the rest of the catalogue, since the form of the node needs them at start. */
export const VIDU_MODELS = viduModels as readonly Model[];

export function findViduModel(endpoint: string): Model | undefined {
	return VIDU_MODELS.find((model) => model.endpoint === endpoint);
}
