import type { Account } from '../accounts';
import { callerOfV1 } from '../auth';
import { e1, e1Success, type Reply } from '../envelopes';
import { isJsonObject } from '../json';
import type { SimulatedTask } from '../tasks';
import { isHttpUrl } from '../validation';
import { promptTips, validationFailure } from '../views';
import type { SimulatedWorkflow } from '../workflows';
import type { ApiCall, World } from '../world';
import { progressUrl } from './v1Tasks';

/**
 * ComfyUI workflows, v1 (reference 4). The other ways to start a ComfyUI task (AI App, Quick Create,
 * the v2 run paths) and `getJsonApiFormat` belong beside this file.
 */

type Body = Record<string, unknown>;

/** `POST /task/openapi/create` (reference 4.1). */
export function createComfyTask(world: World, call: ApiCall): Reply {
	const caller = callerOfV1(world, call);
	if ('refusal' in caller) return caller.refusal;
	const { account } = caller;
	const body = isJsonObject(call.json) ? call.json : {};
	const queue = body.usePersonalQueue === true || body.usePersonalQueue === 'true';
	const refusal =
		refuseForBalance(world, account) ??
		refuseParameters(world, account, body) ??
		refuseWorkflow(world, body) ??
		refuseForCapacity(world, account, queue);
	if (refusal !== undefined) return refusal;

	const { concurrencyLimit } = account;
	const task = world.ledger.create({
		account,
		kind: 'comfyWorkflow',
		endpoint: call.path,
		body: withoutKey(body),
		webhookUrl: typeof body.webhookUrl === 'string' ? body.webhookUrl : null,
		life: world.lives.take(withoutKey(body)),
		naturalResult: { files: [{ type: 'png' }], texts: [] },
		price: undefined,
		held: queue && working(world, account) >= concurrencyLimit,
	});
	return e1Success(world, createAnswer(world, task));
}

function createAnswer(world: World, task: SimulatedTask) {
	const status = task.endedAt === null ? task.status : 'RUNNING';
	return {
		netWssUrl: status === 'RUNNING' ? progressUrl(task) : null,
		taskId: world.switches.taskIdInSubmit === 'number' ? BigInt(task.taskId) : task.taskId,
		clientId: task.clientId,
		taskStatus: status,
		promptTips: promptTips(world),
	};
}

/** Coins for consumer keys, the wallet for enterprise keys; machines are rented ahead (reference 1.3). */
function refuseForBalance(world: World, account: Account): Reply | undefined {
	if (account.type === 'NORMAL' && account.coins <= 0) {
		return e1(world, 414, 'TASK_CREATE_FAILED_BY_NOT_ENOUGH_POWER_VALUE');
	}
	if (account.type !== 'SHARED' || account.money > 0) return undefined;
	return world.switches.noBalanceV1Enterprise === 416
		? e1(world, 416, 'TASK_CREATE_FAILED_BY_NOT_ENOUGH_WALLET')
		: e1(world, 812, 'CORPAPIKEY_INSUFFICIENT_FUNDS');
}

const CREATE_FIELDS = [
	'apiKey',
	'workflowId',
	'nodeInfoList',
	'addMetadata',
	'webhookUrl',
	'workflow',
	'instanceType',
	'usePersonalQueue',
	'retainSeconds',
	'accessPassword',
];

function refuseParameters(world: World, account: Account, body: Body): Reply | undefined {
	const problem = findParameterProblem(world, account, body);
	return problem === undefined ? undefined : e1(world, 301, `PARAMS_INVALID: ${problem}`);
}

