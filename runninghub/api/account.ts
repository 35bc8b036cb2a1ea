import { z } from 'zod';
import { expectRunningHubError } from '../base/errors';
import { tolerantNumber, tolerantText } from '../base/tolerantSchemas';
import { call, get } from '../http/call';
import { dataOf, parseData } from '../http/envelope';
import type { Transport } from '../http/transport';

/** The state of the account (reference section 10); null where RunningHub does not say. */
export interface Account {
	/** RH coins. */
	coins: number | null;
	/** The wallet of enterprise keys, in `currency`. */
	money: number | null;
	/** `CNY` or `USD`. */
	currency: string | null;
	/** `NORMAL`, `SHARED` or `EXCLUSIVE`: what it may be used for depends on it (reference section 1.3). */
	keyType: string | null;
	/** Queued ones too. */
	runningTasks: number | null;
}

const accountData = z.object({
	remainCoins: tolerantNumber,
	remainMoney: tolerantNumber,
	currency: tolerantText,
	apiType: tolerantText,
	currentTaskCounts: tolerantNumber,
});

/** @throws RunningHubError when the key was refused, or the response describes no account */
export async function accountOf(transport: Transport): Promise<Account> {
	const envelope = await call(transport, '/uc/openapi/accountStatus', {});
	const data = parseData(envelope, accountData, 'it does not describe an account');
	return {
		coins: data.remainCoins,
		money: data.remainMoney,
		currency: data.currency,
		keyType: data.apiType,
		runningTasks: data.currentTaskCounts,
	};
}

const queueData = z.object({ concurrentLimit: tolerantNumber }).catch({ concurrentLimit: null });

/**
 * How many tasks the account may run at the same time. The call is in no official documentation (reference section 6.4),
 * so that whatever goes wrong with it only means that the number is not known: null.
 */
export async function concurrencyLimitOf(transport: Transport): Promise<number | null> {
	try {
		const data = dataOf(await get(transport, '/openapi/v2/queue/status'));
		return queueData.parse(data).concurrentLimit;
	} catch (thrown) {
		expectRunningHubError(thrown);
		return null;
	}
}
