import { testSuspendedWait } from './support/suspendSuite';

testSuspendedWait({ signed: true });
