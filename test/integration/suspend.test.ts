import type { INodeParameters } from 'n8n-workflow';
import { SIMULATOR_KEY, type Life } from '../simulator';
import { callBack, passDeadline, type NodeRun } from './harness';
import {
	CONTINUE,
	ERROR_OUTPUT,
	IMMEDIATE,
	inLab as inAnyLab,
	itemsOf,
	submitAndWait,
	task,
	type Lab,
} from './support';

/** Tasks end by being asked, never by the time that passes: a test says when. */
const inLab = async (test: (lab: Lab) => Promise<void>) =>
	await inAnyLab(test, { switches: { callbackPollMs: 600_000 } });

const SUSPEND = { waitStrategy: 'suspend' };
const NEVER: Life = { end: { kind: 'never' } };
const FAILS: Life = { runningPolls: 1, end: { kind: 'moderation' } };
/** Runs at the first question and has ended at the second. */
const SOON: Life = { runningPolls: 1, end: { kind: 'success' } };

const suspended = (more: INodeParameters = {}) => submitAndWait({ ...SUSPEND, ...more });
const prompts = (amount: number) =>
	itemsOf(...Array.from({ length: amount }, (_, index) => ({ prompt: `scene ${index}` })));
const idsOf = ({ simulator }: Lab) => simulator.tasks.map(({ taskId }) => taskId);
const jsonOf = (run: NodeRun | undefined) => run?.items.map(({ json }) => json);

/** As RunningHub does at the end of a task; the task itself ends by being asked. */
const called = async (run: NodeRun, taskId: string | undefined) =>
	await callBack(run, { body: { event: 'TASK_END', taskId } });

