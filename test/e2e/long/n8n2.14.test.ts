import { N8N_2_14_VERSION } from '../../../scripts/lib/n8n';
import { singleN8n } from '../support/n8nUnderTest';
import { testSleep } from '../support/sleepSuite';

testSleep(singleN8n(N8N_2_14_VERSION));
