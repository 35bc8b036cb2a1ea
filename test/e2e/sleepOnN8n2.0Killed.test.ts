import { N8N_2_0_VERSION } from '../../scripts/lib/n8n';
import { testKilledSleep } from './support/killedSleepSuite';

testKilledSleep(N8N_2_0_VERSION);
