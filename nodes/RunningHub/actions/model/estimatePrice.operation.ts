import { estimatePrices } from '../../estimatePrice';
import type { Operation } from '../../operation';
import { readModelRequest } from './request';

export const estimatePrice: Operation = {
	name: 'Estimate Price',
	value: 'estimatePrice',
	action: 'Estimate the price of a model',
	description: 'See what a task would cost, without making it',
	properties: [],
	async execute(context, itemIndexes) {
		return await estimatePrices(context, itemIndexes, readModelRequest);
	},
};
