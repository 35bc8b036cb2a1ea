import { callerOfV1 } from '../auth';
import { e1Success, type Reply } from '../envelopes';
import type { ApiCall, SimulatorState } from '../state';

/** `POST /uc/openapi/accountStatus` (reference 10): the key is `apikey`, all lower case (quirk 16). */
export function accountStatus(state: SimulatorState, call: ApiCall): Reply {
	const { accountAcceptsCamelKey, accountNumbers } = state.switches;
	const members = accountAcceptsCamelKey ? ['apikey', 'apiKey'] : ['apikey'];
	const caller = callerOfV1(state, call, members);
	if ('refusal' in caller) return caller.refusal;
	const { account } = caller;
	const asText = accountNumbers === 'string';
	const written = (amount: number) => (asText ? String(amount) : amount);
	const isConsumer = account.type === 'NORMAL';
	return e1Success(state, {
		remainCoins: written(account.coins),
		currentTaskCounts: written(state.ledger.active(account.key).length),
		remainMoney: isConsumer ? null : written(account.money),
		currency: isConsumer ? null : account.currency,
		apiType: account.type,
	});
}
