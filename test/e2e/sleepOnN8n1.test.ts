import { N8N_1_VERSION } from '../../scripts/lib/n8n';
import { testSleep } from './support/sleepSuite';

testSleep(N8N_1_VERSION);
