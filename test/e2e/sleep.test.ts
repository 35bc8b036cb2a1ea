import { N8N_VERSION } from '../../scripts/lib/n8n';
import { testSleep } from './support/sleepSuite';

testSleep(N8N_VERSION);
