import { N8N_VERSION } from '../../scripts/lib/n8n';
import { singleN8n } from './support/n8nUnderTest';
import { testKilledSleep } from './support/killedSleepSuite';

testKilledSleep(singleN8n(N8N_VERSION), ['killed']);
