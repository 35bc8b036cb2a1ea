import { estimatePrices } from '../../run/estimatePrices';
import type { Operation } from '../operation';
import { readViduRequest } from './request';

export const estimatePrice: Operation = {
	name: 'Estimate Price',
	value: 'estimatePrice',
	action: 'Estimate the price of a vidu video',
	description: 'Get the price of a video without generating it',
	properties: [],
	async execute(context, itemIndexes) {
		return await estimatePrices(context, itemIndexes, readViduRequest);
	},
};
