import { testSleep } from './support/sleepSuite';

testSleep({ signed: true });
