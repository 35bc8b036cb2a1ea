import { callerOfV1 } from '../auth';
import { e1, e1Success, type Reply } from '../envelopes';
import { isJsonObject, type JsonObject } from '../json';
import { fieldsOfWorkflow } from '../nodeInfo';
import { refuse, v1Refusal, type Refusal } from '../refusals';
import type { SimulatedWorkflow } from '../workflows';
import type { ApiCall, SimulatorState } from '../state';
import { COMMON_FIELDS } from './comfyMembers';
import {
	refuseNodeErrors,
	refuseWithoutAccess,
	startOnV1,
	startOnV2,
	type Target,
} from './comfyTask';

/** ComfyUI workflows: both ways to run one, and its JSON (reference 4). */

const FIELDS = [...COMMON_FIELDS, 'addMetadata', 'workflow'] as const;

/** `POST /task/openapi/create` (reference 4.1). */
export function createComfyTask(state: SimulatorState, call: ApiCall): Reply {
	return startOnV1(state, call, ({ workflowId, workflow, accessPassword }) => ({
		kind: 'comfyWorkflow',
		known: [...FIELDS, 'workflowId'],
		required: ['workflowId'],
		target: () => targetOf(state, String(workflowId), workflow, accessPassword),
	}));
}

/** `POST /openapi/v2/run/workflow/{workflowId}` (reference 4.5). */
export function runWorkflow(state: SimulatorState, call: ApiCall): Reply {
	return startOnV2(state, call, (id, { workflow }, password) => ({
		kind: 'comfyWorkflow',
		known: FIELDS,
		required: ['nodeInfoList'],
		target: () => targetOf(state, id, workflow, password),
	}));
}

/** `POST /api/openapi/getJsonApiFormat` (reference 4.3): the graph as a JSON text inside the JSON. */
export function workflowJson(state: SimulatorState, call: ApiCall): Reply {
	const caller = callerOfV1(state, call);
	if ('refusal' in caller) return caller.refusal;
	const { workflowId } = isJsonObject(call.json) ? call.json : {};
	if (typeof workflowId !== 'string' || workflowId === '') {
		return e1(state, 301, 'PARAMS_INVALID: workflowId is required');
	}
	const workflow = findWorkflow(state, workflowId);
	if ('code' in workflow) return v1Refusal(state, workflow);
	const isOpen = state.switches.protectedWorkflowJson === 'given';
	const closed = isOpen ? undefined : refuseWithoutAccess(state, workflow, undefined);
	if (closed !== undefined) return v1Refusal(state, closed);
	return e1Success(state, { prompt: JSON.stringify(workflow.nodes) });
}

function findWorkflow(state: SimulatorState, id: string): SimulatedWorkflow | Refusal {
	const workflow = state.workflows.find(id);
	if (workflow === undefined) return refuse(380);
	return workflow.neverRun === true ? refuse(810) : workflow;
}

/**
 * `nodeInfoList` is checked against the saved workflow also when an inline one runs in its place. Whether
 * there must be a saved one then is a switch (reference 4.1; quirk 17).
 */
function targetOf(
	state: SimulatorState,
	id: string,
	inline: unknown,
	password: unknown,
): Target | Refusal {
	const broken = inline === undefined ? undefined : refuseInline(state, String(inline));
	if (broken !== undefined) return broken;
	const workflow = findWorkflow(state, id);
	const inlineWillDo = inline !== undefined && state.switches.inlineWorkflow === 'anyId';
	if ('code' in workflow) {
		return workflow.code === 380 && inlineWillDo ? { fields: [], makes: undefined } : workflow;
	}
	return (
		refuseWithoutAccess(state, workflow, password) ?? {
			fields: fieldsOfWorkflow(workflow),
			makes: workflow.makes,
		}
	);
}

/** What the editor saves under "Export", not "Export (API)", is no prompt: its entries are no nodes. */
function refuseInline(state: SimulatorState, text: string): Refusal | undefined {
	const graph: unknown = JSON.parse(text);
	const stranger = Object.entries(isJsonObject(graph) ? graph : {}).find(
		([, node]) => !isJsonObject(node) || typeof node.class_type !== 'string',
	);
	if (stranger === undefined) return undefined;
	const [nodeId] = stranger;
	return refuseNodeErrors(
		{ switches: { ...state.switches, comfyValidation: '433' } },
		noClassType(nodeId),
	);
}

const noClassType = (nodeId: string): JsonObject => ({
	[nodeId]: {
		errors: [
			{
				type: 'invalid_prompt',
				message: 'Cannot execute because a node is missing the class_type property.',
				details: `Node ID '#${nodeId}'`,
				extra_info: {},
			},
		],
		dependent_outputs: [],
		class_type: '',
	},
});
