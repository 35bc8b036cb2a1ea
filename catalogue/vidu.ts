import type { Model } from './model';
import models from './models.json';

/**
 * The Vidu models, at hand without waiting: the form of the node is made from them. It asks for the mode apart, so that
 * their names there do not tell it.
 */
export const VIDU_MODELS = models
	.filter(({ family }) => family === 'vidu')
	.map((model) => ({ ...model, name: model.name.replace(/ · .*/, '') }));

export function findViduModel(endpoint: string): Model | undefined {
	return VIDU_MODELS.find((model) => model.endpoint === endpoint);
}
