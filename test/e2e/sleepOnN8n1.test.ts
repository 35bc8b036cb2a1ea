import { N8N_1_VERSION } from '../../scripts/lib/n8n.mjs';
import { testSleep } from './support/sleepSuite';

/** There anybody can guess the address of a waiting execution. */
testSleep({ version: N8N_1_VERSION, signed: false });
