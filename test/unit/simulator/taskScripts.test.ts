import { TASK_SCRIPTS, startSimulator, type TaskScript, type Simulator } from '../../simulator';
import { at, goodBody, query, runToEnd, submit, v1 } from './client';

describe('task scripts', () => {
	let simulator: Simulator;
	let clock = 1_800_000_000_000;
	beforeAll(async () => {
		simulator = await startSimulator({ now: () => clock });
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	it('by polls answer each phase as often as told', async () => {
		simulator.nextTaskScripts({
			createPolls: 1,
			queuedPolls: 2,
			runningPolls: 1,
			end: { kind: 'success' },
		});
		const { statuses } = await runToEnd(simulator);
		expect(statuses).toEqual(['CREATE', 'QUEUED', 'QUEUED', 'RUNNING', 'SUCCESS']);
	});

	it('by milliseconds end when their time has come, whoever asks and when', async () => {
		simulator.nextTaskScripts({ queuedMs: 1000, runningMs: 5000, end: { kind: 'success' } });
		const start = clock;
		const { json } = await submit(simulator);
		const status = async () => (await query(simulator, json.taskId)).json.status;
		expect(await status()).toBe('QUEUED');
		clock += 1000;
		expect(await status()).toBe('RUNNING');
		clock += 4999;
		expect(await status()).toBe('RUNNING');
		clock += 60_000;
		expect(simulator.tasks[0]).toMatchObject({
			status: 'SUCCESS',
			startedAt: start + 1000,
			endedAt: start + 6000,
		});
		const { json: end } = await query(simulator, json.taskId);
		expect(at(end, 'usage', 'taskCostTime')).toBe('5');
	});

	it('fail in a node, with the reason in each generation’s form', async () => {
		simulator.switches.v1AnswersForModelTasks = true;
		simulator.nextTaskScripts(TASK_SCRIPTS.fail);
		const { last } = await runToEnd(simulator);
		expect(last.json).toMatchObject({ status: 'FAILED', results: null });
		expect(at(last.json, 'failedReason', 'node_name')).toBe('KSampler');
		expect(at(last.json, 'failedReason', 'traceback')).toBeInstanceOf(Array);
		const old = await v1(simulator, 'outputs', { taskId: last.json.taskId });
		expect(old.json.code).toBe(805);
		expect(typeof at(old.json, 'data', 'failedReason', 'traceback')).toBe('string');
	});

	it('are refused by the content check, or fail in any way that is asked for', async () => {
		const failed: TaskScript = {
			end: { kind: 'failed', errorCode: '1504', errorMessage: 'too slow' },
		};
		simulator.nextTaskScripts(TASK_SCRIPTS.moderation, failed);
		expect((await runToEnd(simulator)).last.json).toMatchObject({
			status: 'FAILED',
			errorCode: '1501',
		});
		expect((await runToEnd(simulator)).last.json).toMatchObject({
			status: 'FAILED',
			errorCode: '1504',
			errorMessage: 'too slow',
		});
	});

	it('succeed with nothing, in three forms', async () => {
		simulator.nextTaskScripts(
			{ end: { kind: 'empty' } },
			{ end: { kind: 'empty', results: 'null' } },
			{ end: { kind: 'empty', results: 'blankItem' } },
		);
		const results = async () => (await runToEnd(simulator)).last.json.results;
		expect(await results()).toEqual([]);
		expect(await results()).toBeNull();
		expect(await results()).toEqual([{ url: null, nodeId: '9', outputType: '', text: null }]);
	});

	it('never end, or stay in a status that nobody knows', async () => {
		simulator.nextTaskScripts(TASK_SCRIPTS.never, {
			end: { kind: 'unknownStatus', status: 'PAUSED', polls: 2 },
		});
		const never = await submit(simulator);
		for (let polls = 0; polls < 10; polls += 1) await query(simulator, never.json.taskId);
		clock += 1e9;
		expect((await query(simulator, never.json.taskId)).json.status).toBe('RUNNING');
		expect((await runToEnd(simulator)).statuses).toEqual(['PAUSED', 'PAUSED', 'SUCCESS']);
	});

	it('are chosen by a word in the prompt when none is scripted', async () => {
		const endOf = async (prompt: string) => {
			const { last } = await runToEnd(simulator, goodBody({ prompt }));
			return last.json;
		};
		expect(await endOf('a fox [FAIL]')).toMatchObject({ status: 'FAILED', errorCode: '1015' });
		expect(await endOf('[moderation]')).toMatchObject({ errorCode: '1501' });
		expect(await endOf('[cancel]')).toMatchObject({ status: 'CANCEL' });
		expect(await endOf('[empty]')).toMatchObject({ status: 'SUCCESS', results: [] });
		expect(at(await endOf('[text]'), 'results', 0, 'text')).toContain('fox');
		expect((await endOf('[many]')).results).toHaveLength(3);
		expect((await submit(simulator, goodBody({ prompt: '[immediate]' }))).json.status).toBe(
			'SUCCESS',
		);
		simulator.setDefaultTaskScript({ runningPolls: 1, end: { kind: 'success' } });
		const { statuses } = await runToEnd(simulator, goodBody({ prompt: '[slow]' }));
		expect(statuses).toHaveLength(11);
		await submit(simulator, goodBody({ prompt: '[unknown]' }));
		await query(simulator, simulator.tasks.at(-1)?.taskId);
		const unknown = await query(simulator, simulator.tasks.at(-1)?.taskId);
		expect(unknown.json.status).toBe('PAUSED');
	});

	it('go to the next tasks in order, before the word of the prompt', async () => {
		simulator.nextTaskScripts(TASK_SCRIPTS.moderation);
		const prompt = goodBody({ prompt: 'a fox [cancel]' });
		expect((await runToEnd(simulator, prompt)).last.json.errorCode).toBe('1501');
		expect((await runToEnd(simulator, prompt)).last.json.status).toBe('CANCEL');
	});

	it('give back the money of what failed only by a switch', async () => {
		simulator.nextTaskScripts(TASK_SCRIPTS.fail, TASK_SCRIPTS.fail);
		await runToEnd(simulator);
		expect(simulator.tasks[0]?.cost).toBe(0.77);
		simulator.switches.billFailedTasks = false;
		await runToEnd(simulator);
		expect(simulator.tasks[1]?.cost).toBe(0);
	});
});
