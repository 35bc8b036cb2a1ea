import { connect } from '../../connection';
import { eachItem } from '../../eachItem';
import type { Operation } from '../../operation';
import { toItems } from '../../outcomes';
import { nodeOf } from '../../tool';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get the account',
	description: 'Get the balance, key type, running tasks and concurrency limit',
	properties: [],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const { client } = connection;
		// The same for every item, so it is asked once.
		const asked = Promise.all([client.account(), client.concurrencyLimit()]);
		const results = await eachItem(itemIndexes, connection, async () => {
			const [account, concurrencyLimit] = await asked;
			return { json: { ...account, concurrencyLimit } };
		});
		return toItems(nodeOf(context), results);
	},
};