function findParameterProblem(world: World, account: Account, body: Body): string | undefined {
	const stranger = Object.keys(body).find((key) => !CREATE_FIELDS.includes(key));
	if (stranger !== undefined) return `${stranger} is not a parameter`;
	const { workflowId, workflow, nodeInfoList, retainSeconds, instanceType } = body;
	if (typeof workflowId !== 'string' || !/^[1-9]\d*$/.test(workflowId)) {
		return 'workflowId must be a string of digits';
	}
	if (nodeInfoList !== undefined && !Array.isArray(nodeInfoList)) {
		return 'nodeInfoList must be an array';
	}
	if (workflow !== undefined && !isStringifiedObject(workflow)) {
		return 'workflow must be a stringified JSON object';
	}
	if (body.addMetadata !== undefined && typeof body.addMetadata !== 'boolean') {
		return 'addMetadata must be a boolean';
	}
	if (body.webhookUrl !== undefined && !isHttpUrl(body.webhookUrl)) {
		return 'webhookUrl must be an http or https URL';
	}
	if (body.accessPassword !== undefined && typeof body.accessPassword !== 'string') {
		return 'accessPassword must be a string';
	}
	if (instanceType !== undefined && !world.switches.instanceTypes.some((t) => t === instanceType)) {
		return `instanceType must be one of ${world.switches.instanceTypes.join(', ')}`;
	}
	if (![undefined, true, false, 'true', 'false'].some((v) => v === body.usePersonalQueue)) {
		return 'usePersonalQueue must be a boolean';
	}
	if (retainSeconds === undefined) return undefined;
	const fits =
		Number.isInteger(retainSeconds) && Number(retainSeconds) >= 10 && Number(retainSeconds) <= 180;
	if (!fits) return 'retainSeconds must be an integer between 10 and 180';
	return account.type === 'SHARED' ? undefined : 'retainSeconds needs an enterprise-shared key';
}

function isStringifiedObject(value: unknown): boolean {
	if (typeof value !== 'string') return false;
	try {
		return isJsonObject(JSON.parse(value));
	} catch {
		return false;
	}
}

/** The workflow itself and the overrides of its nodes (reference 2.2, 15.8; quirk 17). */
function refuseWorkflow(world: World, body: Body): Reply | undefined {
	const workflow = world.workflows.find(String(body.workflowId));
	const inlineWillDo = body.workflow !== undefined && world.switches.inlineWorkflow === 'anyId';
	if (workflow === undefined) {
		return inlineWillDo ? undefined : e1(world, 380, 'WORKFLOW_NOT_EXISTS');
	}
	if (workflow.neverRun === true) return e1(world, 810, 'WORKFLOW_NOT_SAVED_OR_NOT_RUNNING');
	const overrides = Array.isArray(body.nodeInfoList) ? body.nodeInfoList : [];
	for (const override of overrides) {
		const refusal = refuseOverride(world, workflow, override);
		if (refusal !== undefined) return refusal;
	}
	return undefined;
}

function refuseOverride(
	world: World,
	workflow: SimulatedWorkflow,
	override: unknown,
): Reply | undefined {
	const unfit = (why: string) => e1(world, 803, `APIKEY_INVALID_NODE_INFO: ${why}`);
	if (!isJsonObject(override)) return unfit('an item is not an object');
	const { nodeId, fieldName, fieldValue } = override;
	if (typeof nodeId !== 'string' && !Number.isInteger(nodeId)) return unfit('nodeId is missing');
	const node = workflow.nodes[String(nodeId)];
	if (node === undefined) return unfit(`node_not_found_in_workflow ${String(nodeId)}`);
	if (typeof fieldName !== 'string' || !Object.hasOwn(node.inputs, fieldName)) {
		return unfit(`node ${String(nodeId)} has no field ${String(fieldName)}`);
	}
	if (fieldValue === undefined || fieldValue === null) return unfit(`${fieldName} has no value`);
	if (Array.isArray(node.inputs[fieldName])) return unfit(`${fieldName} is a link`);
	const choices = workflow.choices?.[`${String(nodeId)}.${fieldName}`];
	if (choices === undefined || choices.includes(String(fieldValue))) return undefined;
	return e1(
		world,
		433,
		validationFailure(String(nodeId), node.class_type, fieldName, String(fieldValue)),
	);
}

/** Reference 13: refused, not queued; only exclusive keys have a queue of their own. */
function refuseForCapacity(world: World, account: Account, queue: boolean): Reply | undefined {
	if (working(world, account) < account.concurrencyLimit) return undefined;
	if (account.type !== 'EXCLUSIVE') return e1(world, 421, 'TASK_QUEUE_MAXED');
	if (!queue) return e1(world, 415, 'TASK_INSTANCE_MAXED');
	const waiting = world.ledger.active(account.key).filter((task) => task.held).length;
	return waiting >= account.personalQueueLimit
		? e1(world, 814, 'PERSONAL_QUEUE_COUNT_LIMIT')
		: undefined;
}

const working = (world: World, account: Account): number =>
	world.ledger.active(account.key).filter((task) => !task.held).length;

/** The ledger and the lives need the request without the key in it. */
function withoutKey(body: Body): Body {
	const { apiKey: _, ...rest } = body;
	return rest;
}
