import type { Account } from '../accounts';
import { callerOfV1 } from '../auth';
import { e1, e1Success, type Reply } from '../envelopes';
import { isJsonObject } from '../json';
import type { SimulatedTask } from '../tasks';
import { failureViewV1, outputsView, wireStatus } from '../views';
import type { ApiCall, SimulatorState } from '../state';

/** The v1 calls about a task: status, outputs, cancel (reference 4.4, 7.2, 7.3). */

/** `POST /task/openapi/status` */
export function taskStatus(state: SimulatorState, call: ApiCall): Reply {
	const found = taskOf(state, call);
	if ('refusal' in found) return found.refusal;
	state.ledger.poll(found.task);
	return e1(state, state.switches.successCode, '', wireStatus(state, found.task));
}

/** `POST /task/openapi/outputs` */
export function taskOutputs(state: SimulatorState, call: ApiCall): Reply {
	const found = taskOf(state, call);
	if ('refusal' in found) return found.refusal;
	const { task } = found;
	state.ledger.poll(task);
	return outputsAnswer(state, task);
}

/** The answer of outputs as the task stands; its callback says the same (reference 8.2). */
export function outputsAnswer(state: SimulatorState, task: SimulatedTask): Reply {
	if (task.endedAt === null) return pendingOutputs(state, task);
	if (task.status === 'SUCCESS') return e1Success(state, outputsView(state, task));
	return e1(state, 805, 'APIKEY_TASK_STATUS_ERROR', failureViewV1(state, task));
}

/** Quirk 10: how outputs says "not yet". */
function pendingOutputs(state: SimulatorState, task: SimulatedTask): Reply {
	const queued = task.status === 'QUEUED' || task.status === 'CREATE';
	const text = queued ? 'APIKEY_TASK_IS_QUEUED' : 'APIKEY_TASK_IS_RUNNING';
	const { successCode, outputsWhilePending } = state.switches;
	switch (outputsWhilePending) {
		case 'codes':
			return queued ? e1(state, 813, text) : e1(state, 804, text, { netWssUrl: progressUrl(task) });
		case 'nullData':
			return e1Success(state, null);
		case 'stateInMsg':
			return e1(state, successCode, text);
		case 'chineseMsg':
			return e1(state, successCode, queued ? '任务排队中' : '任务运行中');
	}
}

/** A ComfyUI WebSocket with a token in it: a secret (reference 4.1). Nothing listens there. */
export const progressUrl = (task: SimulatedTask): string =>
	`wss://progress.simulator.invalid/ws/${task.taskId}?token=${task.clientId}`;

/** `POST /task/openapi/cancel` */
export function cancelTask(state: SimulatorState, call: ApiCall): Reply {
	const found = taskOf(state, call, 'cancel');
	if ('refusal' in found) return found.refusal;
	const { task } = found;
	const { cancelModelTask, cancelEndedTask } = state.switches;
	if (task.kind === 'standardModel' && cancelModelTask === 'refused') return notFound(state);
	if (task.endedAt !== null) {
		if (cancelEndedTask === 805) return e1(state, 805, 'APIKEY_TASK_STATUS_ERROR');
		return cancelEndedTask === 807 ? notFound(state) : e1Success(state, null);
	}
	const ignored = task.kind === 'standardModel' && cancelModelTask === 'ignored';
	if (!ignored) state.ledger.cancel(task);
	return e1Success(state, null);
}

function taskOf(
	state: SimulatorState,
	call: ApiCall,
	purpose: 'read' | 'cancel' = 'read',
): { task: SimulatedTask; account: Account } | { refusal: Reply } {
	const caller = callerOfV1(state, call);
	if ('refusal' in caller) return caller;
	const taskId = isJsonObject(call.json) ? call.json.taskId : undefined;
	if (typeof taskId !== 'string' || !/^\d+$/.test(taskId) || BigInt(taskId) <= 0n) {
		return { refusal: e1(state, 301, 'taskId must be positive') };
	}
	const task = state.ledger.find(taskId, caller.account.key);
	const unreadable =
		task?.kind === 'standardModel' && purpose === 'read' && !state.switches.v1AnswersForModelTasks;
	if (task !== undefined && !unreadable) return { task, account: caller.account };
	const misspelt = purpose === 'cancel' && state.switches.cancelUnknownTask === 423;
	return { refusal: misspelt ? e1(state, 423, 'TASK_NOT_FOUNED') : notFound(state) };
}

const notFound = (state: SimulatorState): Reply => e1(state, 807, 'APIKEY_TASK_NOT_FOUND');
