import { n8nInQueueMode } from '../support/n8nUnderTest';
import { testSleep } from '../support/sleepSuite';

testSleep(n8nInQueueMode);
