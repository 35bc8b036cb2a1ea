import type { Account } from '../accounts';
import { callerOfV1, callerOfV2 } from '../auth';
import { e1Success, e3, type Reply } from '../envelopes';
import { isJsonObject, toJsonText, type JsonObject } from '../json';
import type { ResultFile } from '../taskScripts';
import { nodeErrorsOf, refuseNodeInfo, type ComfyField } from '../nodeInfo';
import { promptTips, validationFailure } from '../promptTips';
import { refuse, refuseAccess, v1Refusal, v2RunRefusal, type Refusal } from '../refusals';
import type { SimulatedTask, TaskKind } from '../tasks';
import { submitView } from '../views';
import type { ApiCall, SimulatorState } from '../state';
import { refuseMembers, type FieldName } from './comfyMembers';
import { progressUrl } from './v1Tasks';

/**
 * What the five calls that start a ComfyUI task have in common, whatever names the graph: a workflow, an
 * AI App or a Quick Create module (reference 3.3, 4.1, 4.5, 5.1, 5.3).
 */

type Body = Record<string, unknown>;

/** What makes one of the calls different from the others. */
export interface ComfyCall {
	kind: TaskKind;
	/** The members that the call knows, and those that it cannot do without. */
	known: readonly FieldName[];
	required: readonly FieldName[];
	/** What is to run, once the members are known to be well-formed. */
	target: () => Target | Refusal;
	/** Is a `webhookUrl` taken, and then forgotten? */
	forgetsWebhook?: boolean;
}

interface ComfyStart extends ComfyCall {
	account: Account;
	/** For the ledger. */
	endpoint: string;
	/** The request, without the key. */
	body: Body;
}

/** A graph that may be run. */
export interface Target {
	fields: ComfyField[];
	makes: ResultFile[] | undefined;
}

/** A v1 start: the key is in the body, the answer is E1 (reference 4.1). */
export function startOnV1(
	state: SimulatorState,
	call: ApiCall,
	describe: (body: Body) => ComfyCall,
): Reply {
	const caller = callerOfV1(state, call);
	if ('refusal' in caller) return caller.refusal;
	const { apiKey: _, ...body } = isJsonObject(call.json) ? call.json : {};
	const { account } = caller;
	const start = { ...describe(body), account, body, endpoint: call.path };
	return v1Answer(state, startComfyTask(state, start));
}

/**
 * A start on a v2 run path: the key is in the header, what is to run is in the path, and the answer is E3
 * (reference 4.5, 5.3). Whether a password is looked at there is a switch.
 */
export function startOnV2(
	state: SimulatorState,
	call: ApiCall,
	describe: (id: string, body: Body, password: unknown) => ComfyCall,
): Reply {
	const caller = callerOfV2(state, call);
	if ('refusal' in caller) return caller.refusal;
	const body = isJsonObject(call.json) ? call.json : {};
	const readsPassword = state.switches.accessPasswordV2 === 'honoured';
	const password = readsPassword ? body.accessPassword : undefined;
	const { account } = caller;
	const endpoint = call.path.slice('/openapi/v2/'.length);
	const start = { ...describe(call.rest, body, password), account, body, endpoint };
	return v2Answer(state, startComfyTask(state, start));
}

type Outcome = { refusal: Refusal } | { task: SimulatedTask; nodeErrors: JsonObject };

/** Looks at everything in RunningHub's order, money first (reference 11.1, 414), and makes the task. */
function startComfyTask(state: SimulatorState, start: ComfyStart): Outcome {
	const { account, body } = start;
	const refusal = refuseForBalance(state, account) ?? refuseMembers(state.switches, start);
	if (refusal !== undefined) return { refusal };
	const target = start.target();
	if ('code' in target) return { refusal: target };

	const nodeInfoList = Array.isArray(body.nodeInfoList) ? body.nodeInfoList : [];
	const { switches, files } = state;
	const rules = { switches, files, isApp: start.kind !== 'comfyWorkflow' };
	const nodeErrors = nodeErrorsOf(target.fields, nodeInfoList, (name) => state.loras.has(name));
	const unfit =
		refuseNodeInfo(target.fields, nodeInfoList, rules) ??
		refuseNodeErrors(state, nodeErrors) ??
		refuseForMachine(account, body) ??
		refuseForCapacity(state, account, isQueueing(body));
	if (unfit !== undefined) return { refusal: unfit };

	const task = state.ledger.create({
		account,
		kind: start.kind,
		endpoint: start.endpoint,
		body,
		webhookUrl: webhookUrlOf(start),
		script: state.taskScripts.take(body),
		naturalResult: { files: target.makes ?? [{ type: 'png' }], texts: [] },
		price: undefined,
		held: isQueueing(body) && working(state, account) >= account.concurrencyLimit,
	});
	return { task, nodeErrors };
}

