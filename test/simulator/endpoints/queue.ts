import { callerOfV2 } from '../auth';
import { e1Success, type Reply } from '../envelopes';
import type { ApiCall, SimulatorState } from '../state';

/** `GET /openapi/v2/queue/status` (reference 6.4): the limit is a number, the counts are strings. */
export function queueStatus(state: SimulatorState, call: ApiCall): Reply {
	const caller = callerOfV2(state, call);
	if ('refusal' in caller) return caller.refusal;
	const { account } = caller;
	const active = state.ledger.active(account.key);
	const running = active.filter(({ startedAt }) => startedAt !== null).length;
	return e1Success(state, {
		apiKeyType: account.type,
		concurrentLimit: account.concurrencyLimit,
		runningCount: String(running),
		queuedCount: String(active.length - running),
		totalCurrentTasks: String(active.length),
	});
}
