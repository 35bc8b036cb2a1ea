import { n8nInQueueMode } from '../support/n8nUnderTest';
import { testSleepFlows } from '../support/sleepFlowsSuite';

testSleepFlows(n8nInQueueMode);
