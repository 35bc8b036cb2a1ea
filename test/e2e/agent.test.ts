import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	type AgentEvent,
	errorOf,
	itemsOf,
	type Workflow,
	type WorkflowNode,
} from '../../scripts/lib/n8nApi';
import { projectFolder } from '../../scripts/lib/project';
import { type TaskScript, type Simulator, SIMULATOR_KEY, startSimulator } from '../simulator';
import { type Asked, type ChatModel, type Reply, startChatModel } from './support/chatModel';
import { CREDENTIAL, credentialData, NODE } from './support/credential';
import { useN8n } from './support/useN8n';

/** The agent of examples/agent-video-tool.json, with a language model that keeps to a script. */

const EXAMPLE = join(projectFolder, 'examples', 'agent-video-tool.json');
const CHAT = 'When chat message received';
const AGENT = 'Video assistant';
const MODEL = 'Chat model';
const MAKER = 'Make a video';

/** The tools, as n8n names them for the model. */
const MAKE = 'Make_a_video';
const LOOK = 'Look_at_a_video';
const WISH = { prompt: 'A paper boat crosses a pond', duration: 2, aspectRatio: '9:16' };

/** The simulator's price of that wish. */
const PRICE = 0.26;

const QUICK: TaskScript = { queuedPolls: 1, runningPolls: 1, end: { kind: 'success' } };
const NEVER: TaskScript = { end: { kind: 'never' } };

/** From 3 on the agent lets n8n's engine run its tools; before, it calls them itself. */
const AGENTS = [3, 2.2];

jest.setTimeout(180_000);

const n8n = useN8n();

type Parameters = Record<string, unknown>;

interface Scene {
	taskScript: TaskScript;
	agentVersion?: number;
	/** Those of the tool that makes the video; the example's if not given. */
	tool?: (example: Parameters) => Parameters;
	/** What the model says, each time that it is asked. */
	script: Array<(asked: Asked) => Reply>;
}

interface Played {
	/** What the agent says to the user. */
	said: string;
	/** What the model was given in the end. */
	asked: Asked;
	simulator: Simulator;
}

/** The user asks the agent for a video once, as in the editor's chat. */
async function play(scene: Scene, check: (played: Played) => void): Promise<void> {
	const simulator = await startSimulator({ defaultTaskScript: scene.taskScript });
	const model = await startChatModel(scene.script);
	try {
		const workflow = await n8n.host.api.importWorkflow(await prepared(scene, simulator, model));
		const id = await n8n.host.api.runWorkflow(workflow, CHAT);
		const execution = await n8n.host.api.finishedExecution(id, 120);
		expect(errorOf(execution)?.message).toBeUndefined();
		expect(model.asked).toHaveLength(scene.script.length);
		expect(JSON.stringify(execution.data)).not.toContain(SIMULATOR_KEY);
		const said = String(itemsOf(execution, AGENT)[0]?.json.output);
		const asked = model.asked.at(-1) ?? { tools: [], answers: [] };
		check({ said, asked, simulator });
	} finally {
		await model.stop();
		await simulator.stop();
	}
}

const readExample = (): Workflow => JSON.parse(readFileSync(EXAMPLE, 'utf8'));

/** The credentials of the tools and of the language model. */
async function saveCredentials(simulator: Simulator, { url }: ChatModel) {
	const saved = async (type: string, data: Parameters) =>
		await n8n.host.api.saveCredential({ name: `${type} ${randomUUID()}`, type, data });
	const account = { [CREDENTIAL]: await saved(CREDENTIAL, credentialData(simulator)) };
	const openAi = { openAiApi: await saved('openAiApi', { apiKey: 'not-needed', url }) };
	return { account, openAi };
}