describe('a suspended wait', () => {
	test.concurrent('gives each task the address of this execution and waits', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultLife(NEVER);
			const run = await lab.run(suspended(), { items: prompts(3) });
			expect(run.run.status).toBe('waiting');
			const addresses = lab.simulator.tasks.map(({ webhookUrl }) => webhookUrl);
			expect(new Set(addresses).size).toBe(1);
			expect(addresses[0]).toMatch(/\/webhook-waiting\/[^/?]+\?signature=\w+$/);
		});
	});

	test.concurrent('asks nothing more than each submit before it suspends', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultLife(NEVER);
			await lab.run(suspended(), { items: prompts(5) });
			expect(lab.simulator.requests).toHaveLength(5);
		});
	});

	test.concurrent('does not suspend where all results are there at once', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultLife(IMMEDIATE);
			const run = await lab.run(suspended(), { items: prompts(2) });
			expect(run.run.status).toBe('success');
			expect(jsonOf(run)).toMatchObject([{ status: 'SUCCESS' }, { status: 'SUCCESS' }]);
		});
	});

	test.concurrent('goes on only when all tasks have ended, in the order of the items', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(SOON, NEVER, SOON);
			const run = await lab.run(suspended(), { items: prompts(3), ...CONTINUE });
			const [first, second, third] = idsOf(lab);
			for (const id of [third, first, third]) {
				expect((await called(run, id)).resumed).toBeUndefined();
			}
			await lab.run(task('cancel', { taskId: second }));
			const { resumed } = await called(run, second);
			expect(jsonOf(resumed)).toMatchObject([
				{ taskId: first, status: 'SUCCESS' },
				{ taskId: second, status: 'CANCELLED' },
				{ taskId: third, status: 'SUCCESS' },
			]);
			expect(resumed?.items.map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 1 },
				{ item: 2 },
			]);
			expect(lab.simulator.tasks).toHaveLength(3);
		});
	});

	test.concurrent.each([
		['an unknown task', { event: 'TASK_END', taskId: '1999999999999999999' }],
		['a success that is not true', { taskId: 'x', eventData: { status: 'SUCCESS' } }],
		['nothing at all', {}],
	])('a forged callback of %s resumes nothing', async (_, body) => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultLife(NEVER);
			const run = await lab.run(suspended());
			const { returned, resumed } = await callBack(run, { body });
			expect(resumed).toBeUndefined();
			expect(returned.workflowData).toBeUndefined();
		});
	});

	test.concurrent('of callbacks at the same time one alone resumes', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultLife({ runningPolls: 1, end: { kind: 'success' } });
			const run = await lab.run(suspended());
			const [id] = idsOf(lab);
			await called(run, id);
			const answers = await Promise.all(
				Array.from({ length: 5 }, async () => await called(run, id)),
			);
			expect(answers.filter(({ resumed }) => resumed !== undefined)).toHaveLength(1);
			// The others must not be told that all is well: the one that got through may still fail.
			expect(answers.flatMap(({ answered }) => answered)).toEqual([503, 503, 503, 503]);
		});
	});

	test.concurrent('one of five fails: the other four arrive', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(SOON, SOON, FAILS, SOON, SOON);
			const run = await lab.run(suspended(), { items: prompts(5), ...CONTINUE });
			for (const id of idsOf(lab)) await called(run, id);
			const { resumed } = await called(run, idsOf(lab)[4]);
			expect(jsonOf(resumed)?.map(({ status }) => status)).toEqual([
				'SUCCESS',
				'SUCCESS',
				'FAILED',
				'SUCCESS',
				'SUCCESS',
			]);
			expect(jsonOf(resumed)?.[2]).toMatchObject({
				taskId: idsOf(lab)[2],
				error: { kind: 'moderation', code: '1501' },
			});
		});
	});

	test.concurrent('with an error output, the failed one comes out there', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives(SOON, FAILS);
			const run = await lab.run(suspended(), { items: prompts(2), ...ERROR_OUTPUT });
			for (const id of idsOf(lab)) await called(run, id);
			const { resumed } = await called(run, idsOf(lab)[1]);
			expect(resumed?.items).toHaveLength(1);
			expect(resumed?.errorItems.map(({ json }) => json)).toMatchObject([
				{ error: { taskId: idsOf(lab)[1], task: { status: 'FAILED' } } },
			]);
		});
	});

	test.concurrent('at the deadline, tasks come out and never the prompts', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultLife(NEVER);
			const run = await lab.run(suspended({ onTimeout: 'return' }), { items: prompts(2) });
			const late = await passDeadline(run);
			expect(jsonOf(late)).toMatchObject(
				idsOf(lab).map((taskId) => ({ taskId, status: 'RUNNING', error: null })),
			);
			expect(JSON.stringify(jsonOf(late))).not.toContain('scene');
		});
	});

	test.concurrent('at the deadline, tasks come out as errors where they shall be', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultLife(NEVER);
			const run = await lab.run(suspended({ timeout: 2 }));
			const [taskId] = idsOf(lab);
			expect(jsonOf(await passDeadline(run))).toMatchObject([
				{
					taskId,
					error: {
						kind: 'timeout',
						message: `Task ${taskId} was still RUNNING after 2 minutes of waiting.`,
					},
				},
			]);
		});
	});

	test.concurrent('RunningHub does not answer: it is asked to call again', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultLife(NEVER);
			const run = await lab.run(suspended());
			lab.simulator.addFault({
				kind: 'http',
				status: 502,
				match: { path: '/openapi/v2/query' },
				times: 'always',
			});
			const { answered, resumed } = await called(run, idsOf(lab)[0]);
			expect([answered, resumed]).toEqual([[503], undefined]);
		});
	});

	test.concurrent(
		'a refused submit stops the run before it suspends, and names the others',
		async () => {
			await inLab(async (lab) => {
				lab.simulator.setDefaultLife(NEVER);
				lab.simulator.addFault({
					kind: 'e3',
					errorCode: '1501',
					errorMessage: 'no',
					match: { path: '/openapi/v2/vidu/' },
					after: 1,
				});
				const run = await lab.run(suspended(), { items: prompts(2) });
				expect(run.run.status).toBe('error');
				expect(run.error?.message).toContain('did not pass');
				expect(JSON.stringify(run.error)).toContain(idsOf(lab)[0]);
			});
		},
	);

	test.concurrent(
		'an address that RunningHub cannot reach is refused before anything is paid',
		async () => {
			await inLab(async (lab) => {
				const run = await lab.run(suspended(), {
					instanceUrl: 'http://localhost:5678/',
					credentials: { runningHubApi: { site: 'international', apiKey: SIMULATOR_KEY } },
				});
				expect(run.error?.message).toContain('http://localhost:5678');
				expect(run.error?.description).toContain('WEBHOOK_URL');
				expect(lab.simulator.requests).toHaveLength(0);
			});
		},
	);

	test.concurrent('a tool of an agent does not suspend', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultLife(NEVER);
			const run = await lab.asTool(suspended({ timeout: 0.1 }), { prompt: 'a fox' });
			expect(run.run.status).not.toBe('waiting');
			expect(JSON.stringify(run.answer)).toContain(idsOf(lab)[0]);
			expect(JSON.stringify(run.answer)).toContain('Do not submit it again');
		});
	});
});

describe('Wait for Result, suspended', () => {
	test.concurrent('looks at once, and suspends only for what is still running', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextLives({ end: { kind: 'success' } }, SOON);
			await lab.run(submitAndWait({ operation: 'submit' }), { items: prompts(2) });
			const run = await lab.run(task('waitForResult', SUSPEND), {
				items: itemsOf(...idsOf(lab).map((taskId) => ({ taskId }))),
			});
			expect(run.run.status).toBe('waiting');
			const { resumed } = await called(run, idsOf(lab)[1]);
			expect(jsonOf(resumed)).toMatchObject(
				idsOf(lab).map((taskId) => ({ taskId, status: 'SUCCESS' })),
			);
		});
	});
});
