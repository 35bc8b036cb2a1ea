import { N8N_1_VERSION, N8N_2_0_VERSION } from '../../../scripts/lib/n8n';
import { errorOf, itemsOf } from '../../../scripts/lib/n8nApi';
import { until } from '../../../scripts/lib/until';
import type { Life } from '../../simulator';
import { START_TIMEOUT } from '../harness';
import { expectScenes, expectVideos } from './expectVideos';
import { startHost, type Host } from './host';
import { startRecorder, type Recorder } from './recorder';
import { FETCH_RESULT, LIFE, Stage, type StageSettings } from './stage';

const TIMEOUT = 6 * 60_000;

const lifeWith = (life: Partial<Life>): Life => ({ ...LIFE, ...life });
const FAILING = lifeWith({ end: { kind: 'nodeException' } });
/** Nobody tells of its end. */
const lost = (runningMs: number, more: Partial<Life> = {}) =>
	lifeWith({ runningMs, callback: { kind: 'lost' }, ...more });
const QUERY = { path: '/openapi/v2/query' };

const TASK_ID = /^\d{19}$/;
const scenesOf = (amount: number) =>
	Array.from({ length: amount }, (_, index) => `Scene ${index + 1}`);

/** Where the addresses of waiting executions are not signed. */
const UNSIGNED = [N8N_1_VERSION, N8N_2_0_VERSION];