async function prepared(
	{ agentVersion = 3, tool = (parameters) => parameters }: Scene,
	simulator: Simulator,
	model: ChatModel,
): Promise<Workflow> {
	const { account, openAi } = await saveCredentials(simulator, model);
	const example = readExample();
	const message = { sessionId: randomUUID(), action: 'sendMessage', chatInput: 'A boat, please' };
	return {
		...example,
		nodes: example.nodes.map((node) => ({
			...node,
			...(node.name === AGENT && { typeVersion: agentVersion }),
			...(node.name === MAKER && { parameters: tool(node.parameters) }),
			...(node.name === MODEL && { credentials: openAi }),
			...(node.credentials && { credentials: account }),
		})),
		pinData: { [CHAT]: [{ json: message }] },
	};
}

interface Chunk {
	type: string;
	content?: string;
	metadata?: { nodeName: string };
}

/** The user asks in a public chat, which shows the answer as it comes. */
async function chat(scene: Scene, check: (chunks: Chunk[], simulator: Simulator) => void) {
	const simulator = await startSimulator({ defaultTaskScript: scene.taskScript });
	const model = await startChatModel(scene.script);
	const webhookId = randomUUID();
	try {
		const { nodes, ...workflow } = await prepared(scene, simulator, model);
		const trigger = {
			webhookId,
			parameters: { public: true, options: { responseMode: 'streaming' } },
		};
		const saved = await n8n.host.api.importWorkflow({
			...workflow,
			nodes: nodes.map((node) => ({ ...node, ...(node.name === CHAT && trigger) })),
			pinData: {},
		});
		await n8n.host.api.publish(saved);
		const answer = await fetch(`${n8n.host.url}/webhook/${webhookId}/chat`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ sessionId: randomUUID(), action: 'sendMessage', chatInput: 'A boat' }),
		});
		const lines = (await answer.text()).split('\n').filter((line) => line.trim() !== '');
		const chunks = lines.map((line): Chunk => JSON.parse(line));
		expect(chunks.filter(({ type }) => type === 'error')).toEqual([]);
		check(chunks, simulator);
	} finally {
		await model.stop();
		await simulator.stop();
	}
}

const call = (tool: string, input: Parameters) => (): Reply => [{ tool, input }];

/** The one item of the newest answer of a tool. */
function newest({ answers }: Asked) {
	const [item, ...more]: Parameters[] = JSON.parse(answers.at(-1) ?? '[]');
	expect(more).toEqual([]);
	return item ?? {};
}

const say = (what: (task: Parameters) => string) => (asked: Asked) => what(newest(asked));

const submitted = ({ submits }: Simulator) => submits().map(({ json }) => json);

