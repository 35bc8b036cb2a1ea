import { startQueueHost } from '../queue/host';
import { testManyItems } from '../support/manyItemsSuite';
import { n8nInQueueMode } from '../support/n8nUnderTest';

testManyItems({
	...n8nInQueueMode,
	start: async (env) => await startQueueHost(env, { workers: 1, concurrency: 1 }),
});
