import type { IExecuteFunctions, NodeTypeAndVersion, WorkflowExecuteMode } from 'n8n-workflow';
import { isTool } from '../agent/tool';
import { signsResumeUrls, wakeUrl } from './callbackUrl';
import { canSleep } from './putToSleep';
import { isToolOfAgent, nodesThatRan } from './executionStack';

/** How a run waits for its tasks. */
export type WaitStrategy =
	/**
	 * `callbackUrl`: where RunningHub can wake it; undefined where it cannot. `awakeMs`: for how long it keeps running first,
	 * whatever it makes; 0 = not.
	 */
	| { state: 'sleep'; callbackUrl: string | undefined; awakeMs: number }
	/** `why`: what keeps it from sleeping, where that is not what was chosen. */
	| { state: 'poll'; why?: string };

/** n8n's Agents cancel a workflow that keeps running for two minutes; for one that sleeps they wait as long as it takes. */
const AWAKE_FOR_AGENT_MS = 90_000;

/**
 * The strategy is one for the whole run, read from its first item.
 * @param apiBaseUrl where the submits go
 */
export function waitStrategyOf(
	context: IExecuteFunctions,
	itemIndexes: readonly number[],
	apiBaseUrl: string,
): WaitStrategy {
	const chosen: unknown = context.getNodeParameter(
		'options.waitStrategy',
		itemIndexes[0] ?? 0,
		'auto',
	);
	if (chosen === 'poll' || isTool(context)) return { state: 'poll' };
	const mode = context.getMode();
	const isAuto = chosen !== 'sleep';
	// A user in the editor wants to see the result there; a sub-workflow that sleeps may not return its result to the parent.
	const isWatched = ['manual', 'evaluation', 'integrated'].includes(mode);
	if (isAuto && isWatched && !isToolOfAgent(context)) return { state: 'poll' };

	const why = obstacle(context, itemIndexes);
	if (why !== undefined) return { state: 'poll', why };
	const awakeMs = isAuto && isWatched ? AWAKE_FOR_AGENT_MS : 0;
	return { state: 'sleep', callbackUrl: wakeUrl(context, apiBaseUrl), awakeMs };
}

/** Why the run cannot sleep, whatever was chosen. */
function obstacle(context: IExecuteFunctions, itemIndexes: readonly number[]): string | undefined {
	const ran = nodesThatRan(context);
	if (ran === undefined || !canSleep(context)) {
		return 'this version of n8n stores its executions in a way that this node does not know';
	}
	// A run sleeps as a whole, so all its items must be ones to wait for.
	if (itemIndexes.length !== context.getInputData().length) {
		return 'its items have different operations';
	}
	const mode = context.getMode();
	if (mode === 'cli') return 'n8n’s command line ends with the execution';
	if (mode === 'integrated' && !signsResumeUrls(context)) {
		return 'this version of n8n does not return a result to the parent of a sub-workflow that slept';
	}
	const caller = waitingCaller(context, ran);
	return caller === undefined ? undefined : `the caller of “${caller}” is waiting for the result`;
}

const WEBHOOK = 'n8n-nodes-base.webhook';
const FORM_TRIGGER = 'n8n-nodes-base.formTrigger';
const CHAT_TRIGGER = '@n8n/n8n-nodes-langchain.chatTrigger';
const WAIT = 'n8n-nodes-base.wait';
const RESPOND_TO_WEBHOOK = 'n8n-nodes-base.respondToWebhook';
const FORM_PAGE = 'n8n-nodes-base.form';

/**
 * The node whose caller still waits for the output of the workflow. If this run slept, n8n would respond to the caller at
 * once, with an error or nothing; a caller that repeats its call then pays again.
 */
function waitingCaller(context: IExecuteFunctions, ran: readonly string[]): string | undefined {
	const { name } = context.getNode();
	return context
		.getParentNodes(name, { includeNodeParameters: true })
		.filter((parent) => ran.includes(parent.name) && wasCalled(parent, context.getMode()))
		.find((parent) => owesResponse(context, parent, ran))?.name;
}

/** Was the node called by a client that waits for a response? A retry of an execution has no caller. */
function wasCalled({ type, parameters }: NodeTypeAndVersion, mode: WorkflowExecuteMode): boolean {
	// That webhook is called while the execution waits, however it began.
	if (type === WAIT) return ['webhook', 'form'].includes(String(parameters?.resume));
	return [WEBHOOK, FORM_TRIGGER, CHAT_TRIGGER].includes(type) && ['webhook', 'chat'].includes(mode);
}

function owesResponse(
	context: IExecuteFunctions,
	{ name, type, parameters = {} }: NodeTypeAndVersion,
	ran: readonly string[],
): boolean {
	if (type === CHAT_TRIGGER) return true;
	const isForm = type === FORM_TRIGGER || parameters.resume === 'form';
	if (isForm && enabledBehind(context, context.getNode().name, FORM_PAGE).length > 0) return true;
	const { responseMode = 'onReceived' } = parameters;
	if (responseMode === 'responseNode') {
		// One may stand before this node, behind it or on another branch: the first one that runs responds.
		const responders = enabledBehind(context, name, RESPOND_TO_WEBHOOK);
		return responders.length > 0 && !responders.some((answer) => ran.includes(answer));
	}
	return responseMode !== 'onReceived';
}

function enabledBehind(context: IExecuteFunctions, name: string, wanted: string): string[] {
	return context
		.getChildNodes(name)
		.filter(({ type, disabled }) => type === wanted && !disabled)
		.map((node) => node.name);
}