describe.each(AGENTS)('Agent %s', (agentVersion) => {
	test.concurrent('hands out the video that the user asked for', async () => {
		const script = [call(MAKE, WISH), say(({ taskId, url }) => `Task ${taskId}: ${url}`)];
		await play({ agentVersion, taskScript: QUICK, script }, ({ said, asked, simulator }) => {
			const [task] = simulator.tasks;
			expect(submitted(simulator)).toEqual([
				expect.objectContaining({ ...WISH, duration: '2', resolution: '540p' }),
			]);
			expect(said).toContain(`Task ${task?.taskId}: ${simulator.filesUrl}`);
			expect(asked.answers.join('').length).toBeLessThan(1_000);
		});
	});

	test.concurrent('shows in a chat how the video gets on', async () => {
		const taskScript: TaskScript = { runningMs: 9_000, end: { kind: 'success' } };
		const script = [call(MAKE, WISH), say(({ url }) => `Here it is: ${url}`)];
		await chat({ agentVersion, taskScript, script }, (chunks, { tasks, filesUrl }) => {
			const saidBy = (name: string) =>
				chunks
					.filter(({ type, metadata }) => type === 'item' && metadata?.nodeName === name)
					.map(({ content }) => content);
			const line = `^0 of 1 task done; ${tasks[0]?.taskId} RUNNING, [5-9] s$`;
			expect(saidBy(MAKER)).toEqual([expect.stringMatching(line)]);
			expect(saidBy(AGENT).join('')).toContain(`Here it is: ${filesUrl}`);
		});
	});

	test.concurrent('is told not to make a slow video again', async () => {
		const script = [
			call(MAKE, WISH),
			(asked: Asked): Reply => [{ tool: LOOK, input: { taskId: newest(asked).taskId } }],
			say(({ taskId, status }) => `Task ${taskId} is ${status}`),
		];
		const tool = (example: Parameters) => ({
			...example,
			options: { ...Object(example.options), timeout: 0.1 },
		});
		await play({ agentVersion, taskScript: NEVER, tool, script }, ({ said, asked, simulator }) => {
			const [task] = simulator.tasks;
			expect(simulator.submits()).toHaveLength(1);
			expect(said).toBe(`Task ${task?.taskId} is RUNNING`);
			const [first] = JSON.parse(asked.answers[0] ?? '[]');
			expect(first).toMatchObject({ taskId: task?.taskId, status: 'RUNNING' });
			expect(first.error.message).toContain('Do not submit it again');
		});
	});

	test.concurrent('makes a new video and fetches an older one at the same time', async () => {
		const first = (asked: Asked): Reply => [
			{ tool: MAKE, input: { ...WISH, prompt: 'A kite' } },
			{ tool: LOOK, input: { taskId: newest(asked).taskId } },
		];
		const script = [call(MAKE, WISH), first, ({ answers }: Asked) => answers.slice(1).join(' ')];
		await play({ agentVersion, taskScript: QUICK, script }, ({ said, simulator }) => {
			const [older, newer, ...more] = simulator.tasks;
			expect(more).toEqual([]);
			expect(said).toContain(String(newer?.results[0]?.url));
			expect(said).toContain(String(older?.results[0]?.url));
		});
	});

	test.concurrent('cannot spend more than the budget, however many it orders at once', async () => {
		const orders = Array.from({ length: 4 }, (_, index) => ({
			tool: MAKE,
			input: { ...WISH, prompt: `Kite ${index}` },
		}));
		const script = [() => orders, ({ answers }: Asked) => answers.join(' ')];
		const tool = (example: Parameters) => ({
			...example,
			options: { ...Object(example.options), budget: 2.5 * PRICE },
		});
		await play({ agentVersion, taskScript: QUICK, tool, script }, ({ said, simulator }) => {
			expect(simulator.submits()).toHaveLength(2);
			expect(said.match(/Budget is/g)).toHaveLength(2);
		});
	});

	test.concurrent('gets no file, only its address', async () => {
		const script = [call(MAKE, WISH), say(({ url }) => String(url))];
		const tool = (example: Parameters) => ({ ...example, downloadResults: true });
		await play({ agentVersion, taskScript: QUICK, tool, script }, ({ said, asked, simulator }) => {
			expect(said).toContain(simulator.filesUrl);
			expect(asked.answers.join('').length).toBeLessThan(1_000);
		});
	});
});

test.concurrent('knows of each tool what it is for and what it takes', async () => {
	await play(
		{ taskScript: QUICK, script: [() => 'What shall it show?'] },
		({ asked, simulator }) => {
			const tools = new Map(asked.tools.map((tool) => [tool.name, tool]));
			expect(tools.get(MAKE)).toMatchObject({
				description: expect.stringContaining('costs money'),
				inputs: ['prompt', 'duration', 'aspectRatio'],
			});
			expect(tools.get(LOOK)).toMatchObject({
				description: expect.stringContaining('costs nothing'),
				inputs: ['taskId'],
			});
			expect(simulator.requests).toEqual([]);
		},
	);
});

test.concurrent('describes itself where nobody did', async () => {
	const tool = ({ toolDescription: _, ...example }: Parameters) => ({
		...example,
		descriptionType: 'auto',
	});
	await play({ taskScript: QUICK, tool, script: [() => 'Hello'] }, ({ asked }) => {
		const description = asked.tools.find(({ name }) => name === MAKE)?.description;
		expect(description).toMatch(/^Generate .*video.* RunningHub$/);
	});
});

