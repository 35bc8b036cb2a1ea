import type { Resource } from '../operation';
import { estimatePrice } from './estimatePrice.operation';
import { fieldProperties } from './fields';
import { modeProperties } from './modes';
import { submit } from './submit.operation';
import { submitAndWait } from './submitAndWait.operation';

export const vidu: Resource = {
	name: 'Vidu',
	value: 'vidu',
	description: 'Generate videos from images and text',
	properties: [...modeProperties, ...fieldProperties],
	operations: [submitAndWait, submit, estimatePrice],
	defaultOperation: submitAndWait.value,
};
