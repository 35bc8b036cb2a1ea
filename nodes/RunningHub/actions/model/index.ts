import type { Resource } from '../operation';
import { estimatePrice } from './estimatePrice.operation';
import { modelProperties } from './fields';
import { submit } from './submit.operation';
import { submitAndWait } from './submitAndWait.operation';

export const model: Resource = {
	name: 'Model',
	value: 'model',
	description: 'Sora, Veo, Kling, Nano Banana and over 400 other models',
	properties: modelProperties,
	operations: [submitAndWait, submit, estimatePrice],
	defaultOperation: submitAndWait.value,
};