test.concurrent('a wish that no model grants is explained, and not paid for', async () => {
	const script = [
		call(MAKE, { ...WISH, duration: 99 }),
		(asked: Asked): Reply => {
			expect(newest(asked).error).toMatchObject({
				message: expect.stringMatching(/Duration .*"99".* 1 to 10/),
			});
			return [{ tool: MAKE, input: WISH }];
		},
		say(({ status }) => String(status)),
	];
	await play({ taskScript: QUICK, script }, ({ said, simulator }) => {
		expect(said).toBe('SUCCESS');
		expect(submitted(simulator)).toMatchObject([{ duration: '2' }]);
	});
});

test.concurrent(
	'the agent may give a number as text, leave out what has a default, and add what nobody asked for',
	async () => {
		const script = [
			call(MAKE, { prompt: WISH.prompt, duration: '5', resolution: '1080p', style: 'anime' }),
			say(({ status }) => String(status)),
		];
		await play({ taskScript: QUICK, script }, ({ said, simulator }) => {
			expect(said).toBe('SUCCESS');
			expect(submitted(simulator)).toMatchObject([
				{ prompt: WISH.prompt, duration: '5', aspectRatio: '16:9', resolution: '540p' },
			]);
			expect(submitted(simulator)).not.toMatchObject([{ style: 'anime' }]);
		});
	},
);

test.concurrent(
	'the agent is asked for what it must not leave out, and nothing is paid',
	async () => {
		const script = [
			call(MAKE, { duration: 2 }),
			(asked: Asked): Reply => {
				expect(asked.answers.at(-1)).toMatch(/prompt/i);
				return [{ tool: MAKE, input: { prompt: WISH.prompt } }];
			},
			say(({ status }) => String(status)),
		];
		await play({ taskScript: QUICK, script }, ({ said, simulator }) => {
			expect(said).toBe('SUCCESS');
			expect(submitted(simulator)).toMatchObject([{ prompt: WISH.prompt, duration: '4' }]);
		});
	},
);

test.concurrent(
	'the agent is told of a task ID that lost its last digits as a number',
	async () => {
		const script = [call(LOOK, { taskId: 1.9e18 }), ({ answers }: Asked) => answers.at(-1) ?? ''];
		await play({ taskScript: QUICK, script }, ({ said, simulator }) => {
			expect(said).toMatch(/text|string/);
			expect(simulator.requests).toEqual([]);
		});
	},
);

/** What n8n itself refuses in these agents, it ends the execution for. */
test.concurrent.each([
	[MAKE, { ...WISH, duration: '5' }, 'duration'],
	[MAKE, { duration: 5 }, 'prompt'],
	[LOOK, { taskId: 1.9e18 }, 'taskId'],
])('an older agent ends with an error before it pays: %s %j', async (tool, input, field) => {
	const simulator = await startSimulator({ defaultTaskScript: QUICK });
	const model = await startChatModel([call(tool, input)]);
	try {
		const scene = { agentVersion: 2.2, taskScript: QUICK, script: [] };
		const workflow = await n8n.host.api.importWorkflow(await prepared(scene, simulator, model));
		const id = await n8n.host.api.runWorkflow(workflow, CHAT);
		const execution = await n8n.host.api.finishedExecution(id, 120);
		expect(errorOf(execution)?.message).toContain(field);
		expect(simulator.requests).toEqual([]);
	} finally {
		await model.stop();
		await simulator.stop();
	}
});

test.concurrent('two wishes at the same time are two videos', async () => {
	const two = ['A boat', 'A kite'].map((prompt) => ({ tool: MAKE, input: { ...WISH, prompt } }));
	const script = [() => two, ({ answers }: Asked) => answers.join(' ')];
	await play({ taskScript: QUICK, script }, ({ said, simulator }) => {
		const prompts = submitted(simulator).map((body) => Object(body).prompt);
		expect(prompts.sort()).toEqual(['A boat', 'A kite']);
		for (const { taskId } of simulator.tasks) expect(said).toContain(taskId);
	});
});

