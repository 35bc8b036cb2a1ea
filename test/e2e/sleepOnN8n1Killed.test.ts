import { N8N_1_VERSION } from '../../scripts/lib/n8n';
import { testKilledSleep } from './support/killedSleepSuite';

testKilledSleep(N8N_1_VERSION);
