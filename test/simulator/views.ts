import { isJsonObject, type JsonObject, type JsonValue } from './json';
import { promptTips } from './promptTips';
import { secondsOf, type SimulatedTask, type TaskResult } from './tasks';
import type { World } from './world';

/** The forms in which a task is told: v2 flat (reference 7.1), v1 code and data (reference 7.2, 7.3). */

/** `status`, as this server words and spells it (reference 12.1; quirk 8). */
export function wireStatus({ switches }: World, task: SimulatedTask): string {
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
export function queryView(world: World, task: SimulatedTask): JsonObject {
	return {
		taskId: task.taskId,
		status: wireStatus(world, task),
		...errorOf(world, task),
		failedReason: failedReasonV2(world, task),
		usage: task.endedAt === null ? null : usageOf(world, task),
		...inForm(world, resultsV2(world, task)),
		clientId: '',
		promptTips: '',
		parentTaskId: null,
		taskUsageList: usageList(world, task),
	};
}

/**
 * The body of a v2 submit (reference 6.2). The status is as it is, but a result comes only when the life
 * says `immediate`.
 */
export function submitView(
	world: World,
	task: SimulatedTask,
	nodeErrors: JsonObject = {},
): JsonObject {
	const { taskIdInSubmit } = world.switches;
	const immediate = task.life.end.kind === 'immediate' && task.endedAt !== null;
	const view = queryView(world, task.endedAt === null || immediate ? task : asRunning(task));
	return {
		taskId: taskIdInSubmit === 'number' ? BigInt(task.taskId) : task.taskId,
		status: view.status,
		errorCode: '',
		errorMessage: '',
		...(immediate ? formMembersOf(view) : { results: null }),
		clientId: task.clientId,
		promptTips: promptTips(world, nodeErrors),
	};
}

const asRunning = (task: SimulatedTask): SimulatedTask => ({
	...task,
	status: 'RUNNING',
	endedAt: null,
});

/** The files of a finished task in v1's form: one item a file; a text is a `.txt` file. */
export function outputsView(world: World, task: SimulatedTask): JsonValue {
	const { end } = task.life;
	if (end.kind === 'empty' && end.results === 'null') return null;
	if (end.kind === 'empty' && end.results === 'blankItem') return [outputItem(world, task, BLANK)];
	const items = task.results.map((result, index) =>
		outputItem(world, task, {
			...result,
			url: result.url ?? textFile(world, task, index, result.text ?? ''),
		}),
	);
	return inForm(world, items).results ?? items;
}

/** `data` of v1's 805 (reference 7.3): stringified members inside `failedReason`. */
export function failureViewV1(world: World, task: SimulatedTask): JsonValue {
	const reason = exceptionOf(task);
	if (reason === undefined) {
		return world.switches.emptyFailedReason === 'null' ? null : { failedReason: {} };
	}
	const failedReason = {
		...reason,
		traceback: JSON.stringify(TRACEBACK),
		current_inputs: JSON.stringify(CURRENT_INPUTS),
		current_outputs: '{}',
	};
	const asString = world.switches.failedReason === 'string';
	return { failedReason: asString ? JSON.stringify(failedReason) : failedReason };
}

const BLANK: TaskResult = { nodeId: '9', type: '', url: null, text: null };

function textFile(world: World, task: SimulatedTask, index: number, content: string): string {
	const lifetime = world.switches.resultUrlLifetimeMs;
	return world.files.publish(task.taskId, index, { type: 'txt', content }, lifetime);
}

function outputItem(world: World, task: SimulatedTask, result: TaskResult): JsonObject {
	const { taskCostTime, ...costs } = usageOf(world, task);
	return {
		fileUrl: result.url,
		fileType: wireType(world, result),
		taskCostTime,
		nodeId: result.nodeId,
		...costs,
	};
}

function resultsV2(world: World, task: SimulatedTask): JsonValue {
	if (task.status !== 'SUCCESS') return null;
	const { end } = task.life;
	if (end.kind === 'empty' && end.results === 'null') return null;
	const blank = end.kind === 'empty' && end.results === 'blankItem';
	const { resultUrlKey, resultTextKey } = world.switches;
	return (blank ? [BLANK] : task.results).map((result) => ({
		[resultUrlKey]: result.url,
		nodeId: result.nodeId,
		outputType: wireType(world, result),
		[resultTextKey]: result.text,
	}));
}

const isObject = (value: JsonValue): value is JsonObject => isJsonObject(value);

/** The members that hold results, in the form that the switch says; what has no such form is a list. */
function inForm({ switches }: World, list: JsonValue): JsonObject {
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
function wireType({ switches }: World, { type }: TaskResult): string {
	if (switches.outputType === 'extension') return type;
	if (['png', 'jpg', 'jpeg', 'webp', 'gif'].includes(type)) return 'image';
	if (['mp4', 'mov', 'webm', 'avi', 'mkv'].includes(type)) return 'video';
	if (['mp3', 'wav', 'flac'].includes(type)) return 'audio';
	return type === 'txt' ? 'text' : type;
}

function errorOf({ switches }: World, task: SimulatedTask) {
	const { end } = task.life;
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
	const { end } = task.life;
	if (task.status !== 'FAILED' || end.kind !== 'nodeException') return undefined;
	return {
		node_id: end.nodeId ?? '3',
		node_name: end.nodeName ?? 'KSampler',
		exception_type: end.exceptionType ?? 'torch.OutOfMemoryError',
		exception_message: end.exceptionMessage ?? 'out of memory',
	};
}

/** Reference 12.3; quirk 11. */
function failedReasonV2(world: World, task: SimulatedTask): JsonValue {
	const exception = exceptionOf(task);
	if (exception === undefined) return emptyReasonOf(world);
	const reason = {
		...exception,
		traceback: TRACEBACK,
		current_inputs: CURRENT_INPUTS,
		current_outputs: {},
	};
	return world.switches.failedReason === 'string' ? JSON.stringify(reason) : reason;
}

const emptyReasonOf = ({ switches }: World): JsonValue =>
	switches.emptyFailedReason === 'object' ? {} : null;

/** Reference 12.4: strings or null; `taskCostTime` is a number in some samples (quirk 21). */
function usageOf({ switches }: World, task: SimulatedTask) {
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
function usageList(world: World, task: SimulatedTask): JsonValue {
	const { taskUsageList } = world.switches;
	if (task.endedAt === null || taskUsageList === 'null') return null;
	return [
		{
			taskId: taskUsageList === 'number' ? BigInt(task.taskId) : task.taskId,
			parentTaskId: null,
			taskStatus: wireStatus(world, task),
			usage: usageOf(world, task),
		},
	];
}
