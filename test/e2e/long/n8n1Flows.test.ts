import { N8N_1_VERSION } from '../../../scripts/lib/n8n';
import { singleN8n } from '../support/n8nUnderTest';
import { testSleepFlows } from '../support/sleepFlowsSuite';

testSleepFlows(singleN8n(N8N_1_VERSION));
