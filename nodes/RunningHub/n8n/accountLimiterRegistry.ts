import { AccountLimiter } from '../../../runninghub/tasks/accountLimiter';
import { n8nClock } from './clock';

/** For as long as the process lives: there are no more of them than credentials. */
const limiters = new Map<string, AccountLimiter>();

/** @param account the same for all runs that share an account */
export function accountLimiterOf(account: string): AccountLimiter {
	const limiter =
		limiters.get(account) ?? new AccountLimiter({ clock: n8nClock, random: Math.random });
	limiters.set(account, limiter);
	return limiter;
}
