import { callerOfV2 } from '../auth';
import { e3, e3Refusal, type Reply } from '../envelopes';
import { isJsonObject } from '../json';
import { queryView } from '../views';
import type { ApiCall, SimulatorState } from '../state';

/**
 * `POST /openapi/v2/query` (reference 7.1): answers for the tasks of every generation. The id must be
 * a string: one that came as a number has lost its last digits already.
 */
export function queryTask(state: SimulatorState, call: ApiCall): Reply {
	const caller = callerOfV2(state, call);
	if ('refusal' in caller) return caller.refusal;
	const taskId = isJsonObject(call.json) ? call.json.taskId : undefined;
	if (typeof taskId !== 'string' || !/^-?\d+$/.test(taskId)) {
		return e3Refusal(state, '1007', 'failed to parse request body');
	}
	if (BigInt(taskId) <= 0n) return e3Refusal(state, '1007', 'taskId must be greater than 0');
	const task = state.ledger.find(taskId, caller.account.key);
	if (task === undefined) return e3Refusal(state, '1004', 'task not found or expired');
	state.ledger.poll(task);
	return e3(state, queryView(state, task));
}
