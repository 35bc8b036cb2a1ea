import { setTimeout as sleep } from 'node:timers/promises';
import { errorOf, itemsOf } from '../../../scripts/lib/n8nApi';
import { until } from '../../../scripts/lib/until';
import { expectScenes, expectVideos } from './expectVideos';
import type { N8nUnderTest } from './n8nUnderTest';
import { lost, runsNoFlowTwice, scenesOf, scriptWith } from './sleepScenes';
import { FETCH_RESULT, ENDS_ASLEEP, type TestWorkflowSettings } from './testWorkflow';
import { useN8n } from './useN8n';

const FAILING = scriptWith({ end: { kind: 'nodeException' } });

const TASK_ID = /^\d{19}$/;

/** The sleep on a real n8n. All tests but the last one run at the same time, each on a workflow of its own. */
export function testSleep({ start, signsAddresses: signed }: N8nUnderTest) {
	const n8n = useN8n(start);
	jest.setTimeout(6 * 60_000);

	/** Where n8n does not sign them, RunningHub gets no address to call. */
	const itWithCallbacks = signed ? it.concurrent : () => {};

	// First of all, so that a new n8n that does it in another way is seen by name.
	it.concurrent('finds n8n’s insides as its sleep relies on them', async () => {
		const workflow = await n8n.publish();
		const id = await workflow.start(['Only']);
		const strange = 'this version of n8n keeps its executions in a way that the node does not know';
		const { status } = await until('the run to sleep, or to end', 60, async () => {
			const execution = await n8n.host.api.execution(id);
			return !['new', 'running'].includes(execution.status) && execution;
		});
		expect(await n8n.host.log()).not.toContain(strange);
		expect(status).toBe('waiting');

		// In the callback: without the node's saved context it would sleep on until its next look.
		await workflow.allTasksEnded();
		await workflow.simulator.releaseCallbacks();
		expect((await workflow.finished(id, signed ? 30 : 150)).status).toBe('success');
		expectVideos(workflow, [['Only']]);
	});

	itWithCallbacks('gives RunningHub an address of the execution and the node', async () => {
		const workflow = await n8n.publish();
		const id = await workflow.startAndSleep(['Only']);
		const { origin, pathname, search } = new URL(workflow.callbackUrl());
		expect(origin).toBe(n8n.host.url.replace('127.0.0.1', 'localhost'));
		expect(pathname).toBe(`/webhook-waiting/${id}/runninghub`);
		expect(search).toMatch(/^\?signature=[\da-f]+$/);
		// Without its signature the address wakes nobody.
		const forged = await workflow.simulator.forgeCallback(`${origin}${pathname}`, {});
		expect(forged.status).toBe(401);

		await workflow.allTasksEnded();
		await workflow.simulator.releaseCallbacks();
		expect((await workflow.finished(id)).status).toBe('success');
		expectVideos(workflow, [['Only']]);
	});

	if (!signed) {
		it.concurrent(
			'gives RunningHub no address, since n8n would run a woken execution twice',
			async () => {
				const workflow = await n8n.publish();
				workflow.simulator.setDefaultTaskScript(lost(3_000));
				const id = await workflow.startAndSleep(['Only']);
				expect(workflow.simulator.tasks.map(({ webhookUrl }) => webhookUrl ?? null)).toEqual([
					null,
				]);
				expect((await workflow.finished(id, 150)).status).toBe('success');
				expectVideos(workflow, [['Only']]);
			},
		);
	}

	itWithCallbacks('goes on once and with the truth, whatever callbacks come', async () => {
		const workflow = await n8n.publish({ settings: { onError: 'continueRegularOutput' } });
		const { simulator } = workflow;
		const scenes = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
		simulator.nextTaskScripts(
			scriptWith({ callback: { kind: 'early' } }),
			scriptWith({ callback: { kind: 'doubled', times: 3 } }),
			scriptWith({ callback: { kind: 'wrongStatus' } }),
			scriptWith({ callback: { kind: 'unknownTask' } }),
			scriptWith({ callback: { kind: 'partial' } }),
			scriptWith({ callback: { kind: 'partial', form: 'noEventData' } }),
			scriptWith({ callback: { kind: 'normal' } }),
			{ ...FAILING, callback: { kind: 'wrongStatus' } },
		);
		const id = await workflow.startAndSleep(scenes);
		const url = workflow.callbackUrl();
		const [first] = simulator.tasks;
		const nobodysTask = '1900000000000999999';
		const forgeries = [
			simulator.forgeCallback(url, {}),
			simulator.forgeCallback(url, ''),
			simulator.forgeCallback(url, 'no JSON at all'),
			simulator.forgeCallback(url, '[1, null, "TASK_END"]'),
			simulator.forgeCallback(url, { event: 'TASK_END', taskId: nobodysTask, eventData: {} }),
			simulator.sendCallback(first?.taskId ?? '', { status: 'SUCCESS' }),
			simulator.sendCallback(first?.taskId ?? '', { status: 'FAILED' }),
		];
		await Promise.all(forgeries);
		expect((await n8n.host.api.execution(id)).status).toBe('waiting');
		expect(workflow.told()).toEqual([]);

		const execution = await workflow.finished(id, 150);
		await workflow.quiet();
		expect(execution.status).toBe('success');
		const failed = simulator.tasks.find(({ status }) => status === 'FAILED');
		expectVideos(workflow, [scenes], [failed?.taskId]);
	});

	itWithCallbacks('loses nothing to callbacks that come before the run is asleep', async () => {
		const workflow = await n8n.publish();
		const { simulator } = workflow;
		const scenes = ['Ends before', 'Is told before', 'Holds up the run'];
		simulator.nextTaskScripts(
			scriptWith({ runningMs: 1_000, callback: { kind: 'doubled' } }),
			scriptWith({ callback: { kind: 'early', afterMs: 500 } }),
			scriptWith({ callback: { kind: 'normal' } }),
		);
		simulator.addFault({
			kind: 'slow',
			delayMs: 3_000,
			match: { path: '/openapi/v2/vidu/' },
			after: 2,
		});
		const id = await workflow.startAndSleep(scenes);
		const tooEarly = simulator.deliveries.filter(({ status }) => status === 409);
		expect(tooEarly.length).toBeGreaterThanOrEqual(3);

		expect((await workflow.finished(id, 150)).status).toBe('success');
		await workflow.quiet();
		expectVideos(workflow, [scenes]);
	});

	itWithCallbacks('goes on once for each execution when all callbacks come at once', async () => {
		const workflow = await n8n.publish();
		const { simulator } = workflow;
		const casts = ['Red', 'Green', 'Blue'].map((colour) =>
			[1, 2, 3, 4, 5, 6].map((number) => `${colour} ${number}`),
		);
		const ids: string[] = [];
		for (const scenes of casts) ids.push(await workflow.startAndSleep(scenes));
		await workflow.allTasksEnded();

		const repeated = simulator.tasks.map(({ taskId }) => simulator.sendCallback(taskId));
		await Promise.all([
			...repeated,
			simulator.releaseCallbacks({ order: 'shuffled', atOnce: true }),
		]);
		for (const id of ids) expect((await workflow.finished(id)).status).toBe('success');
		await workflow.quiet();
		const ran = workflow.told().map(({ execution }) => execution);
		expect(ran.sort()).toEqual([...ids].sort());
		expectVideos(workflow, casts);
	});

	it.concurrent('is woken by a callback, and fetches the files then', async () => {
		const workflow = await n8n.publish({ parameters: { downloadResults: true } });
		const script = scriptWith({
			end: { kind: 'success', files: [{ type: 'mp4', bytes: 300_000 }] },
		});
		workflow.simulator.setDefaultTaskScript(script);
		const scenes = ['One', 'Two', 'Three'];
		const id = await workflow.startAndSleep(scenes);
		await workflow.allTasksEnded();
		await workflow.simulator.releaseCallbacks();
		const fetched = () => workflow.simulator.requests.filter(({ origin }) => origin === 'files');
		// Long before it would look by itself.
		await until('the first file to be fetched', signed ? 30 : 90, () => fetched().length > 0);

		expect((await workflow.finished(id)).status).toBe('success');
		await workflow.quiet();
		// n8n 1 saves that it has ended before it saves with what.
		const execution = await n8n.host.api.execution(id);
		expect(itemsOf(execution, 'RunningHub').map(({ binary }) => binary)).toEqual(
			scenes.map(() => ({
				data: expect.objectContaining({
					mimeType: 'video/mp4',
					fileName: expect.stringMatching(/\.mp4$/),
					fileSize: '300 kB',
				}),
			})),
		);
		expectVideos(workflow, [scenes]);
	});

	itWithCallbacks(
		'leaves a Wait node further on alone, however often RunningHub calls, and when n8n’s timer goes off',
		async () => {
			const approval = { resume: 'webhook', httpMethod: 'POST', options: {} };
			const workflow = await n8n.publish({ wait: approval });
			const id = await workflow.startAndSleep(['Approved by a person']);
			// n8n sets its timer for the end of the sleep within a minute.
			const { waitTill } = await n8n.host.api.execution(id);
			const timer = new Date(waitTill ?? '').getTime();
			expect(timer).toBeGreaterThan(Date.now());
			await sleep(timer - Date.now() - 3_000);
			await workflow.allTasksEnded();
			await workflow.simulator.releaseCallbacks();
			await until('the Wait node to wait', 75, async () => {
				const { data, status } = await n8n.host.api.execution(id);
				return status === 'waiting' && data.resultData.lastNodeExecuted === 'Wait';
			});
			const [task] = workflow.simulator.tasks;
			for (let calls = 0; calls < 3; calls++) {
				expect((await workflow.simulator.sendCallback(task?.taskId ?? '')).status).toBe(404);
			}
			await sleep(Math.max(0, timer + 5_000 - Date.now()));
			expect((await n8n.host.api.execution(id)).status).toBe('waiting');

			const address = workflow.callbackUrl().replace('/runninghub', '');
			expect((await workflow.simulator.forgeCallback(address, { approved: true })).status).toBe(
				200,
			);
			expect((await workflow.finished(id)).status).toBe('success');
		},
	);

	it.concurrent(
		'waits asleep in a node of its own for tasks that another one has submitted',
		async () => {
			const workflow = await n8n.publish({
				parameters: { operation: 'submit' },
				next: { ...FETCH_RESULT, timeout: 30 },
			});
			const scenes = ['One', 'Two'];
			const id = await workflow.startAndSleep(scenes);
			expect((await workflow.finished(id, 150)).status).toBe('success');
			await workflow.quiet();
			expectVideos(workflow, [scenes]);
		},
	);

	it.concurrent('with a full account sends the others as places come free', async () => {
		const workflow = await n8n.publish({ concurrencyLimit: 3 });
		const { simulator } = workflow;
		simulator.setDefaultTaskScript(scriptWith({ runningMs: 3_000, callback: { kind: 'normal' } }));
		const scenes = scenesOf(12);
		const id = await workflow.startAndSleep(scenes);
		expect(simulator.tasks.length).toBeLessThanOrEqual(3);
		expect((await workflow.finished(id, 300)).status).toBe('success');
		await workflow.quiet();
		expectVideos(workflow, [scenes], [], { refused: true });
	});

	describe('with all callbacks lost', () => {
		it.concurrent('finds each result within 65 s of its end', async () => {
			const workflow = await n8n.publish();
			const { simulator } = workflow;
			const scenes = ['Ends soon', 'Ends later'];
			simulator.nextTaskScripts(lost(20_000), lost(75_000));
			const id = await workflow.startAndSleep(scenes);
			const execution = await workflow.finished(id, 250);
			expect(execution.status).toBe('success');
			expectVideos(workflow, [scenes]);
			expect(simulator.deliveries).toEqual([]);
			const lastEnd = Math.max(...simulator.tasks.map(({ endedAt }) => endedAt ?? Infinity));
			const foundAt = new Date(execution.stoppedAt ?? Number.NaN).getTime();
			expect(foundAt - lastEnd).toBeLessThan(67_000);
		});

		it.concurrent(
			'returns running tasks at the deadline, and a net behind fetches them',
			async () => {
				const workflow = await n8n.publish({
					parameters: { timeout: 1, onTimeout: 'return' },
					next: { ...FETCH_RESULT, timeout: 5 },
				});
				workflow.simulator.setDefaultTaskScript(lost(90_000));
				const scenes = ['First', 'Second', 'Third'];
				const id = await workflow.startAndSleep(scenes);
				const execution = await workflow.finished(id, 300);
				expect(execution.status).toBe('success');
				expect(itemsOf(execution, 'RunningHub').map(({ json }) => json)).toEqual(
					scenes.map(() =>
						expect.objectContaining({
							taskId: expect.stringMatching(TASK_ID),
							status: expect.stringMatching(/^(QUEUED|RUNNING)$/),
							url: null,
							error: null,
						}),
					),
				);
				expectVideos(workflow, [scenes]);
			},
		);

		it.concurrent('stops with an error at the deadline, which Retry takes up', async () => {
			const workflow = await n8n.publish({ parameters: { timeout: 0.5 } });
			workflow.simulator.setDefaultTaskScript(lost(80_000));
			const scenes = ['First', 'Second'];
			const id = await workflow.startAndSleep(scenes);
			const execution = await workflow.finished(id, 200);
			expect(execution.status).toBe('error');
			for (const { taskId } of workflow.simulator.tasks) {
				expect(`${errorOf(execution)?.message} ${errorOf(execution)?.description}`).toContain(
					taskId,
				);
			}
			await workflow.allTasksEnded();
			const retryId = await n8n.host.api.retryExecution(id, 'asItWas');
			expect((await workflow.finished(retryId, 60)).status).toBe('success');
			await workflow.quiet();
			expectVideos(workflow, [scenes]);
		});

		it.concurrent('sends what is late to the error output', async () => {
			const workflow = await n8n.publish({
				parameters: { timeout: 0.2 },
				settings: { onError: 'continueErrorOutput' },
			});
			workflow.simulator.setDefaultTaskScript(lost(100_000));
			const scenes = ['First', 'Second'];
			const execution = await workflow.finished(await workflow.startAndSleep(scenes), 200);
			expect(execution.status).toBe('success');
			expect(workflow.told('results')).toEqual([]);
			expect(workflow.told('errors')).toHaveLength(1);
			const items = workflow.told('errors')[0]?.items ?? [];
			expect(items.map(({ scene }) => scene)).toEqual(scenes);
			const scenesByTask = workflow.scenesByTask();
			for (const { error, scene } of items) {
				expect(error).toMatchObject({
					kind: 'timeout',
					taskId: expect.stringMatching(TASK_ID),
					task: { status: expect.stringMatching(/^(QUEUED|RUNNING)$/) },
				});
				expect(scenesByTask.get(taskIdOf(error))).toBe(scene);
			}
		});
	});

	describe('when one of five tasks fails', () => {
		const scenes = ['I', 'II', 'III', 'IV', 'V'];

		/** Which item the failed task belongs to is left to chance. */
		const runWithFailure = async (settings: TestWorkflowSettings) => {
			const workflow = await n8n.publish(settings);
			workflow.simulator.nextTaskScripts(ENDS_ASLEEP, ENDS_ASLEEP, FAILING);
			const id = await workflow.startAndSleep(scenes);
			await workflow.allTasksEnded();
			await workflow.simulator.releaseCallbacks({ atOnce: true });
			const execution = await workflow.finished(id, 150);
			await workflow.quiet();
			const failed = workflow.simulator.tasks.find(({ status }) => status === 'FAILED');
			const taskId = failed?.taskId ?? '';
			return { workflow, id, execution, taskId, scene: failed?.body.prompt };
		};

		it.concurrent('goes on with the other results and an error item', async () => {
			const { workflow, execution, taskId } = await runWithFailure({
				settings: { onError: 'continueRegularOutput' },
			});
			expect(execution.status).toBe('success');
			expectVideos(workflow, [scenes], [taskId]);
		});

		it.concurrent('sends the failed one to the error output', async () => {
			const { workflow, execution, taskId, scene } = await runWithFailure({
				settings: { onError: 'continueErrorOutput' },
			});
			expect(execution.status).toBe('success');
			expect(workflow.told('errors').map(({ items }) => items)).toEqual([
				[
					expect.objectContaining({
						scene,
						message: expect.stringContaining('KSampler'),
						error: expect.objectContaining({
							kind: 'failed',
							taskId,
							task: expect.objectContaining({ taskId, status: 'FAILED' }),
						}),
					}),
				],
			]);
			expectVideos(workflow, [scenes.filter((other) => other !== scene)]);
		});

		it.concurrent(
			'stops with an error that names all tasks, and a retry pays for the failed one alone',
			async () => {
				const { workflow, id, execution, taskId, scene } = await runWithFailure({});
				const { simulator } = workflow;
				expect(execution.status).toBe('error');
				expect(workflow.told()).toEqual([]);
				expect(execution.data.resultData.lastNodeExecuted).toBe('RunningHub');
				const error = errorOf(execution);
				expect(error?.message).toContain(taskId);
				expect(error?.message).toContain('KSampler');
				for (const task of simulator.tasks) {
					if (task.taskId !== taskId)
						expect(error?.description).toContain(`${task.taskId} SUCCESS`);
				}

				const retryId = await n8n.host.api.retryExecution(id, 'asItIsNow');
				await n8n.host.api.executionInStatus(retryId, 'waiting');
				expect(simulator.submits()).toHaveLength(6);
				await workflow.allTasksEnded();
				// The retry is an execution of its own, and so is its address.
				const again = simulator.tasks[5];
				if (signed) await simulator.sendCallback(again?.taskId ?? '');
				expect((await workflow.finished(retryId, 150)).status).toBe('success');
				await workflow.quiet();
				const prompts = simulator.tasks.map(({ body }) => body.prompt);
				expect([...prompts].sort()).toEqual([...scenes, scene].sort());
				expectScenes(workflow, [scenes]);
			},
		);
	});

	it.concurrent(
		'a credential that has gone is an error that names the tasks; Retry goes on',
		async () => {
			const workflow = await n8n.publish();
			workflow.simulator.setDefaultTaskScript(lost(10_000));
			const scenes = ['One', 'Two'];
			const id = await workflow.startAndSleep(scenes);
			await workflow.breakCredential();
			const [task] = workflow.simulator.tasks;
			if (signed) {
				expect((await workflow.simulator.sendCallback(task?.taskId ?? '')).status).toBe(503);
			}
			expect((await n8n.host.api.execution(id)).status).toBe('waiting');
			const execution = await workflow.finished(id, 150);
			expect(execution.status).toBe('error');
			for (const { taskId } of workflow.simulator.tasks) {
				expect(JSON.stringify(errorOf(execution))).toContain(taskId);
			}
			expect(workflow.told()).toEqual([]);

			await workflow.mendCredential();
			const retryId = await n8n.host.api.retryExecution(id, 'asItWas');
			expect((await workflow.finished(retryId, 150)).status).toBe('success');
			expectVideos(workflow, [scenes]);
		},
	);

	if (signed) {
		// Behind the others, which would take the machine's time.
		it('has the result within 2 s of the task’s end, where RunningHub calls', async () => {
			const workflow = await n8n.publish();
			const { simulator } = workflow;
			simulator.setDefaultTaskScript(scriptWith({ callback: { kind: 'normal' } }));
			const scenes = scenesOf(3);
			for (const scene of scenes) await workflow.finished(await workflow.startAndSleep([scene]));
			expectVideos(
				workflow,
				scenes.map((scene) => [scene]),
			);
			const lags = workflow
				.told()
				.map(({ at }, index) => at - (simulator.tasks[index]?.endedAt ?? 0));
			console.log(`From a task's end to the flow behind: ${lags.join(', ')} ms`);
			// One may meet a moment in which the machine does something else.
			expect(lags.filter((lag) => lag <= 2_000).length).toBeGreaterThanOrEqual(2);
		});
	}

	runsNoFlowTwice(n8n);
}

function taskIdOf(error: unknown): string {
	if (typeof error !== 'object' || error === null || !('taskId' in error)) return '';
	return String(error.taskId);
}
