import { startHost } from '../support/host';
import { testManyItems } from '../support/manyItemsSuite';

testManyItems(
	async (env) => await startHost(undefined, { ...env, N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' }),
);