test.concurrent('any model can be chosen and filled in by the agent', async () => {
	const fromAi = (key: string, type = 'string') => `={{ $fromAI('${key}', '', '${type}') }}`;
	const tool = ({ descriptionType, toolDescription }: Parameters) => ({
		descriptionType,
		toolDescription,
		resource: 'model',
		operation: 'submitAndWait',
		model: { __rl: true, mode: 'endpoint', value: fromAi('model') },
		parameters: {
			mappingMode: 'defineBelow',
			value: { prompt: fromAi('prompt'), duration: fromAi('seconds', 'number') },
		},
		options: { extraFields: fromAi('others', 'json') },
	});
	const others = {
		style: 'general',
		aspectRatio: '1:1',
		resolution: '540p',
		movementAmplitude: 'auto',
	};
	const input = { model: 'vidu/text-to-video', prompt: 'A kite', seconds: 3, others };
	const script = [call(MAKE, input), say(({ source }) => String(source))];
	await play({ taskScript: QUICK, tool, script }, ({ said, simulator }) => {
		expect(said).toBe('vidu/text-to-video');
		expect(submitted(simulator)).toEqual([{ ...others, prompt: 'A kite', duration: '3' }]);
	});
});

/** n8n's Agents are no workflows. */
interface AgentsScene {
	agent: string;
	simulator: Simulator;
	model: ChatModel;
}

/**
 * One of n8n's Agents, with the language model of that script.
 * @param tools with this account
 */
async function withAgent(
	taskScript: TaskScript,
	script: Scene['script'],
	tools: (account: WorkflowNode['credentials']) => object[] | Promise<object[]>,
	use: (scene: AgentsScene) => Promise<void>,
): Promise<void> {
	const simulator = await startSimulator({ defaultTaskScript: taskScript });
	const model = await startChatModel(script);
	try {
		const { account, openAi } = await saveCredentials(simulator, model);
		const agent = await n8n.host.api.createAgent({
			name: AGENT,
			model: 'openai/gpt-5-mini',
			credential: openAi.openAiApi.id,
			instructions: 'Make the video that the user asks for.',
			tools: await tools(account),
		});
		await use({ agent, simulator, model });
	} finally {
		await model.stop();
		await simulator.stop();
	}
}

const saidIn = (events: AgentEvent[]) => events.map(({ delta = '' }) => delta).join('');

/** They call nodes themselves, outside of any execution. */
test.concurrent('one of n8n’s Agents hands out the video that the user asked for', async () => {
	const answer = ({ answers }: Asked) => JSON.parse(answers.at(-1) ?? '{}').data[0].json;
	const script = [
		call(MAKE, { ...WISH, duration: 99 }),
		(asked: Asked): Reply => {
			expect(answer(asked).error.message).toMatch(/Duration .*"99".* 1 to 10/);
			return [{ tool: MAKE, input: WISH }];
		},
		(asked: Asked): Reply => [{ tool: LOOK, input: { taskId: answer(asked).taskId } }],
		(asked: Asked) => `Here it is: ${answer(asked).url}`,
	];
	const nodes = readExample().nodes.filter(({ credentials }) => credentials !== undefined);
	const tools = (credentials: WorkflowNode['credentials']) =>
		nodes.map(({ name, type, typeVersion, parameters }) => ({
			type: 'node',
			name,
			description: parameters.toolDescription,
			node: {
				nodeType: type,
				nodeTypeVersion: typeVersion,
				nodeParameters: parameters,
				credentials,
			},
		}));
	await withAgent(QUICK, script, tools, async ({ agent, simulator }) => {
		const events = await n8n.host.api.chatWithAgent(agent, 'A boat, please');
		expect(saidIn(events)).toContain(`Here it is: ${simulator.filesUrl}`);
		expect(submitted(simulator)).toEqual([expect.objectContaining({ ...WISH, duration: '2' })]);
		expect(JSON.stringify(events)).not.toContain(SIMULATOR_KEY);
	});
});