function webhookUrlOf({ body: { webhookUrl }, forgetsWebhook }: ComfyStart): string | null {
	return typeof webhookUrl === 'string' && forgetsWebhook !== true ? webhookUrl : null;
}

function v1Answer(state: SimulatorState, outcome: Outcome): Reply {
	if ('refusal' in outcome) return v1Refusal(state, outcome.refusal);
	const { task, nodeErrors } = outcome;
	const status = task.endedAt === null ? task.status : 'RUNNING';
	return e1Success(state, {
		netWssUrl: status === 'RUNNING' ? progressUrl(task) : null,
		taskId: state.switches.taskIdInSubmit === 'number' ? BigInt(task.taskId) : task.taskId,
		clientId: task.clientId,
		taskStatus: status,
		promptTips: promptTips(state, nodeErrors),
	});
}

function v2Answer(state: SimulatorState, outcome: Outcome): Reply {
	if ('refusal' in outcome) return v2RunRefusal(state, outcome.refusal);
	return e3(state, submitView(state, outcome.task, outcome.nodeErrors));
}

/** Refuses the password of something protected, and everything of something private. */
export function refuseWithoutAccess(
	state: SimulatorState,
	{ password, isPrivate }: { password?: string; isPrivate?: boolean },
	given: unknown,
): Refusal | undefined {
	const open = isPrivate !== true && (password === undefined || password === given);
	return open ? undefined : refuseAccess(state);
}

/** Coins for consumer keys, the wallet for enterprise keys; machines are rented ahead (reference 1.3). */
function refuseForBalance({ switches }: SimulatorState, account: Account): Refusal | undefined {
	if (account.type === 'NORMAL' && account.coins <= 0) return refuse(414);
	if (account.type !== 'SHARED' || account.money > 0) return undefined;
	return refuse(switches.noBalanceV1Enterprise);
}

/** 433, or a task all the same (reference 4.2, 15.8). */
export function refuseNodeErrors(
	{ switches }: Pick<SimulatorState, 'switches'>,
	nodeErrors: JsonObject,
): Refusal | undefined {
	if (Object.keys(nodeErrors).length === 0) return undefined;
	const text = validationFailure(nodeErrors);
	switch (switches.comfyValidation) {
		case '433':
			return { code: 433, msg: text };
		case '433-map':
			return { code: 433, msg: toJsonText(nodeErrors) };
		case '433-data':
			return { ...refuse(433), data: { promptTips: text } };
		case 'created':
			return undefined;
	}
}

/** Exclusive keys run on the machines that they have rented (reference 2.3). */
function refuseForMachine(account: Account, body: Body): Refusal | undefined {
	if (account.type !== 'EXCLUSIVE') return undefined;
	if (account.subscriptionExpired) return refuse(436);
	return account.machines.includes(String(body.instanceType ?? 'default'))
		? undefined
		: refuse(435);
}

/** Reference 13: refused, not queued; only exclusive keys have a queue of their own. */
function refuseForCapacity(
	state: SimulatorState,
	account: Account,
	queue: boolean,
): Refusal | undefined {
	if (working(state, account) < account.concurrencyLimit) return undefined;
	if (account.type !== 'EXCLUSIVE') return refuse(421);
	if (!queue) return refuse(415);
	const waiting = state.ledger.active(account.key).filter((task) => task.held).length;
	return waiting >= account.personalQueueLimit ? refuse(814) : undefined;
}

const isQueueing = ({ usePersonalQueue }: Body): boolean => String(usePersonalQueue) === 'true';

const working = (state: SimulatorState, account: Account): number =>
	state.ledger.active(account.key).filter((task) => !task.held).length;
