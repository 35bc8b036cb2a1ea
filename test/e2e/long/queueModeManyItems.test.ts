import { startQueueHost } from '../queue/host';
import { testManyItems } from '../support/manyItemsSuite';

testManyItems(async (env) => await startQueueHost(env, { workers: 1, concurrency: 1 }));