/** A workflow that makes a video of the prompt that it is given. */
const videoWorkflow = (credentials: WorkflowNode['credentials']): Workflow => ({
	name: `${MAKER} ${randomUUID()}`,
	nodes: [
		{
			name: 'Start',
			type: 'n8n-nodes-base.executeWorkflowTrigger',
			typeVersion: 1.1,
			position: [0, 0],
			parameters: {
				inputSource: 'workflowInputs',
				workflowInputs: { values: [{ name: 'prompt', type: 'string' }] },
			},
		},
		{
			name: MAKER,
			type: NODE,
			typeVersion: 1,
			position: [208, 0],
			credentials,
			parameters: {
				resource: 'vidu',
				operation: 'submitAndWait',
				mode: 'textToVideo',
				model: 'vidu/text-to-video',
				prompt: '={{ $json.prompt }}',
			},
		},
	],
	connections: { Start: { main: [[{ node: MAKER, type: 'main', index: 0 }]] } },
});

/** One of n8n's Agents whose tool is that workflow. The user asks it for a video once. */
async function askForWorkflow(
	taskScript: TaskScript,
	check: (scene: AgentsScene & { events: AgentEvent[]; executionId: string }) => Promise<void>,
): Promise<void> {
	const answer = ({ answers }: Asked) => JSON.parse(answers.at(-1) ?? '{}').data[MAKER][0];
	const script = [
		call(MAKE, { prompt: WISH.prompt }),
		(asked: Asked) => `Here it is: ${answer(asked).url}`,
	];
	let id = '';
	const tools = async (account: WorkflowNode['credentials']) => {
		const workflow = await n8n.host.api.importWorkflow(videoWorkflow(account));
		({ id } = workflow);
		return [{ type: 'workflow', workflowId: id, workflow: workflow.name, name: MAKE }];
	};
	await withAgent(taskScript, script, tools, async (scene) => {
		const events = await n8n.host.api.chatWithAgent(scene.agent, 'A boat, please');
		const [execution, ...more] = await n8n.host.api.executions(id);
		expect(more).toEqual([]);
		await check({ ...scene, events, executionId: execution?.id ?? '' });
	});
}

const pausedFor = (events: AgentEvent[]) =>
	events.find(({ type }) => type === 'tool-call-suspended')?.payload;

test.concurrent(
	'one of n8n’s Agents has at once what a workflow soon gives, as its tool',
	async () => {
		const taskScript: TaskScript = { runningMs: 20_000, end: { kind: 'success' } };
		await askForWorkflow(taskScript, async ({ events, executionId, simulator }) => {
			expect(pausedFor(events)).toBeUndefined();
			expect(saidIn(events)).toContain(`Here it is: ${simulator.filesUrl}`);
			expect((await n8n.host.api.execution(executionId)).status).toBe('success');
			expect(submitted(simulator)).toMatchObject([{ prompt: WISH.prompt }]);
			expect(JSON.stringify(events)).not.toContain(SIMULATOR_KEY);
		});
	},
);

test.concurrent(
	'one of n8n’s Agents gets what takes a workflow longer than the two minutes after which it would cancel it',
	async () => {
		const taskScript: TaskScript = { runningMs: 125_000, end: { kind: 'success' } };
		await askForWorkflow(taskScript, async ({ events, agent, executionId, simulator, model }) => {
			const paused = pausedFor(events);
			if (paused === undefined) throw new Error(`It has not paused: ${JSON.stringify(events)}`);
			expect((await n8n.host.api.execution(executionId)).status).toBe('waiting');
			expect(model.asked).toHaveLength(1);

			expect((await n8n.host.api.finishedExecution(executionId, 90)).status).toBe('success');
			const later = await n8n.host.api.checkForResult(agent, paused);
			expect(saidIn(later)).toContain(`Here it is: ${simulator.filesUrl}`);
			expect(submitted(simulator)).toMatchObject([{ prompt: WISH.prompt }]);
		});
	},
	240_000,
);
