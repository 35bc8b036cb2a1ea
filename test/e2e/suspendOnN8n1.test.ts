import { N8N_1_VERSION } from '../../scripts/lib/n8n.mjs';
import { testSuspendedWait } from './support/suspendSuite';

/** There anybody can guess the address of a waiting execution. */
testSuspendedWait({ version: N8N_1_VERSION, signed: false });
