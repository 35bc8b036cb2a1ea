import type { Resource } from '../operation';
import { get } from './get.operation';

export const account: Resource = {
	name: 'Account',
	value: 'account',
	description: 'Balance and limits',
	properties: [],
	operations: [get],
	defaultOperation: get.value,
};
