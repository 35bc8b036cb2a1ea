import { n8nInQueueMode } from '../support/n8nUnderTest';
import { testKilledSleep } from '../support/killedSleepSuite';

testKilledSleep(n8nInQueueMode);
