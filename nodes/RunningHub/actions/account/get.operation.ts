import type { Account } from '../../../../runninghub/api/account';
import { withRetries } from '../../../../runninghub/base/retry';
import { effectiveNode } from '../../agent/tool';
import { connect } from '../../n8n/connection';
import { eachItem } from '../../run/eachItem';
import { toItems } from '../../run/output';
import type { Operation } from '../operation';

export type AccountOutput = Account & { concurrencyLimit: number | null };

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get the account',
	description: 'Get the balance, key type, running tasks and concurrency limit',
	properties: [],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const { client } = connection;
		const ask = async (): Promise<AccountOutput> => {
			const asked = await Promise.all([
				withRetries(async () => await client.account(), connection),
				withRetries(async () => await client.concurrencyLimit(), connection),
			]);
			return { ...asked[0], concurrencyLimit: asked[1] };
		};
		let response: ReturnType<typeof ask> | undefined;
		const results = await eachItem(itemIndexes, connection, async () => {
			// The same for every item, so it is asked once.
			response ??= ask();
			return { state: 'json', json: { ...(await response) } };
		});
		return toItems(effectiveNode(context), results);
	},
};
