import type { INode, INodeParameters, WorkflowExecuteMode } from 'n8n-workflow';
import { RunningHubApi } from '../../credentials/RunningHubApi.credentials';
import { RunningHub } from '../../nodes/RunningHub/RunningHub.node';
import { runWorkflow, type NodeRun } from './harness';
import { DEFAULT_TYPE } from './harness/node-types';
import { credential, inLab, NEVER, submitAndWait, type Lab } from './support';

const base = (name: string) => `n8n-nodes-base.${name}`;

interface Part {
	type: string;
	parameters?: INodeParameters;
	disabled?: boolean;
}

const webhook = (responseMode?: string): Part => ({
	type: base('webhook'),
	parameters: responseMode === undefined ? {} : { responseMode },
});
const form = (responseMode: string): Part => ({
	type: base('formTrigger'),
	parameters: { responseMode },
});
const wait = (resume: string, responseMode = 'onReceived'): Part => ({
	type: base('wait'),
	parameters: { resume, responseMode },
});
const CHAT: Part = { type: '@n8n/n8n-nodes-langchain.chatTrigger' };
const SCHEDULE: Part = { type: base('scheduleTrigger') };
const RESPOND: Part = { type: base('respondToWebhook') };
const PAGE: Part = { type: base('form') };
const OFF = { disabled: true };

interface Flow {
	/** The trigger first. */
	before: Part[];
	behind?: Part[];
	/** Another branch from the trigger, which runs after the one with the node. */
	beside?: Part[];
	/** Another trigger, which does not run. */
	otherTrigger?: Part;
	mode?: WorkflowExecuteMode;
}

/** Trigger → … → RunningHub → …, whose task never ends. */
async function run(lab: Lab, { before, behind = [], beside = [], otherTrigger, mode }: Flow) {
	lab.simulator.setDefaultTaskScript(NEVER);
	const node = (part: Part, name: string, column: number, row = 0): INode => ({
		id: name,
		name,
		typeVersion: 1,
		position: [column * 200, row * 200],
		parameters: {},
		...part,
	});
	const video: Part = {
		type: DEFAULT_TYPE,
		parameters: submitAndWait({ waitStrategy: 'sleep', timeout: 0.01 }),
	};
	const line = [...before, video, ...behind].map((part, index) => node(part, `On ${index}`, index));
	const branch = beside.map((part, index) => node(part, `Beside ${index}`, index, 1));
	const others = otherTrigger === undefined ? [] : [node(otherTrigger, 'Other', 0)];
	const [trigger] = line;
	const to = (...targets: INode[]) => ({
		main: [targets.map(({ name }) => ({ node: name, type: 'main' as const, index: 0 }))],
	});
	const nexts = line.slice(1).map((next, index) => [line[index]?.name ?? '', to(next)] as const);
	const first = line[1];
	const connections = {
		...Object.fromEntries(nexts),
		...(first !== undefined && { [trigger?.name ?? '']: to(first, ...branch) }),
		...(first !== undefined && others.length > 0 && { Other: to(first) }),
	};
	return await runWorkflow({
		workflow: { nodes: [...line, ...branch, ...others], connections },
		nodeTypes: { [DEFAULT_TYPE]: new RunningHub() },
		credentialTypes: [new RunningHubApi()],
		credentials: credential({ baseUrl: lab.simulator.baseUrl }),
		mode: mode ?? 'webhook',
		start: trigger?.name,
	});
}

const isAsleep = ({ run: { status } }: NodeRun) => status === 'waiting';

describe('a run whose trigger has been answered sleeps', () => {
	test.concurrent.each<[string, Flow]>([
		['a webhook that answers at once', { before: [webhook('onReceived')] }],
		['a webhook as it is dropped on the canvas', { before: [webhook()] }],
		['Respond to Webhook in front', { before: [webhook('responseNode'), RESPOND] }],
		[
			'Respond to Webhook in front and behind',
			{ before: [webhook('responseNode'), RESPOND], behind: [RESPOND] },
		],
		['a form that answers at once', { before: [form('onReceived')] }],
		['a page of the form in front', { before: [form('onReceived'), PAGE] }],
		['a disabled page behind', { before: [form('onReceived')], behind: [{ ...PAGE, ...OFF }] }],
		['a page behind, but no form', { before: [webhook()], behind: [PAGE] }],
		[
			'a wait for a time',
			{ before: [SCHEDULE, wait('timeInterval', 'lastNode')], mode: 'trigger' },
		],
		['a wait that answers at once', { before: [SCHEDULE, wait('webhook')], mode: 'trigger' }],
		['another trigger', { before: [SCHEDULE], otherTrigger: webhook('lastNode'), mode: 'trigger' }],
		['a retry of an execution', { before: [webhook('lastNode')], mode: 'retry' }],
	])('%s', async (_, flow) => {
		await inLab(async (lab) => {
			expect(isAsleep(await run(lab, flow))).toBe(true);
		});
	});
});

describe('a run whose caller waits for its result keeps running, and says why', () => {
	test.concurrent.each<[string, Flow, string?]>([
		['a webhook that answers when the last node finishes', { before: [webhook('lastNode')] }],
		['a webhook that streams', { before: [webhook('streaming')] }],
		['a webhook whose answer an expression decides', { before: [webhook('={{ "lastNode" }}')] }],
		['Respond to Webhook behind', { before: [webhook('responseNode')], behind: [RESPOND] }],
		[
			'Respond to Webhook on a branch that has not run yet',
			{ before: [webhook('responseNode')], beside: [RESPOND] },
		],
		['a form that answers when the workflow finishes', { before: [form('lastNode')] }],
		['a page of the form behind', { before: [form('onReceived')], behind: [PAGE] }],
		['a chat', { before: [CHAT] }],
		[
			'a wait for a call that is answered by the last node',
			{ before: [SCHEDULE, wait('webhook', 'lastNode')], mode: 'trigger' },
			'On 1',
		],
		[
			'a wait for a call that is answered behind',
			{ before: [webhook(), wait('webhook', 'responseNode')], behind: [RESPOND] },
			'On 1',
		],
		[
			'a wait for a form whose next page is behind',
			{ before: [SCHEDULE, wait('form')], behind: [PAGE], mode: 'trigger' },
			'On 1',
		],
	])('%s', async (_, flow, owing = 'On 0') => {
		await inLab(async (lab) => {
			const ended = await run(lab, flow);
			expect(isAsleep(ended)).toBe(false);
			expect(ended.log.join('\n')).toContain(`the caller of “${owing}” is waiting for the result`);
		});
	});
});
