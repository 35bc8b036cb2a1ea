import { TASK_SCRIPTS } from '../simulator';
import { retryRun } from './harness';
import {
	AT_ONCE,
	CONTINUE,
	NEVER,
	inLab,
	itemsOf,
	jsonOf,
	shown,
	submitAndWait,
	expectNoKey,
} from './support';

jest.setTimeout(40_000);

const RETRY = { nodeSettings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } };
const SUBMIT = { path: '/openapi/v2/vidu/' };
const items = itemsOf({ prompt: 'one' }, { prompt: 'two' });
const parameters = submitAndWait({ prompt: '={{ $json.prompt }}', waitStrategy: 'poll' });

describe('Retry On Fail', () => {
	test.concurrent('pays again only for what failed', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.nextTaskScripts({ end: TASK_SCRIPTS.moderation.end }, AT_ONCE, AT_ONCE);
			const result = await run(parameters, { items, ...RETRY });
			expect(shown(result)).toBe('');
			expect(result.items.map(({ json }) => json.status)).toEqual(['SUCCESS', 'SUCCESS']);
			expect(simulator.tasks).toHaveLength(3);
			const fine = simulator.tasks.slice(1).map(({ taskId }) => taskId);
			expect(result.items.map(({ json }) => json.taskId).sort()).toEqual(fine.sort());
		});
	});

	test.concurrent('looks again at a task that was still running when its time was up', async () => {
		await inLab(
			async ({ simulator, run }) => {
				const later = { nodeSettings: { ...RETRY.nodeSettings, waitBetweenTries: 3_000 } };
				const result = await run(submitAndWait({ timeout: 0.1 }), later);
				expect(shown(result)).toBe('');
				expect(jsonOf(result).status).toBe('SUCCESS');
				expect(simulator.submits()).toHaveLength(1);
			},
			{ defaultTaskScript: { runningMs: 8_000, end: { kind: 'success' } } },
		);
	});

	test.concurrent('sends nothing again whose outcome is unknown', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({ kind: 'dropAfter', match: SUBMIT });
			const result = await run(submitAndWait(), RETRY);
			expect(result.error?.message).toMatch(/^RunningHub may or may not have started the task/);
			expect(simulator.submits()).toHaveLength(1);
		});
	});
});

describe('the retry from the list of executions', () => {
	test.concurrent('pays again only for what failed', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.nextTaskScripts({ end: TASK_SCRIPTS.moderation.end });
			const first = await run(parameters, { items });
			expect(first.run.status).toBe('error');
			const second = await retryRun(first);
			expectNoKey(second);
			expect(second.run.status).toBe('success');
			expect(second.items.map(({ json }) => json.status)).toEqual(['SUCCESS', 'SUCCESS']);
			expect(simulator.tasks).toHaveLength(3);
		});
	});

	test.concurrent('takes up the tasks that a Stop left running', async () => {
		await inLab(
			async ({ simulator, start }) => {
				const { started, finished, cancel } = start(parameters, { items });
				await started;
				while (simulator.tasks.length < 2) await new Promise((done) => setTimeout(done, 20));
				await new Promise((done) => setTimeout(done, 100));
				cancel();
				const stopped = await finished;
				expect(stopped.run.status).toBe('canceled');
				const second = await retryRun(stopped);
				expect(second.items.map(({ json }) => json.status)).toEqual(['SUCCESS', 'SUCCESS']);
				expect(simulator.submits()).toHaveLength(2);
			},
			{ defaultTaskScript: { runningMs: 1_500, end: { kind: 'success' } } },
		);
	});
});

test.concurrent('a new execution pays anew', async () => {
	await inLab(
		async ({ simulator, run }) => {
			await run(submitAndWait({ operation: 'submit' }), CONTINUE);
			await run(submitAndWait({ operation: 'submit' }), CONTINUE);
			expect(simulator.submits()).toHaveLength(2);
		},
		{ defaultTaskScript: NEVER },
	);
});
