import { N8N_2_0_VERSION } from '../../../scripts/lib/n8n';
import { testManyItems } from '../support/manyItemsSuite';
import { singleN8n } from '../support/n8nUnderTest';

testManyItems(singleN8n(N8N_2_0_VERSION, { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' }));
