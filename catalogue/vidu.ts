import models from './models.json';
import type { Model } from './model';

/**
 * The Vidu models; apart from the rest of the catalogue, since the form of the node needs them at start. The script
 * that writes models.json checks it against `Model`; TypeScript sees only JSON.
 */
export const VIDU_MODELS = (models as readonly Model[]).filter(({ family }) => family === 'vidu');

export function findViduModel(endpoint: string): Model | undefined {
	return VIDU_MODELS.find((model) => model.endpoint === endpoint);
}
