import type { Account } from '../accounts';
import { callerOfV1 } from '../auth';
import { e1, e1Success, type Reply } from '../envelopes';
import { isJsonObject } from '../json';
import type { SimulatedTask } from '../tasks';
import { failureViewV1, outputsView, wireStatus } from '../views';
import type { ApiCall, World } from '../world';

/** The v1 calls about a task: status, outputs, cancel (reference 4.4, 7.2, 7.3). */

/** `POST /task/openapi/status` */
export function taskStatus(world: World, call: ApiCall): Reply {
	const found = taskOf(world, call);
	if ('refusal' in found) return found.refusal;
	world.ledger.poll(found.task);
	return e1(world, world.switches.successCode, '', wireStatus(world, found.task));
}

/** `POST /task/openapi/outputs` */
export function taskOutputs(world: World, call: ApiCall): Reply {
	const found = taskOf(world, call);
	if ('refusal' in found) return found.refusal;
	const { task } = found;
	world.ledger.poll(task);
	return outputsAnswer(world, task);
}

/** The answer of outputs as the task stands; its callback says the same (reference 8.2). */
export function outputsAnswer(world: World, task: SimulatedTask): Reply {
	if (task.endedAt === null) return pendingOutputs(world, task);
	if (task.status === 'SUCCESS') return e1Success(world, outputsView(world, task));
	return e1(world, 805, 'APIKEY_TASK_STATUS_ERROR', failureViewV1(world, task));
}

/** Quirk 10: how outputs says "not yet". */
function pendingOutputs(world: World, task: SimulatedTask): Reply {
	const queued = task.status === 'QUEUED' || task.status === 'CREATE';
	const text = queued ? 'APIKEY_TASK_IS_QUEUED' : 'APIKEY_TASK_IS_RUNNING';
	const { successCode, outputsWhilePending } = world.switches;
	switch (outputsWhilePending) {
		case 'codes':
			return queued ? e1(world, 813, text) : e1(world, 804, text, { netWssUrl: progressUrl(task) });
		case 'nullData':
			return e1Success(world, null);
		case 'stateInMsg':
			return e1(world, successCode, text);
		case 'chineseMsg':
			return e1(world, successCode, queued ? '任务排队中' : '任务运行中');
	}
}

/** A ComfyUI WebSocket with a token in it: a secret (reference 4.1). Nothing listens there. */
export const progressUrl = (task: SimulatedTask): string =>
	`wss://progress.simulator.invalid/ws/${task.taskId}?token=${task.clientId}`;

/** `POST /task/openapi/cancel` */
export function cancelTask(world: World, call: ApiCall): Reply {
	const found = taskOf(world, call, 'cancel');
	if ('refusal' in found) return found.refusal;
	const { task } = found;
	const { cancelModelTask, cancelEndedTask } = world.switches;
	if (task.kind === 'standardModel' && cancelModelTask === 'refused') return notFound(world);
	if (task.endedAt !== null) {
		if (cancelEndedTask === 805) return e1(world, 805, 'APIKEY_TASK_STATUS_ERROR');
		return cancelEndedTask === 807 ? notFound(world) : e1Success(world, null);
	}
	const ignored = task.kind === 'standardModel' && cancelModelTask === 'ignored';
	if (!ignored) world.ledger.cancel(task);
	return e1Success(world, null);
}

function taskOf(
	world: World,
	call: ApiCall,
	purpose: 'read' | 'cancel' = 'read',
): { task: SimulatedTask; account: Account } | { refusal: Reply } {
	const caller = callerOfV1(world, call);
	if ('refusal' in caller) return caller;
	const taskId = isJsonObject(call.json) ? call.json.taskId : undefined;
	if (typeof taskId !== 'string' || !/^\d+$/.test(taskId) || BigInt(taskId) <= 0n) {
		return { refusal: e1(world, 301, 'taskId must be positive') };
	}
	const task = world.ledger.find(taskId, caller.account.key);
	const unreadable =
		task?.kind === 'standardModel' && purpose === 'read' && !world.switches.v1AnswersForModelTasks;
	if (task !== undefined && !unreadable) return { task, account: caller.account };
	const misspelt = purpose === 'cancel' && world.switches.cancelUnknownTask === 423;
	return { refusal: misspelt ? e1(world, 423, 'TASK_NOT_FOUNED') : notFound(world) };
}

const notFound = (world: World): Reply => e1(world, 807, 'APIKEY_TASK_NOT_FOUND');
