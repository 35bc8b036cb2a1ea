import { errorOf, itemsOf, type Execution, type WorkflowNode } from '../../../scripts/lib/n8nApi';
import { until } from '../../../scripts/lib/until';
import type { TaskScript } from '../../simulator';
import { expectScenes, expectVideos } from './expectVideos';
import type { N8nUnderTest } from './n8nUnderTest';
import { runsNoFlowTwice } from './sleepScenes';
import {
	chain,
	ENDS_ASLEEP,
	node,
	type TestWorkflow,
	to,
	type FlowParts,
	type TestWorkflowSettings,
} from './testWorkflow';
import { useN8n } from './useN8n';

/** RunningHub calls at its end. */
const CALLS: TaskScript = { ...ENDS_ASLEEP, runningMs: 5_000, callback: { kind: 'normal' } };
const FAILS: TaskScript = { ...CALLS, end: { kind: 'nodeException' } };
const lost = (runningMs: number): TaskScript => ({
	...ENDS_ASLEEP,
	runningMs,
	callback: { kind: 'lost' },
});

const base = (name: string) => `n8n-nodes-base.${name}`;
const SCENES = ['One', 'Two', 'Three'];
const VIDEO = expect.objectContaining({ status: 'SUCCESS', url: expect.stringContaining('http') });

const hintsOf = ({ data }: Execution): unknown => data.resultData.runData.RunningHub?.[0]?.hints;

/** The scene that each item's task was made for. */
const scenesOf = (workflow: TestWorkflow, items: readonly unknown[]) => {
	const scenes = workflow.scenesByTask();
	return items.map((item) => scenes.get(String((item as { taskId?: unknown }).taskId)));
};

