import { until } from '../../scripts/lib/until';
import { wakeOnTime } from './harness';
import { inLab, submitAndWait, type More } from './support';

/** n8n's Agents cancel a workflow that keeps them waiting for so long. */
const AGENTS_LIMIT_MS = 120_000;
/** In place of any time below it, for which the node stays awake. */
const SHORTENED_MS = 2_000;

const OF_AGENT: More = { mode: 'integrated', calledByAgent: true };
const parameters = submitAndWait({ waitStrategy: 'auto', options: { pollInterval: 1 } });

describe('in a workflow that is a tool of n8n’s Agents', () => {
	const timeout = AbortSignal.timeout.bind(AbortSignal);

	beforeEach(() => {
		jest
			.spyOn(AbortSignal, 'timeout')
			.mockImplementation((ms) => timeout(ms < AGENTS_LIMIT_MS ? SHORTENED_MS : ms));
	});
	afterEach(() => jest.restoreAllMocks());

	it('gives what is soon done at once', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.setDefaultTaskScript({ runningMs: 500, end: { kind: 'success' } });
			const done = await run(parameters, OF_AGENT);
			expect(done.items.map(({ json }) => json)).toMatchObject([{ status: 'SUCCESS' }]);
		});
	});

	it('sleeps at once where somebody retries the execution: no agent waits for it then', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.setDefaultTaskScript({ runningMs: 500, end: { kind: 'success' } });
			const asleep = await run(parameters, { ...OF_AGENT, mode: 'retry' });
			expect(asleep.run.status).toBe('waiting');
		});
	});

	it('sleeps before n8n cancels it, so that the agent gets what takes longer', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.setDefaultTaskScript({ runningMs: 2_500, end: { kind: 'success' } });
			const asleep = await run(parameters, OF_AGENT);
			expect(asleep.run.status).toBe('waiting');
			const [task] = simulator.tasks;
			await until('the task to end', 10, () => task?.endedAt !== null);
			const done = await wakeOnTime(asleep);
			expect(done.items.map(({ json }) => json)).toMatchObject([
				{ taskId: task?.taskId, status: 'SUCCESS' },
			]);
			expect(simulator.submits()).toHaveLength(1);
		});
	});
});
