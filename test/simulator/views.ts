import { isJsonObject, type JsonObject, type JsonValue } from './json';
import { promptTips } from './promptTips';
import { secondsOf, type SimulatedTask, type TaskResult } from './tasks';
import type { SimulatorState } from './state';

/** The forms in which a task is told: v2 flat (reference 7.1), v1 code and data (reference 7.2, 7.3). */

/** `status`, as this server words and spells it (reference 12.1; quirk 8). */
export function wireStatus({ switches }: SimulatorState, task: SimulatedTask): string {
	const { cancelStatus, successWord } = switches;
	const words = new Map<string, string>([
		['CANCELLED', cancelStatus],
		['SUCCESS', successWord],
	]);
	const status = words.get(task.status) ?? task.status;
	switch (switches.statusCase) {
		case 'lower':
			return status.toLowerCase();
		case 'title':
			return status.charAt(0) + status.slice(1).toLowerCase();
		case 'upper':
			return status;
	}
}

/** The body of a v2 query. */
export function queryView(state: SimulatorState, task: SimulatedTask): JsonObject {
	return {
		taskId: task.taskId,
		status: wireStatus(state, task),
		...errorOf(state, task),
		failedReason: failedReasonV2(state, task),
		usage: task.endedAt === null ? null : usageOf(state, task),
		...inForm(state, resultsV2(state, task)),
		clientId: '',
		promptTips: '',
		parentTaskId: null,
		taskUsageList: usageList(state, task),
	};
}

/**
 * The body of a v2 submit (reference 6.2). The status is as it is, but a result comes only when the script
 * says `immediate`.
 */
export function submitView(
	state: SimulatorState,
	task: SimulatedTask,
	nodeErrors: JsonObject = {},
): JsonObject {
	const { taskIdInSubmit } = state.switches;
	const immediate = task.script.end.kind === 'immediate' && task.endedAt !== null;
	const view = queryView(state, task.endedAt === null || immediate ? task : asRunning(task));
	return {
		taskId: taskIdInSubmit === 'number' ? BigInt(task.taskId) : task.taskId,
		status: view.status,
		errorCode: '',
		errorMessage: '',
		...(immediate ? formMembersOf(view) : { results: null }),
		clientId: task.clientId,
		promptTips: promptTips(state, nodeErrors),
	};
}

const asRunning = (task: SimulatedTask): SimulatedTask => ({
	...task,
	status: 'RUNNING',
	endedAt: null,
});

/** The files of a finished task in v1's form: one item a file; a text is a `.txt` file. */
export function outputsView(state: SimulatorState, task: SimulatedTask): JsonValue {
	const { end } = task.script;
	if (end.kind === 'empty' && end.results === 'null') return null;
	if (end.kind === 'empty' && end.results === 'blankItem') return [outputItem(state, task, BLANK)];
	const items = task.results.map((result, index) =>
		outputItem(state, task, {
			...result,
			url: result.url ?? textFile(state, task, index, result.text ?? ''),
		}),
	);
	return inForm(state, items).results ?? items;
}

/** `data` of v1's 805 (reference 7.3): stringified members inside `failedReason`. */
export function failureViewV1(state: SimulatorState, task: SimulatedTask): JsonValue {
	const reason = exceptionOf(task);
	if (reason === undefined) {
		return state.switches.emptyFailedReason === 'null' ? null : { failedReason: {} };
	}
	const failedReason = {
		...reason,
		traceback: JSON.stringify(TRACEBACK),
		current_inputs: JSON.stringify(CURRENT_INPUTS),
		current_outputs: '{}',
	};
	const asString = state.switches.failedReason === 'string';
	return { failedReason: asString ? JSON.stringify(failedReason) : failedReason };
}

const BLANK: TaskResult = { nodeId: '9', type: '', url: null, text: null };

function textFile(
	state: SimulatorState,
	task: SimulatedTask,
	index: number,
	content: string,
): string {
	const lifetime = state.switches.resultUrlLifetimeMs;
	return state.files.publish(task.taskId, index, { type: 'txt', content }, lifetime);
}

function outputItem(state: SimulatorState, task: SimulatedTask, result: TaskResult): JsonObject {
	const { taskCostTime, ...costs } = usageOf(state, task);
	return {
		fileUrl: result.url,
		fileType: wireType(state, result),
		taskCostTime,
		nodeId: result.nodeId,
		...costs,
	};
}

function resultsV2(state: SimulatorState, task: SimulatedTask): JsonValue {
	if (task.status !== 'SUCCESS') return null;
	const { end } = task.script;
	if (end.kind === 'empty' && end.results === 'null') return null;
	const blank = end.kind === 'empty' && end.results === 'blankItem';
	const { resultUrlKey, resultTextKey } = state.switches;
	return (blank ? [BLANK] : task.results).map((result) => ({
		[resultUrlKey]: result.url,
		nodeId: result.nodeId,
		outputType: wireType(state, result),
		[resultTextKey]: result.text,
	}));
}

const isObject = (value: JsonValue): value is JsonObject => isJsonObject(value);