/** The sleep on a real n8n. All tests but the last play at the same time, each on a stage of its own. */
export function testSleep(version: string) {
	const signed = !UNSIGNED.includes(version);
	let host: Host;
	let recorder: Recorder;
	const stages: Stage[] = [];

	// One by one: n8n 1 cannot store several things at the same time.
	let setting: Promise<unknown> = Promise.resolve();
	const setStage = async (settings?: StageSettings): Promise<Stage> => {
		const set = async () => await Stage.set(host, recorder, settings);
		const stage = setting.then(set, set);
		setting = stage;
		stages.push(await stage);
		return await stage;
	};

	beforeAll(async () => {
		recorder = await startRecorder();
		host = await startHost(version);
	}, START_TIMEOUT);

	afterAll(async () => {
		for (const { simulator } of stages) await simulator.stop();
		await host?.end();
		await recorder?.stop();
	}, 60_000);

	const play = (what: string, test: () => Promise<void>) => it.concurrent(what, test, TIMEOUT);
	/** Where n8n does not sign them, RunningHub gets no address to call. */
	const playWithCallbacks = signed ? play : () => {};

	// First of all, so that a new n8n that does it in another way is seen by name.
	play('finds n8n’s insides as its sleep relies on them', async () => {
		const stage = await setStage();
		const id = await stage.start(['Only']);
		const strange = 'this version of n8n keeps its executions in a way that the node does not know';
		const { status } = await until('the run to sleep, or to end', 60, async () => {
			const execution = await host.api.execution(id);
			return !['new', 'running'].includes(execution.status) && execution;
		});
		expect(await host.log()).not.toContain(strange);
		expect(status).toBe('waiting');

		// In the callback: without the node's saved context it would sleep on until its next look.
		await stage.allTasksEnded();
		await stage.simulator.releaseCallbacks();
		expect((await stage.finished(id, signed ? 30 : 150)).status).toBe('success');
		expectVideos(stage, [['Only']]);
	});

	playWithCallbacks('gives RunningHub an address of the execution and the node', async () => {
		const stage = await setStage();
		const id = await stage.startAndSleep(['Only']);
		const { origin, pathname, search } = new URL(stage.callbackUrl());
		expect(origin).toBe(host.url.replace('127.0.0.1', 'localhost'));
		expect(pathname).toBe(`/webhook-waiting/${id}/runninghub`);
		expect(search).toMatch(/^\?signature=[\da-f]+$/);
		// Without its signature the address wakes nobody.
		const forged = await stage.simulator.forgeCallback(`${origin}${pathname}`, {});
		expect(forged.status).toBe(401);

		await stage.allTasksEnded();
		await stage.simulator.releaseCallbacks();
		expect((await stage.finished(id)).status).toBe('success');
		expectVideos(stage, [['Only']]);
	});

	if (!signed) {
		play('gives RunningHub no address, since n8n would run a woken execution twice', async () => {
			const stage = await setStage();
			stage.simulator.setDefaultLife(lost(3_000));
			const id = await stage.startAndSleep(['Only']);
			expect(stage.simulator.tasks.map(({ webhookUrl }) => webhookUrl ?? null)).toEqual([null]);
			expect((await stage.finished(id, 150)).status).toBe('success');
			expectVideos(stage, [['Only']]);
		});
	}

	playWithCallbacks('goes on once and with the truth, whatever callbacks come', async () => {
		const stage = await setStage({ settings: { onError: 'continueRegularOutput' } });
		const { simulator } = stage;
		const scenes = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
		simulator.nextLives(
			lifeWith({ callback: { kind: 'early' } }),
			lifeWith({ callback: { kind: 'doubled', times: 3 } }),
			lifeWith({ callback: { kind: 'wrongStatus' } }),
			lifeWith({ callback: { kind: 'unknownTask' } }),
			lifeWith({ callback: { kind: 'partial' } }),
			lifeWith({ callback: { kind: 'partial', form: 'noEventData' } }),
			lifeWith({ callback: { kind: 'normal' } }),
			{ ...FAILING, callback: { kind: 'wrongStatus' } },
		);
		const id = await stage.startAndSleep(scenes);
		const url = stage.callbackUrl();
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
		expect((await host.api.execution(id)).status).toBe('waiting');
		expect(stage.told()).toEqual([]);

		const execution = await stage.finished(id, 150);
		await stage.quiet();
		expect(execution.status).toBe('success');
		const failed = simulator.tasks.find(({ status }) => status === 'FAILED');
		expectVideos(stage, [scenes], [failed?.taskId]);
	});

	playWithCallbacks('loses nothing to callbacks that come before the run is asleep', async () => {
		const stage = await setStage();
		const { simulator } = stage;
		const scenes = ['Ends before', 'Is told before', 'Holds up the run'];
		simulator.nextLives(
			lifeWith({ runningMs: 1_000, callback: { kind: 'doubled' } }),
			lifeWith({ callback: { kind: 'early', afterMs: 500 } }),
			lifeWith({ callback: { kind: 'normal' } }),
		);
		simulator.addFault({
			kind: 'slow',
			delayMs: 3_000,
			match: { path: '/openapi/v2/vidu/' },
			after: 2,
		});
		const id = await stage.startAndSleep(scenes);
		const tooEarly = simulator.deliveries.filter(({ status }) => status === 409);
		expect(tooEarly.length).toBeGreaterThanOrEqual(3);

		expect((await stage.finished(id, 150)).status).toBe('success');
		await stage.quiet();
		expectVideos(stage, [scenes]);
	});

	playWithCallbacks('goes on once for each execution when all callbacks come at once', async () => {
		const stage = await setStage();
		const { simulator } = stage;
		const casts = ['Red', 'Green', 'Blue'].map((colour) =>
			[1, 2, 3, 4, 5, 6].map((number) => `${colour} ${number}`),
		);
		const ids: string[] = [];
		for (const scenes of casts) ids.push(await stage.startAndSleep(scenes));
		await stage.allTasksEnded();

		const repeated = simulator.tasks.map(({ taskId }) => simulator.sendCallback(taskId));
		await Promise.all([
			...repeated,
			simulator.releaseCallbacks({ order: 'shuffled', atOnce: true }),
		]);
		for (const id of ids) expect((await stage.finished(id)).status).toBe('success');
		await stage.quiet();
		const ran = stage.told().map(({ execution }) => execution);
		expect(ran.sort()).toEqual([...ids].sort());
		expectVideos(stage, casts);
	});

	play('is woken by a callback, and fetches the files then', async () => {
		const stage = await setStage({ parameters: { downloadResults: true } });
		const life = lifeWith({ end: { kind: 'success', files: [{ type: 'mp4', bytes: 300_000 }] } });
		stage.simulator.setDefaultLife(life);
		const scenes = ['One', 'Two', 'Three'];
		const id = await stage.startAndSleep(scenes);
		await stage.allTasksEnded();
		await stage.simulator.releaseCallbacks();
		const fetched = () => stage.simulator.requests.filter(({ origin }) => origin === 'files');
		// Long before it would look by itself.
		await until('the first file to be fetched', signed ? 30 : 90, () => fetched().length > 0);

		expect((await stage.finished(id)).status).toBe('success');
		await stage.quiet();
		// n8n 1 saves that it has ended before it saves with what.
		const execution = await host.api.execution(id);
		expect(itemsOf(execution, 'RunningHub').map(({ binary }) => binary)).toEqual(
			scenes.map(() => ({
				data: expect.objectContaining({
					mimeType: 'video/mp4',
					fileName: expect.stringMatching(/\.mp4$/),
					fileSize: '300 kB',
				}),
			})),
		);
		expectVideos(stage, [scenes]);
	});

	playWithCallbacks(
		'leaves a Wait node further on alone, however often RunningHub calls',
		async () => {
			const approval = { resume: 'webhook', httpMethod: 'POST', options: {} };
			const stage = await setStage({ wait: approval });
			const id = await stage.startAndSleep(['Approved by a person']);
			await stage.allTasksEnded();
			await stage.simulator.releaseCallbacks();
			await until('the Wait node to wait', 30, async () => {
				const { data, status } = await host.api.execution(id);
				return status === 'waiting' && data.resultData.lastNodeExecuted === 'Wait';
			});
			const [task] = stage.simulator.tasks;
			for (let calls = 0; calls < 3; calls++) {
				expect((await stage.simulator.sendCallback(task?.taskId ?? '')).status).toBe(404);
			}
			expect((await host.api.execution(id)).status).toBe('waiting');

			const address = stage.callbackUrl().replace('/runninghub', '');
			expect((await stage.simulator.forgeCallback(address, { approved: true })).status).toBe(200);
			expect((await stage.finished(id)).status).toBe('success');
		},
	);

	play('waits asleep in a node of its own for tasks that another one has submitted', async () => {
		const stage = await setStage({
			parameters: { operation: 'submit' },
			next: { ...FETCH_RESULT, timeout: 30 },
		});
		const scenes = ['One', 'Two'];
		const id = await stage.startAndSleep(scenes);
		expect((await stage.finished(id, 150)).status).toBe('success');
		await stage.quiet();
		expectVideos(stage, [scenes]);
	});

	play('with a full account sends the others as places come free', async () => {
		const stage = await setStage({ concurrencyLimit: 3 });
		const { simulator } = stage;
		simulator.setDefaultLife(lifeWith({ runningMs: 3_000, callback: { kind: 'normal' } }));
		const scenes = scenesOf(12);
		const id = await stage.startAndSleep(scenes);
		expect(simulator.tasks.length).toBeLessThanOrEqual(3);
		expect((await stage.finished(id, 300)).status).toBe('success');
		await stage.quiet();
		expectVideos(stage, [scenes], [], { refused: true });
	});

	describe('with all callbacks lost', () => {
		play('finds each result within 65 s of its end', async () => {
			const stage = await setStage();
			const { simulator } = stage;
			const scenes = ['Ends soon', 'Ends later'];
			simulator.nextLives(lost(20_000), lost(75_000));
			const id = await stage.startAndSleep(scenes);
			const execution = await stage.finished(id, 250);
			expect(execution.status).toBe('success');
			expectVideos(stage, [scenes]);
			expect(simulator.deliveries).toEqual([]);
			const lastEnd = Math.max(...simulator.tasks.map(({ endedAt }) => endedAt ?? Infinity));
			const foundAt = new Date(execution.stoppedAt ?? Number.NaN).getTime();
			expect(foundAt - lastEnd).toBeLessThan(67_000);
		});

		play('returns running tasks at the deadline, and a net behind fetches them', async () => {
			const stage = await setStage({
				parameters: { timeout: 1, onTimeout: 'return' },
				next: { ...FETCH_RESULT, timeout: 5 },
			});
			stage.simulator.setDefaultLife(lost(90_000));
			const scenes = ['First', 'Second', 'Third'];
			const id = await stage.startAndSleep(scenes);
			const execution = await stage.finished(id, 300);
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
			expectVideos(stage, [scenes]);
		});

		play('stops with an error at the deadline, which Retry takes up', async () => {
			const stage = await setStage({ parameters: { timeout: 0.5 } });
			stage.simulator.setDefaultLife(lost(80_000));
			const scenes = ['First', 'Second'];
			const id = await stage.startAndSleep(scenes);
			const execution = await stage.finished(id, 200);
			expect(execution.status).toBe('error');
			for (const { taskId } of stage.simulator.tasks) {
				expect(`${errorOf(execution)?.message} ${errorOf(execution)?.description}`).toContain(
					taskId,
				);
			}
			await stage.allTasksEnded();
			const retryId = await host.api.retryExecution(id, 'asItWas');
			expect((await stage.finished(retryId, 60)).status).toBe('success');
			await stage.quiet();
			expectVideos(stage, [scenes]);
		});

		play('sends what is late to the error output', async () => {
			const stage = await setStage({
				parameters: { timeout: 0.2 },
				settings: { onError: 'continueErrorOutput' },
			});
			stage.simulator.setDefaultLife(lost(100_000));
			const scenes = ['First', 'Second'];
			const execution = await stage.finished(await stage.startAndSleep(scenes), 200);
			expect(execution.status).toBe('success');
			expect(stage.told('results')).toEqual([]);
			expect(stage.told('errors')).toHaveLength(1);
			const items = stage.told('errors')[0]?.items ?? [];
			expect(items.map(({ scene }) => scene)).toEqual(scenes);
			const scenesByTask = stage.scenesByTask();
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
		const playFailure = async (settings: StageSettings) => {
			const stage = await setStage(settings);
			stage.simulator.nextLives(LIFE, LIFE, FAILING);
			const id = await stage.startAndSleep(scenes);
			await stage.allTasksEnded();
			await stage.simulator.releaseCallbacks({ atOnce: true });
			const execution = await stage.finished(id, 150);
			await stage.quiet();
			const failed = stage.simulator.tasks.find(({ status }) => status === 'FAILED');
			const taskId = failed?.taskId ?? '';
			return { stage, id, execution, taskId, scene: failed?.body.prompt };
		};

		play('goes on with the other results and an error item', async () => {
			const { stage, execution, taskId } = await playFailure({
				settings: { onError: 'continueRegularOutput' },
			});
			expect(execution.status).toBe('success');
			expectVideos(stage, [scenes], [taskId]);
		});

		play('sends the failed one to the error output', async () => {
			const { stage, execution, taskId, scene } = await playFailure({
				settings: { onError: 'continueErrorOutput' },
			});
			expect(execution.status).toBe('success');
			expect(stage.told('errors').map(({ items }) => items)).toEqual([
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
			expectVideos(stage, [scenes.filter((other) => other !== scene)]);
		});

		play(
			'stops with an error that names all tasks, and a retry pays for the failed one alone',
			async () => {
				const { stage, id, execution, taskId, scene } = await playFailure({});
				const { simulator } = stage;
				expect(execution.status).toBe('error');
				expect(stage.told()).toEqual([]);
				expect(execution.data.resultData.lastNodeExecuted).toBe('RunningHub');
				const error = errorOf(execution);
				expect(error?.message).toContain(taskId);
				expect(error?.message).toContain('KSampler');
				for (const task of simulator.tasks) {
					if (task.taskId !== taskId)
						expect(error?.description).toContain(`${task.taskId} SUCCESS`);
				}

				const retryId = await host.api.retryExecution(id, 'asItIsNow');
				await host.api.executionInStatus(retryId, 'waiting');
				expect(simulator.submits()).toHaveLength(6);
				await stage.allTasksEnded();
				// The retry is an execution of its own, and so is its address.
				const again = simulator.tasks[5];
				if (signed) await simulator.sendCallback(again?.taskId ?? '');
				expect((await stage.finished(retryId, 150)).status).toBe('success');
				await stage.quiet();
				const prompts = simulator.tasks.map(({ body }) => body.prompt);
				expect([...prompts].sort()).toEqual([...scenes, scene].sort());
				expectScenes(stage, [scenes]);
			},
		);
	});

	play('a credential that has gone is an error that names the tasks; Retry goes on', async () => {
		const stage = await setStage();
		stage.simulator.setDefaultLife(lost(10_000));
		const scenes = ['One', 'Two'];
		const id = await stage.startAndSleep(scenes);
		await stage.breakCredential();
		const [task] = stage.simulator.tasks;
		if (signed) {
			expect((await stage.simulator.sendCallback(task?.taskId ?? '')).status).toBe(503);
		}
		expect((await host.api.execution(id)).status).toBe('waiting');
		const execution = await stage.finished(id, 150);
		expect(execution.status).toBe('error');
		for (const { taskId } of stage.simulator.tasks) {
			expect(JSON.stringify(errorOf(execution))).toContain(taskId);
		}
		expect(stage.told()).toEqual([]);

		await stage.mendCredential();
		const retryId = await host.api.retryExecution(id, 'asItWas');
		expect((await stage.finished(retryId, 150)).status).toBe('success');
		expectVideos(stage, [scenes]);
	});

	it(
		'gets all twenty results, paid for once, though n8n is killed while it sleeps',
		async () => {
			const stage = await setStage();
			stage.simulator.setDefaultLife(lost(10_000));
			const scenes = scenesOf(20);
			await stage.startAndSleep(scenes);
			await host.kill();
			await stage.allTasksEnded();
			await host.startAgain();
			await until('the results', 150, () => stage.told().length > 0);
			await stage.quiet();
			expectVideos(stage, [scenes]);
		},
		TIMEOUT,
	);

	describe.each([
		['killed', async () => await host.kill()],
		['shut down', async () => await host.shutDown()],
	])('n8n that is %s', (_, stop) => {
		it(
			'while it looks at woken tasks, or fetches their files, loses nothing: Retry pays for none',
			async () => {
				const scenes = scenesOf(4);
				const looking = await setStage();
				const fetching = await setStage({ parameters: { downloadResults: true } });
				// Longer than n8n gives its executions when it is shut down.
				const slowFile = { type: 'mp4', bytes: 300_000, bytesPerSecond: 300_000 / 30 };
				looking.simulator.setDefaultLife(lost(5_000));
				fetching.simulator.setDefaultLife(
					lost(5_000, { end: { kind: 'success', files: [slowFile] } }),
				);
				const ids = [await looking.startAndSleep(scenes), await fetching.startAndSleep(scenes)];
				looking.simulator.addFault({
					kind: 'slow',
					delayMs: 30_000,
					match: QUERY,
					times: scenes.length,
				});
				await until('both to wake', 90, () => {
					const asks = looking.simulator.requests.some(({ path }) => path === QUERY.path);
					const fetches = fetching.simulator.requests.some(({ origin }) => origin === 'files');
					return asks && fetches;
				});
				await stop();
				await host.startAgain();

				for (const [index, stage] of [looking, fetching].entries()) {
					await host.api.executionInStatus(ids[index] ?? '', 'crashed');
					const retryId = await host.api.retryExecution(ids[index] ?? '', 'asItWas');
					expect((await stage.finished(retryId, 150)).status).toBe('success');
					await stage.quiet();
					expectVideos(stage, [scenes]);
				}
			},
			TIMEOUT,
		);
	});

	it(
		'has run no flow twice',
		async () => {
			for (const stage of stages) await stage.quiet();
			const runs = recorder.told.map(({ path, execution }) => `${execution} ${path}`);
			expect(runs).toEqual([...new Set(runs)]);
		},
		TIMEOUT,
	);
}

function taskIdOf(error: unknown): string {
	if (typeof error !== 'object' || error === null || !('taskId' in error)) return '';
	return String(error.taskId);
}
