import { testSuspendedWait } from './support/suspendSuite';

/** The newest 1.x, for those who have not moved on. There anybody can guess the address of a waiting execution. */
testSuspendedWait({ version: '1.123.81', signed: false });