/** The members that hold results, in the form that the switch says; what has no such form is a list. */
function inForm({ switches }: SimulatorState, list: JsonValue): JsonObject {
	const items = Array.isArray(list) ? list.filter(isObject) : [];
	const urls = items.flatMap(({ url, outputUrl, fileUrl }) => url ?? outputUrl ?? fileUrl ?? []);
	const [only, ...others] = items;
	const areFiles = urls.length === items.length;
	if (only === undefined) return { results: list };
	switch (switches.resultsForm) {
		case 'jsonText':
			return { results: JSON.stringify(list) };
		case 'object':
			return { results: others.length > 0 ? list : only };
		case 'addresses':
			return { results: areFiles ? urls : list };
		case 'address':
			return { results: areFiles && others.length === 0 ? (urls[0] ?? null) : list };
		case 'besideStatus':
			return areFiles
				? { results: null, outputUrl: others.length === 0 ? (urls[0] ?? null) : urls }
				: { results: null, content: only.text ?? only.content ?? only.output ?? null };
		case 'list':
			return { results: list };
	}
}

const formMembersOf = ({ results, outputUrl, content }: JsonObject): JsonObject => ({
	results: results ?? null,
	...(outputUrl === undefined ? {} : { outputUrl }),
	...(content === undefined ? {} : { content }),
});

/** An extension, or the word of the contract's sample (quirk 23). */
function wireType({ switches }: SimulatorState, { type }: TaskResult): string {
	if (switches.outputType === 'extension') return type;
	if (['png', 'jpg', 'jpeg', 'webp', 'gif'].includes(type)) return 'image';
	if (['mp4', 'mov', 'webm', 'avi', 'mkv'].includes(type)) return 'video';
	if (['mp3', 'wav', 'flac'].includes(type)) return 'audio';
	return type === 'txt' ? 'text' : type;
}

function errorOf({ switches }: SimulatorState, task: SimulatedTask) {
	const { end } = task.script;
	const none = { errorCode: '', errorMessage: '' };
	if (task.endedAt === null && task.status === 'RUNNING' && switches.errorCodeWhileRunning !== '') {
		return { errorCode: switches.errorCodeWhileRunning, errorMessage: 'still working' };
	}
	if (task.status !== 'FAILED') return none;
	switch (end.kind) {
		case 'moderation':
			return { errorCode: '1501', errorMessage: 'content did not pass review' };
		case 'failed':
			return { errorCode: end.errorCode, errorMessage: end.errorMessage };
		case 'nodeException':
			return { errorCode: '1015', errorMessage: 'generation failed' };
		default:
			return none;
	}
}

const TRACEBACK = ['  File "/workspace/ComfyUI/execution.py", line 1, in execute', 'raise'];
const CURRENT_INPUTS = { seed: [1], steps: [20] };

function exceptionOf(task: SimulatedTask) {
	const { end } = task.script;
	if (task.status !== 'FAILED' || end.kind !== 'nodeException') return undefined;
	return {
		node_id: end.nodeId ?? '3',
		node_name: end.nodeName ?? 'KSampler',
		exception_type: end.exceptionType ?? 'torch.OutOfMemoryError',
		exception_message: end.exceptionMessage ?? 'out of memory',
	};
}

/** Reference 12.3; quirk 11. */
function failedReasonV2(state: SimulatorState, task: SimulatedTask): JsonValue {
	const exception = exceptionOf(task);
	if (exception === undefined) return emptyReasonOf(state);
	const reason = {
		...exception,
		traceback: TRACEBACK,
		current_inputs: CURRENT_INPUTS,
		current_outputs: {},
	};
	return state.switches.failedReason === 'string' ? JSON.stringify(reason) : reason;
}

const emptyReasonOf = ({ switches }: SimulatorState): JsonValue =>
	switches.emptyFailedReason === 'object' ? {} : null;

/** Reference 12.4: strings or null; `taskCostTime` is a number in some samples (quirk 21). */
function usageOf({ switches }: SimulatorState, task: SimulatedTask) {
	const paidTo = (wallet: boolean) => (wallet ? String(task.cost) : null);
	const inCoins = task.currency === 'COINS';
	const isModel = task.kind === 'standardModel';
	const seconds = secondsOf(task);
	return {
		consumeMoney: paidTo(!inCoins && !isModel),
		consumeCoins: paidTo(inCoins),
		taskCostTime: switches.taskCostTime === 'string' ? String(seconds) : seconds,
		thirdPartyConsumeMoney: paidTo(!inCoins && isModel),
	};
}

/** Quirk 1: ids as JSON numbers, digit for digit. */
function usageList(state: SimulatorState, task: SimulatedTask): JsonValue {
	const { taskUsageList } = state.switches;
	if (task.endedAt === null || taskUsageList === 'null') return null;
	return [
		{
			taskId: taskUsageList === 'number' ? BigInt(task.taskId) : task.taskId,
			parentTaskId: null,
			taskStatus: wireStatus(state, task),
			usage: usageOf(state, task),
		},
	];
}
