import { outputsAnswer } from '../endpoints/v1Tasks';
import { e3 } from '../envelopes';
import type { SimulatedTask } from '../tasks';
import { queryView } from '../views';
import type { SimulatorState } from '../state';

/** The body of a callback (reference 8.2). */

/** What a callback says, where that is not the truth about its task. */
export interface Claims {
	event?: string;
	/** Another task's id. */
	taskId?: string;
	status?: 'SUCCESS' | 'FAILED';
	/** `false` leaves the member out. */
	eventData?: false;
}

export interface CallbackText {
	/** What is posted. */
	body: string;
	/** The text of `eventData`, as 8.4 shows it. */
	eventData: string;
}

/**
 * `{ event, taskId, eventData }`: `eventData` is a string equal to the answer of v1 outputs for a task
 * of a v1 call, and an object equal to the answer of the v2 query for any other (quirk 9).
 */
export function composeCallback(
	state: SimulatorState,
	task: SimulatedTask,
	claims: Claims = {},
): CallbackText {
	const isV1 = task.endpoint.startsWith('/task/openapi/');
	const eventData = answerOf(inItsOwnSpelling(state), claimed(state, task, claims), isV1);
	const { callbackBody, callbackEventData } = state.switches;
	if (callbackBody === 'flat' && claims.eventData !== false) return { body: eventData, eventData };

	const asString = callbackEventData === 'byGeneration' ? isV1 : callbackEventData === 'string';
	// Put together as text: an id written as a JSON number must keep its digits (quirk 1).
	const members = [
		`"event":${JSON.stringify(claims.event ?? 'TASK_END')}`,
		`"taskId":${JSON.stringify(claims.taskId ?? task.taskId)}`,
	];
	if (claims.eventData !== false) {
		members.push(`"eventData":${asString ? JSON.stringify(eventData) : eventData}`);
	}
	return { body: `{${members.join(',')}}`, eventData };
}

const answerOf = (state: SimulatorState, task: SimulatedTask, isV1: boolean): string =>
	(isV1 ? outputsAnswer(state, task) : e3(state, queryView(state, task))).body;

/** A callback can write its numbers in another way than the answer that it equals (quirks 1, 21). */
function inItsOwnSpelling(state: SimulatorState): SimulatorState {
	const switches = { ...state.switches };
	if (switches.callbackTaskCostTime === 'number') switches.taskCostTime = 'number';
	if (switches.callbackUsageListIds === 'number') switches.taskUsageList = 'number';
	return { ...state, switches };
}

/** The task as the claims have it. A claimed result has an address where nothing is. */
function claimed(state: SimulatorState, task: SimulatedTask, claims: Claims): SimulatedTask {
	const { taskId = task.taskId, status } = claims;
	const named = { ...task, taskId };
	if (status === undefined || status === task.status) return named;
	const ended = { ...named, status, endedAt: task.endedAt ?? state.now() };
	if (status === 'FAILED') {
		const end = { kind: 'failed', errorCode: '1015', errorMessage: 'generation failed' } as const;
		return { ...ended, script: { ...task.script, end }, results: [] };
	}
	const url = state.files.addressOfNothing(taskId, 'mp4');
	const result = { nodeId: '9', type: 'mp4', url, text: null };
	return { ...ended, script: { ...task.script, end: { kind: 'success' } }, results: [result] };
}