/** The flows that people build around a node that sleeps. All run at the same time, each on a workflow of its own. */
export function testSleepFlows({ start, signsAddresses, limitCountsSleep }: N8nUnderTest) {
	const n8n = useN8n(start);
	jest.setTimeout(6 * 60_000);
	/** Where nobody calls, each sleep takes 65 s. */
	const twoSleeps = signsAddresses ? 150 : 240;

	const publish = async (settings: TestWorkflowSettings, script = CALLS): Promise<TestWorkflow> =>
		await n8n.publish(settings, script);

	// First of all, since they take longest.
	describe('n8n’s own time limit', () => {
		it.concurrent(
			'that is longer than the whole run changes nothing, over several sleeps',
			async () => {
				const workflow = await publish(
					{ workflowSettings: { executionTimeout: 190 } },
					lost(80_000),
				);
				const id = await workflow.startAndSleep(['Only']);
				expect((await workflow.finished(id, 220)).status).toBe('success');
				expect(await workflow.sleeps()).toBe(2);
				expectVideos(workflow, [['Only']]);
			},
		);

		const withShortLimit = async () => {
			const workflow = await publish({ workflowSettings: { executionTimeout: 30 } }, lost(10_000));
			const id = await workflow.startAndSleep(['Only']);
			const execution = await workflow.finished(id, 150);
			expect(await workflow.sleeps()).toBe(1);
			return { workflow, execution };
		};

		if (limitCountsSleep) {
			it.concurrent(
				'counts the sleep: an execution that wakes by itself behind it is canceled',
				async () => {
					const { workflow, execution } = await withShortLimit();
					expect(execution.status).toBe('canceled');
					expect(itemsOf(execution, 'RunningHub')).toEqual([]);
					expect(workflow.told()).toEqual([]);
					// n8n's list of executions offers no Retry for it, but its API does.
					await workflow.finished(await n8n.host.api.retryExecution(execution.id, 'asItWas'));
					expectVideos(workflow, [['Only']]);
				},
			);
		} else {
			it.concurrent('begins anew when the execution wakes by itself', async () => {
				const { workflow, execution } = await withShortLimit();
				expect(execution.status).toBe('success');
				expectVideos(workflow, [['Only']]);
			});
		}

		if (signsAddresses) {
			it.concurrent('begins anew when a callback wakes the execution', async () => {
				const workflow = await publish(
					{ workflowSettings: { executionTimeout: 15 } },
					{ ...CALLS, runningMs: 25_000 },
				);
				const id = await workflow.startAndSleep(['Only']);
				expect((await workflow.finished(id)).status).toBe('success');
				expectVideos(workflow, [['Only']]);
			});
		}
	});

	describe('a node that sleeps', () => {
		it.concurrent('in a loop: each round sleeps and gives its own results', async () => {
			const workflow = await publish({
				flow: (parts) => {
					const { webhook, scenes, runningHub, pair, tell } = parts;
					const loop = node('Loop', base('splitInBatches'), 3, { batchSize: 2, options: {} });
					const nodes = [webhook(), scenes(), loop, runningHub('RunningHub'), pair('Pair')];
					return {
						nodes: [...nodes, tell('results')],
						connections: {
							Webhook: to('Scenes'),
							Scenes: to('Loop'),
							Loop: to('Pair', 'RunningHub'),
							RunningHub: to('Loop'),
							Pair: to('results'),
						},
					};
				},
			});
			const id = await workflow.startAndSleep(SCENES);
			expect((await workflow.finished(id, twoSleeps)).status).toBe('success');
			await workflow.quiet();
			expectVideos(workflow, [SCENES]);
			expect(await workflow.sleeps()).toBeGreaterThanOrEqual(2);
		});

		it.concurrent('in a row with another one: both sleep, one after the other', async () => {
			const workflow = await publish({
				flow: ({ webhook, scenes, runningHub, pair, tell }) =>
					chain(
						webhook(),
						scenes(),
						runningHub('RunningHub', { prompt: '={{ "First of " + $json.scene }}' }),
						runningHub('RunningHub 2', { prompt: "={{ $('Scenes').item.json.scene }}" }),
						pair('Pair'),
						tell('results'),
					),
			});
			const id = await workflow.startAndSleep(SCENES);
			expect((await workflow.finished(id, twoSleeps)).status).toBe('success');
			await workflow.quiet();
			expectScenes(workflow, [SCENES]);
			expect(workflow.simulator.submits()).toHaveLength(6);
		});

		describe.each(['v0', 'v1'])('in execution order %s', (executionOrder) => {
			it.concurrent('on two branches: the Merge behind gets both, once', async () => {
				const workflow = await publish({
					workflowSettings: { executionOrder },
					flow: ({ webhook, scenes, runningHub, pair, tell }) => ({
						nodes: [
							webhook(),
							scenes(),
							runningHub('RunningHub'),
							runningHub('RunningHub 2', { prompt: '={{ $json.scene }}' }),
							node('Merge', base('merge'), 3, {}),
							pair('Pair'),
							tell('results'),
						],
						connections: {
							Webhook: to('Scenes'),
							Scenes: { main: [[...to('RunningHub', 'RunningHub 2').main.flat()]] },
							RunningHub: to('Merge'),
							'RunningHub 2': { main: [[{ node: 'Merge', type: 'main', index: 1 }]] },
							Merge: to('Pair'),
							Pair: to('results'),
						},
					}),
				});
				const id = await workflow.startAndSleep(SCENES);
				expect((await workflow.finished(id, twoSleeps)).status).toBe('success');
				await workflow.quiet();
				expectScenes(workflow, [[...SCENES, ...SCENES]]);
				expect(workflow.simulator.submits()).toHaveLength(6);
			});
		});

		it.concurrent('with Retry On Fail: pays again for the failed one alone', async () => {
			const workflow = await publish({
				settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 500 },
			});
			workflow.simulator.nextTaskScripts(FAILS);
			const id = await workflow.startAndSleep(SCENES);
			expect((await workflow.finished(id, twoSleeps)).status).toBe('success');
			await workflow.quiet();
			expectScenes(workflow, [SCENES]);
			expect(workflow.simulator.submits()).toHaveLength(4);
		});

		it.concurrent('with Execute Once: makes one video of the first item', async () => {
			const workflow = await publish({ settings: { executeOnce: true } });
			const id = await workflow.startAndSleep(SCENES);
			expect((await workflow.finished(id)).status).toBe('success');
			await workflow.quiet();
			expectVideos(workflow, [['One']]);
			expect(await workflow.sleeps()).toBe(1);
		});

		it.concurrent('with Always Output Data: gives on its videos alone, once', async () => {
			const workflow = await publish({ settings: { alwaysOutputData: true } });
			const id = await workflow.startAndSleep(SCENES);
			expect((await workflow.finished(id)).status).toBe('success');
			await workflow.quiet();
			expectVideos(workflow, [SCENES]);
		});

		it.concurrent(
			'where successful executions are not saved: gives its videos, and nothing stays',
			async () => {
				const workflow = await publish({ workflowSettings: { saveDataSuccessExecution: 'none' } });
				expect((await workflow.call(SCENES)).status).toBe(200);
				await until('the results', 90, () => workflow.told().length > 0);
				await until('the execution to be removed', 30, async () => {
					return (await n8n.host.api.executions(workflow.id)).length === 0;
				});
				expectVideos(workflow, [SCENES]);
				expect(await workflow.sleeps()).toBeGreaterThan(0);
			},
		);

		it.concurrent('whose task fails: the error workflow runs once', async () => {
			const handler = await publish({
				flow: ({ webhook, tell }) => {
					const flow = chain(node('On error', base('errorTrigger'), 1, {}), tell('results'));
					// n8n 1 publishes nothing that only errors start.
					return { ...flow, nodes: [...flow.nodes, webhook()] };
				},
			});
			const workflow = await publish({ workflowSettings: { errorWorkflow: handler.id } }, FAILS);
			const id = await workflow.startAndSleep(['Only']);
			expect((await workflow.finished(id)).status).toBe('error');
			await until('the error workflow', 30, () => handler.told().length > 0);
			await handler.quiet();
			const [task] = workflow.simulator.tasks;
			const message = expect.stringContaining(String(task?.taskId));
			expect(handler.told().map(({ items }) => items)).toEqual([
				[
					expect.objectContaining({
						execution: expect.objectContaining({
							id,
							lastNodeExecuted: 'RunningHub',
							error: expect.objectContaining({ message }),
						}),
					}),
				],
			]);
		});
	});

	describe('a sub-workflow', () => {
		/** One that makes a video of each item, and a workflow that calls it. */
		const setBoth = async (
			parameters: { waitStrategy: string; timeout?: number; onTimeout?: string },
			mode: 'once' | 'each',
			script = CALLS,
		) => {
			const child = await publish(
				{
					flow: ({ runningHub }) =>
						chain(
							node('Called', base('executeWorkflowTrigger'), 1.1, { inputSource: 'passthrough' }),
							runningHub('RunningHub', parameters),
						),
				},
				script,
			);
			const workflowId = { __rl: true, mode: 'id', value: child.id };
			const call = node('Sub-workflow', base('executeWorkflow'), 1.2, {
				source: 'database',
				workflowId,
				workflowInputs: { mappingMode: 'defineBelow', value: {} },
				mode,
				options: {},
			});
			const parent = await publish({
				flow: ({ webhook, scenes, tell }) => chain(webhook(), scenes(), call, tell('results')),
			});
			return { child, parent };
		};
		const told = ({ parent }: { parent: TestWorkflow }) => parent.told().map(({ items }) => items);

		const RUNNING = expect.objectContaining({ status: 'RUNNING', url: null });
		const TIMES_OUT = { timeout: 0.1, onTimeout: 'return' };
		/** Where n8n would not give a parent what a sub-workflow that slept puts out. */
		const keepsRunning = signsAddresses ? ['auto'] : ['auto', 'sleep'];
		const ways = keepsRunning.flatMap((waitStrategy) => [
			{ waitStrategy, mode: 'once' as const },
			{ waitStrategy, mode: 'each' as const },
		]);

		describe.each(ways)('with “$waitStrategy”, run in mode “$mode”', ({ waitStrategy, mode }) => {
			it.concurrent('keeps running, and gives its results back', async () => {
				const both = await setBoth({ waitStrategy }, mode);
				const id = await both.parent.start(SCENES);
				expect((await both.parent.finished(id)).status).toBe('success');
				expect(told(both)).toEqual([SCENES.map(() => VIDEO)]);
				expect(scenesOf(both.child, told(both).flat())).toEqual(SCENES);
				expect(await both.child.sleeps()).toBe(0);
				const child = await both.child.finished(await both.child.begun());
				const why = 'this version of n8n does not return a result to the parent';
				const saysWhy = JSON.stringify(hintsOf(child)).includes(why);
				expect(saysWhy).toBe(waitStrategy === 'sleep');
			});

			it.concurrent('and failing, ends its parent with the error', async () => {
				const both = await setBoth({ waitStrategy }, mode, FAILS);
				const execution = await both.parent.finished(await both.parent.start(['Only']));
				expect(execution.status).toBe('error');
				const [task] = both.child.simulator.tasks;
				expect(errorOf(execution)?.message).toContain(task?.taskId);
				expect(told(both)).toEqual([]);
				expect(await both.child.sleeps()).toBe(0);
			});

			it.concurrent('gives the running tasks back at its timeout', async () => {
				const both = await setBoth({ waitStrategy, ...TIMES_OUT }, mode, lost(300_000));
				const id = await both.parent.start(SCENES);
				expect((await both.parent.finished(id)).status).toBe('success');
				expect(told(both)).toEqual([SCENES.map(() => RUNNING)]);
				expect(scenesOf(both.child, told(both).flat())).toEqual(SCENES);
				expect(await both.child.sleeps()).toBe(0);
			});
		});

		if (signsAddresses) {
			it.concurrent('that sleeps gives its results back', async () => {
				const both = await setBoth({ waitStrategy: 'sleep' }, 'once');
				const id = await both.parent.startAndSleep(SCENES);
				expect((await both.parent.finished(id)).status).toBe('success');
				await both.parent.quiet();
				expect(told(both)).toEqual([SCENES.map(() => VIDEO)]);
				expect(scenesOf(both.child, told(both).flat())).toEqual(SCENES);
				expect(await both.child.sleeps()).toBeGreaterThan(0);
			});

			it.concurrent('that sleeps and fails ends its parent with the error', async () => {
				const both = await setBoth({ waitStrategy: 'sleep' }, 'once', FAILS);
				const id = await both.parent.startAndSleep(['Only']);
				const execution = await both.parent.finished(id);
				expect(execution.status).toBe('error');
				const [task] = both.child.simulator.tasks;
				expect(errorOf(execution)?.message).toContain(task?.taskId);
				expect(told(both)).toEqual([]);
			});

			it.concurrent('that sleeps until its timeout gives the running tasks back', async () => {
				const both = await setBoth({ waitStrategy: 'sleep', ...TIMES_OUT }, 'once', lost(300_000));
				const id = await both.parent.startAndSleep(SCENES);
				expect((await both.parent.finished(id, 180)).status).toBe('success');
				expect(told(both)).toEqual([SCENES.map(() => RUNNING)]);
				expect(scenesOf(both.child, told(both).flat())).toEqual(SCENES);
			});
		}
	});

	describe('a caller that waits for the result', () => {
		const WHEN_DONE = { responseMode: 'lastNode', responseData: 'allEntries' };
		const respond = () =>
			node('Respond', base('respondToWebhook'), 1.1, {
				respondWith: 'json',
				responseBody: '={{ { answer: $json.status ?? "on its way" } }}',
				options: {},
			});
		const webhookFlow =
			(parameters: Record<string, unknown>, ...behind: Array<(parts: FlowParts) => WorkflowNode>) =>
			(parts: FlowParts) =>
				chain(parts.webhook(parameters), parts.scenes(), ...behind.map((make) => make(parts)));
		const video =
			(waitStrategy = 'auto') =>
			({ runningHub }: FlowParts) =>
				runningHub('RunningHub', { waitStrategy });
		const OWES = 'the caller of “Webhook” is waiting for the result';

		it.concurrent('of a webhook gets it, since the execution keeps running', async () => {
			const workflow = await publish({ flow: webhookFlow(WHEN_DONE, video()) });
			const response = await workflow.call(SCENES);
			expect(response.status).toBe(200);
			const answer = (await response.json()) as unknown[];
			expect(answer).toEqual(SCENES.map(() => VIDEO));
			expect(scenesOf(workflow, answer)).toEqual(SCENES);
			expect(workflow.simulator.submits()).toHaveLength(3);
			expect(await workflow.sleeps()).toBe(0);
		});

		it.concurrent(
			'gets it where the execution was to be freed, too; a hint says why it was not',
			async () => {
				const workflow = await publish({ flow: webhookFlow(WHEN_DONE, video('sleep')) });
				const response = await workflow.call(SCENES);
				expect(await response.json()).toEqual(SCENES.map(() => VIDEO));
				expect(await workflow.sleeps()).toBe(0);
				const execution = await workflow.finished(await workflow.begun());
				expect(JSON.stringify(hintsOf(execution))).toContain(OWES);
				expect(await n8n.host.log()).toContain(OWES);
			},
		);

		it.concurrent('gets what Respond to Webhook says behind the node', async () => {
			const flow = webhookFlow({ responseMode: 'responseNode' }, video('sleep'), respond);
			const workflow = await publish({ flow });
			const response = await workflow.call(['Only']);
			expect(await response.json()).toEqual({ answer: 'SUCCESS' });
			expect(await workflow.sleeps()).toBe(0);
		});

		it.concurrent(
			'has its answer where Respond to Webhook is in front: the execution sleeps',
			async () => {
				const flow = webhookFlow({ responseMode: 'responseNode' }, respond, video(), ({ tell }) =>
					tell('results'),
				);
				const workflow = await publish({ flow });
				const response = await workflow.call(['Only']);
				expect(await response.json()).toEqual({ answer: 'on its way' });
				const execution = await workflow.finished(await workflow.begun());
				expect(execution.status).toBe('success');
				expect(workflow.told().map(({ items }) => items)).toEqual([[VIDEO]]);
				expect(await workflow.sleeps()).toBe(1);
			},
		);

		it.concurrent('of a Wait node gets it, too', async () => {
			const workflow = await publish({
				flow: ({ webhook, scenes, tell, runningHub }) => {
					const address = {
						id: 'url',
						name: 'url',
						type: 'string',
						value: '={{ $execution.resumeUrl }}',
					};
					return chain(
						webhook(),
						scenes(),
						node('Address', base('set'), 3.4, {
							assignments: { assignments: [address] },
							includeOtherFields: true,
							options: {},
						}),
						tell('address'),
						node(
							'Wait',
							base('wait'),
							1.1,
							{ resume: 'webhook', httpMethod: 'POST', ...WHEN_DONE, options: {} },
							{ webhookId: 'waits-for-a-call' },
						),
						runningHub('RunningHub', { prompt: "={{ $('Scenes').first().json.scene }}" }),
					);
				},
			});
			await workflow.startAndSleep(['Only']);
			const [address] = workflow.told('address')[0]?.items ?? [];
			const response = await fetch(String(address?.url), { method: 'POST' });
			expect(response.status).toBe(200);
			expect(await response.json()).toEqual([VIDEO]);
			expect(await workflow.sleeps()).toBe(0);
		});

		it.concurrent('in a chat gets it', async () => {
			let webhookId = '';
			const workflow = await publish({
				flow: ({ path, runningHub }) => {
					webhookId = path;
					return chain(
						node(
							'Chat',
							'@n8n/n8n-nodes-langchain.chatTrigger',
							1.1,
							{ public: true, mode: 'webhook', options: {} },
							{ webhookId },
						),
						runningHub('RunningHub', { prompt: '={{ $json.chatInput }}' }),
					);
				},
			});
			const response = await fetch(`${n8n.host.url}/webhook/${webhookId}/chat`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ action: 'sendMessage', sessionId: 'one', chatInput: 'A fox' }),
			});
			expect(await response.json()).toEqual(VIDEO);
			expect(await workflow.sleeps()).toBe(0);
		});

		describe('who filled a form', () => {
			const formFlow =
				(responseMode: string, ...behind: WorkflowNode[]) =>
				({ path, runningHub, tell }: FlowParts) =>
					chain(
						node(
							'Form',
							base('formTrigger'),
							2.2,
							{
								formTitle: 'A video',
								formFields: { values: [{ fieldLabel: 'scene' }] },
								responseMode,
								options: { path },
							},
							{ webhookId: path },
						),
						runningHub('RunningHub'),
						tell('results'),
						...behind,
					);
			const fill = async (flow: (parts: FlowParts) => ReturnType<typeof chain>) => {
				let url = '';
				const workflow = await publish({
					flow: (parts) => {
						url = `${n8n.host.url}/form/${parts.path}`;
						return flow(parts);
					},
				});
				const form = new FormData();
				form.set('field-0', 'A fox');
				const response = await fetch(url, { method: 'POST', body: form });
				return { workflow, response, answer: await response.text() };
			};

			it.concurrent('is answered when the workflow has finished', async () => {
				const { workflow, response } = await fill(formFlow('lastNode'));
				expect(response.status).toBe(200);
				expect(workflow.told().map(({ items }) => items)).toEqual([[VIDEO]]);
				expect(await workflow.sleeps()).toBe(0);
			});

			it.concurrent('sees the page behind', async () => {
				const ending = node('Page', base('form'), 1, {
					operation: 'completion',
					respondWith: 'text',
					completionTitle: 'Your video is done',
					completionMessage: '={{ $("RunningHub").first().json.url }}',
					options: {},
				});
				const { workflow, answer } = await fill(formFlow('onReceived', ending));
				const { formWaitingUrl } = JSON.parse(answer) as { formWaitingUrl: string };
				// As n8n's own script does in the browser, which reloads the page then.
				const status = new URL(formWaitingUrl);
				status.pathname += '/n8n-execution-status';
				await until('the page', 90, async () => {
					return (await (await fetch(status)).text()) === 'form-waiting';
				});
				const page = await (await fetch(formWaitingUrl)).text();
				expect(page).toContain('Your video is done');
				expect(page).toContain('.mp4');
				expect(workflow.told().map(({ items }) => items)).toEqual([[VIDEO]]);
				expect(await workflow.sleeps()).toBe(0);
			});

			it.concurrent('and was answered at once does not keep the execution running', async () => {
				const { workflow } = await fill(formFlow('onReceived'));
				await workflow.finished(await workflow.begun());
				expect(workflow.told().map(({ items }) => items)).toEqual([[VIDEO]]);
				expect(await workflow.sleeps()).toBe(1);
			});
		});
	});

	runsNoFlowTwice(n8n);
}
