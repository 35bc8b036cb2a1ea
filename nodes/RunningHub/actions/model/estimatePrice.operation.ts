import { estimatePrices } from '../../run/estimatePrices';
import type { Operation } from '../operation';
import { extraFieldsOption } from './fields';
import { readModelRequest } from './request';

export const estimatePrice: Operation = {
	name: 'Estimate Price',
	value: 'estimatePrice',
	action: 'Estimate the price of a model',
	description: 'Get the price of a task without running it',
	properties: [
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [extraFieldsOption],
		},
	],
	async execute(context, itemIndexes) {
		return await estimatePrices(context, itemIndexes, readModelRequest);
	},
};
