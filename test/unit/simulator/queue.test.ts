import {
	TASK_SCRIPTS,
	SIMULATOR_KEY,
	SIMULATOR_KEY_CONSUMER,
	startSimulator,
	type Simulator,
} from '../../simulator';
import { bearer, get, query, submit } from './client';

describe('the queue', () => {
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.reset());
	afterAll(() => simulator.stop());

	const status = (key = SIMULATOR_KEY) =>
		get(`${simulator.baseUrl}/openapi/v2/queue/status`, bearer(key));

	it('counts running and queued tasks, as strings, against the limit, a number', async () => {
		simulator.nextTaskScripts(TASK_SCRIPTS.never, TASK_SCRIPTS.slow);
		const { json } = await submit(simulator);
		await submit(simulator);
		await query(simulator, json.taskId);
		await query(simulator, json.taskId);
		expect((await status()).json).toMatchObject({
			code: 0,
			data: {
				apiKeyType: 'SHARED',
				concurrentLimit: 50,
				runningCount: '1',
				queuedCount: '1',
				totalCurrentTasks: '2',
			},
		});
		expect((await status(SIMULATOR_KEY_CONSUMER)).json.data).toMatchObject({
			apiKeyType: 'NORMAL',
			concurrentLimit: 2,
			totalCurrentTasks: '0',
		});
	});

	it('is told to keys only', async () => {
		expect((await status('nobody')).json.errorCode).toBe('1002');
	});
});
