import type { INode, INodeParameters, WorkflowExecuteMode } from 'n8n-workflow';
import { until } from '../../scripts/lib/until';
import { SIMULATOR_KEY, type Fault, type TaskScript } from '../simulator';
import { callBack, retryRun, wakeOnTime, type NodeRun } from './harness';
import { DEFAULT_TYPE } from './harness/node-types';
import {
	AT_ONCE,
	CONTINUE,
	ERROR_OUTPUT,
	IMMEDIATE,
	NEVER,
	inLab as inAnyLab,
	itemsOf,
	submit,
	submitAndWait,
	task,
	withWait,
	type Lab,
	type More,
} from './support';

/** Tasks end by being asked, never by the time that passes: a test says when. */
const inLab = async (test: (lab: Lab) => Promise<void>) =>
	await inAnyLab(test, { switches: { callbackPollMs: 600_000 } });

/** Runs at the first question and has ended at the second. */
const SOON: TaskScript = { runningPolls: 1, end: { kind: 'success' } };
const FAILS: TaskScript = { runningPolls: 0, end: { kind: 'moderation' } };
const FAILS_SOON: TaskScript = { runningPolls: 1, end: { kind: 'moderation' } };
const QUERY = { path: '/openapi/v2/query' };
const BROKEN: Fault = { kind: 'http', status: 502, match: QUERY, times: 'always' };

const sleeping = (more: INodeParameters = {}) => submitAndWait({ waitStrategy: 'sleep', ...more });
const prompts = (amount: number) =>
	itemsOf(...Array.from({ length: amount }, (_, index) => ({ prompt: `scene ${index}` })));
const idsOf = ({ simulator }: Lab) => simulator.tasks.map(({ taskId }) => taskId);
const jsonOf = (run: NodeRun | undefined) => run?.items.map(({ json }) => json);
const statusesOf = (run: NodeRun | undefined) => jsonOf(run)?.map(({ status }) => status);
const isAsleep = ({ run }: NodeRun) => run.status === 'waiting';
const queries = ({ simulator }: Lab) =>
	simulator.requests.filter(({ path }) => path === QUERY.path).length;

/** What n8n makes of the address that RunningHub got. */
const ADDRESS = { path: 'runninghub', query: { signature: 'checked by n8n' } };

/** As RunningHub does at the end of a task; the task itself ends by being asked. */
const called = async (run: NodeRun, taskId: string | undefined) =>
	await callBack(run, { ...ADDRESS, body: { event: 'TASK_END', taskId } });

/** Wakes it each time that it is due, until it has ended. */
const untilItEnds = async (run: NodeRun, most = 30): Promise<NodeRun> =>
	isAsleep(run) && most > 0 ? await untilItEnds(await wakeOnTime(run), most - 1) : run;

/** The credential as a test may break and mend it. */
const ownCredential = ({ simulator }: Lab) => ({
	runningHubApi: { site: 'custom', baseUrl: simulator.baseUrl, apiKey: SIMULATOR_KEY },
});

/** Fails as a whole when it wakes, while its tasks go on, and is tried again once that is mended. */
const failedAndRetried = async (lab: Lab, parameters: INodeParameters): Promise<NodeRun> => {
	const credentials = ownCredential(lab);
	const run = await lab.run(parameters, { credentials });
	credentials.runningHubApi.baseUrl = 'no address at all';
	const failed = await wakeOnTime(run);
	expect([isAsleep(run), failed.run.status]).toEqual([true, 'error']);
	credentials.runningHubApi.baseUrl = lab.simulator.baseUrl;
	return await retryRun(failed);
};

/** The saved run, as much older as a test wants it: each moment of that name in what the node has kept. */
const aged = (run: NodeRun, name: 'at' | 'endedAt', byMs: number): NodeRun => {
	const { contextData = {} } = run.run.data.executionData ?? {};
	const older = JSON.stringify(contextData).replace(
		new RegExp(`"${name}":(\\d+(\\.\\d+)?)`, 'g'),
		(_, at) => `"${name}":${Number(at) - byMs}`,
	);
	Object.assign(contextData, JSON.parse(older));
	return run;
};

/** Seconds from now until n8n wakes it. */
const secondsToSleep = ({ run }: NodeRun) =>
	((run.waitTill ? new Date(run.waitTill).getTime() : Number.NaN) - Date.now()) / 1_000;

describe('a run that sleeps', () => {
	test.concurrent('is woken when its time comes, and gives the results, paired', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(SOON, AT_ONCE, SOON);
			const run = await lab.run(sleeping(), { items: prompts(3) });
			const again = await wakeOnTime(run);
			expect([isAsleep(run), isAsleep(again)]).toEqual([true, true]);
			const done = await wakeOnTime(again);
			expect(jsonOf(done)).toMatchObject(
				idsOf(lab).map((taskId) => ({ taskId, status: 'SUCCESS' })),
			);
			expect(done.items.map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 1 },
				{ item: 2 },
			]);
			expect(done.recorded).toHaveLength(3);
			expect(lab.simulator.tasks).toHaveLength(3);
			// What has ended is not asked for again.
			expect(queries(lab)).toBe(3 + 2);
		});
	});

	test.concurrent('asks for nothing but each submit before it sleeps, for 65 s', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			const run = await lab.run(sleeping(), { items: prompts(5) });
			expect(lab.simulator.requests).toHaveLength(5);
			expect(Math.round(secondsToSleep(run))).toBe(65);
		});
	});

	test.concurrent('sleeps as long as the check interval says, where that is set', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			const run = await lab.run(sleeping({ options: { pollInterval: 200 } }));
			expect(Math.round(secondsToSleep(run))).toBe(200);
		});
	});

	test.concurrent('does not sleep where all results are there at once', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(IMMEDIATE);
			const run = await lab.run(sleeping(), { items: prompts(2) });
			expect(run.run.status).toBe('success');
			expect(statusesOf(run)).toEqual(['SUCCESS', 'SUCCESS']);
		});
	});

	test.concurrent('says in the log what it sleeps for, and why it wakes', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(SOON);
			const run = await lab.run(sleeping(), { items: prompts(2) });
			const [first, second] = idsOf(lab);
			expect(run.log.join('\n')).toMatch(
				new RegExp(
					`Asleep until \\S+ at the latest, while 2 RunningHub tasks go on: ${first}, ${second}`,
				),
			);
			const again = await wakeOnTime(run);
			expect(again.log.join('\n')).toContain(
				`Awake, since it is time to look: RunningHub tasks ${first}, ${second}`,
			);
			const { resumed } = await called(again, first);
			expect(resumed?.log.join('\n')).toContain('Awake, since RunningHub called');
			// n8n shows no more of a line than its message: it says whose it is.
			const lines = [...run.log, ...again.log].filter((line) => line.startsWith('info '));
			expect(lines.filter((line) => !/\[execution \d+, node Node under test\]/.test(line))).toEqual(
				[],
			);
		});
	});

	test.concurrent('one item per file: each is paired with the item that asked for it', async () => {
		await inLab(async (lab) => {
			const two: TaskScript = {
				runningPolls: 0,
				end: { kind: 'success', files: [{ type: 'mp4' }, { type: 'png' }] },
			};
			lab.simulator.setDefaultTaskScript(two);
			const run = await lab.run(sleeping({ options: { splitResults: true } }), {
				items: prompts(2),
			});
			const done = await wakeOnTime(run);
			expect(done.items.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 0, 1, 1].map((item) => ({ item })),
			);
		});
	});

	test.concurrent('one item per file with an error output: nothing breaks', async () => {
		await inLab(async (lab) => {
			const two: TaskScript = {
				runningPolls: 0,
				end: { kind: 'success', files: [{ type: 'mp4' }, { type: 'png' }] },
			};
			lab.simulator.nextTaskScripts(two, FAILS);
			const run = await lab.run(sleeping({ options: { splitResults: true } }), {
				items: prompts(2),
				...ERROR_OUTPUT,
			});
			const done = await wakeOnTime(run);
			expect([done.items.length, done.errorItems.length]).toEqual([2, 1]);
			expect(done.errorItems[0]?.json).toMatchObject({
				error: { taskId: idsOf(lab)[1], task: { status: 'FAILED' } },
			});
		});
	});

	test.concurrent.each<[string, Partial<More>]>([
		['Execute Once', { nodeSettings: { executeOnce: true } }],
		['Always Output Data', { nodeSettings: { alwaysOutputData: true } }],
		['execution order v0', { settings: { executionOrder: 'v0' } }],
	])('with %s the flow behind runs once, with the results', async (_, more) => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(SOON);
			const items = 'nodeSettings' in more && more.nodeSettings?.executeOnce ? 1 : 2;
			const done = await untilItEnds(await lab.run(sleeping(), { items: prompts(2), ...more }));
			expect(jsonOf(done)).toMatchObject(
				idsOf(lab).map((taskId) => ({ taskId, status: 'SUCCESS' })),
			);
			expect([done.recorded.length, lab.simulator.tasks.length]).toEqual([items, items]);
		});
	});
});

describe('a callback', () => {
	test.concurrent('is asked for at an address of this execution and node', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			await lab.run(sleeping(), { items: prompts(3) });
			const addresses = lab.simulator.tasks.map(({ webhookUrl }) => webhookUrl);
			expect(new Set(addresses).size).toBe(1);
			expect(addresses[0]).toMatch(/\/webhook-waiting\/[^/?]+\/runninghub\?signature=\w+$/);
		});
	});

	test.concurrent('wakes the run only when all tasks have ended', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(SOON, NEVER, SOON);
			const run = await lab.run(sleeping(), { items: prompts(3), ...CONTINUE });
			const [first, second, third] = idsOf(lab);
			for (const id of [third, first, third]) {
				expect((await called(run, id)).resumed).toBeUndefined();
			}
			await lab.run(task('cancel', { taskId: second }));
			const { resumed } = await called(run, second);
			expect(statusesOf(resumed)).toEqual(['SUCCESS', 'CANCELLED', 'SUCCESS']);
		});
	});

	test.concurrent.each([
		['an unknown task', { event: 'TASK_END', taskId: '1999999999999999999' }],
		['a success that is not true', { taskId: 'x', eventData: { status: 'SUCCESS' } }],
		['nothing at all', {}],
	])('that is forged, of %s, wakes nobody', async (_, body) => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			const run = await lab.run(sleeping());
			const { returned, resumed } = await callBack(run, { ...ADDRESS, body });
			expect([resumed, returned.workflowData]).toEqual([undefined, undefined]);
		});
	});

	test.concurrent('of several at the same time one alone wakes the run', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(SOON);
			const run = await lab.run(sleeping());
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

	test.concurrent('that is not signed wakes nobody', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(AT_ONCE);
			const run = await lab.run(sleeping());
			const { returned } = await callBack(run, {
				path: 'runninghub',
				body: { taskId: idsOf(lab)[0] },
			});
			expect(returned.workflowData).toBeUndefined();
		});
	});

	test.concurrent('does not take a run back that has been woken and sleeps again', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(SOON);
			const run = await lab.run(sleeping());
			const again = await wakeOnTime(run);
			expect(isAsleep(again)).toBe(true);
			const call = { ...ADDRESS, body: { taskId: idsOf(lab)[0] } };
			// As where n8n read it before it was woken, by time or in another process.
			const late = await callBack(run, { ...call, storedMeanwhile: again });
			expect([late.answered, late.resumed]).toEqual([[503], undefined]);
			expect(statusesOf((await callBack(again, call)).resumed)).toEqual(['SUCCESS']);
		});
	});

	describe('in front of a node that waits for an answer', () => {
		const APPROVAL = { name: 'Approval', type: 'n8n-nodes-base.wait' };
		const calledInTime = async (lab: Lab, more: More) => {
			lab.simulator.setDefaultTaskScript(AT_ONCE);
			const run = await lab.run(sleeping(), more);
			const { resumed } = await called(run, idsOf(lab)[0]);
			if (resumed === undefined) throw new Error('The callback has not woken it.');
			return { run, resumed };
		};

		test.concurrent('gives its results on when n8n’s timer has gone off', async () => {
			await inLab(async (lab) => {
				const { run, resumed: held } = await calledInTime(lab, { behind: [APPROVAL] });
				expect(isAsleep(held)).toBe(true);
				expect(held.run.waitTill).toEqual(run.run.waitTill);
				expect(held.outputOf(APPROVAL.name)).toEqual([]);
				// There is nothing left that RunningHub could tell of.
				expect((await called(held, idsOf(lab)[0])).resumed).toBeUndefined();
				const done = await wakeOnTime(held);
				expect(statusesOf(done)).toEqual(['SUCCESS']);
				expect(done.outputOf(APPROVAL.name)).toHaveLength(1);
				expect(lab.simulator.tasks).toHaveLength(1);
			});
		});

		test.concurrent('gives them at once where no timer of n8n’s is left', async () => {
			await inLab(async (lab) => {
				lab.simulator.setDefaultTaskScript(AT_ONCE);
				const run = await lab.run(sleeping(), { behind: [APPROVAL] });
				expect(statusesOf(await wakeOnTime(run))).toEqual(['SUCCESS']);
			});
		});
	});

	test.concurrent('that cannot be checked is asked for again, and breaks nothing', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(SOON);
			const run = await lab.run(sleeping());
			lab.simulator.addFault({ ...BROKEN, times: 1 });
			const { answered, resumed } = await called(run, idsOf(lab)[0]);
			expect([answered, resumed]).toEqual([[503], undefined]);
			expect(statusesOf(await untilItEnds(run))).toEqual(['SUCCESS']);
		});
	});

	test.concurrent('is handled without the credential, too: it never throws', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			const credentials = {
				runningHubApi: { site: 'custom', baseUrl: lab.simulator.baseUrl, apiKey: SIMULATOR_KEY },
			};
			const run = await lab.run(sleeping(), { credentials });
			credentials.runningHubApi.baseUrl = 'no address at all';
			const { answered, returned, log } = await called(run, idsOf(lab)[0]);
			expect(answered).toEqual([503]);
			expect(returned).toEqual({ noWebhookResponse: true });
			expect(log.join('\n')).toContain('Base URL');
		});
	});
});

describe('that callbacks arrive', () => {
	const UNTIL_CALLED = sleeping({ options: {} });
	const prove = async (lab: Lab, more: More = {}) => {
		lab.simulator.setDefaultTaskScript(SOON);
		const run = await lab.run(sleeping(), more);
		const id = idsOf(lab).at(-1);
		await called(run, id);
		expect(statusesOf((await called(run, id)).resumed)).toEqual(['SUCCESS']);
	};
	const nextSleep = async (lab: Lab) => Math.round(secondsToSleep(await lab.run(UNTIL_CALLED)));

	test.concurrent('is proven by one that wakes a run: later sleeps rely on it', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			expect(await nextSleep(lab)).toBe(65);
			await prove(lab);
			expect(await nextSleep(lab)).toBe(300);
		});
	});

	test.concurrent('is doubted again when time wakes a run that nobody has called', async () => {
		await inLab(async (lab) => {
			await prove(lab);
			lab.simulator.setDefaultTaskScript(AT_ONCE);
			const run = await lab.run(UNTIL_CALLED, { items: prompts(2) });
			expect(Math.round(secondsToSleep(run))).toBe(300);
			const done = await wakeOnTime(run);
			expect(statusesOf(done)).toEqual(['SUCCESS', 'SUCCESS']);
			expect(done.log.join('\n')).toContain('RunningHub has not called');
			expect(await nextSleep(lab)).toBe(65);
			await prove(lab);
			expect(await nextSleep(lab)).toBe(300);
		});
	});

	test.concurrent(
		'is doubted: what is soon done then waits for its places awake, and not asleep',
		async () => {
			await inLab(async (lab) => {
				lab.simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: 1 });
				lab.simulator.setDefaultTaskScript({ runningMs: 1_000, end: { kind: 'success' } });
				const parameters = sleeping({ options: { pollInterval: 1 } });
				const credentials = ownCredential(lab);
				const first = await lab.run(parameters, { items: prompts(4), credentials });
				const allEnded = async () =>
					await until('all tasks to end', 10, () =>
						lab.simulator.tasks.every(({ endedAt }) => endedAt !== null),
					);
				await allEnded();
				// The first one has ended, and nobody has called.
				const again = await wakeOnTime(first);
				expect([isAsleep(again), lab.simulator.tasks.length]).toEqual([true, 2]);
				await allEnded();
				const done = await wakeOnTime(again);
				expect(statusesOf(done)).toEqual(Array(4).fill('SUCCESS'));
				expect(lab.simulator.tasks).toHaveLength(4);
			});
		},
	);

	test.concurrent.each([
		['others fill the account', AT_ONCE.end, 0],
		['those that were quick have failed', FAILS.end, 1],
	])(
		'is doubted: items that wait for their places hold no worker where %s',
		async (_, end, limitLater) => {
			await inLab(async (lab) => {
				lab.simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: 1 });
				lab.simulator.setDefaultTaskScript(NEVER);
				lab.simulator.nextTaskScripts({ runningMs: 500, end });
				const asleep = await lab.run(UNTIL_CALLED, {
					items: prompts(3),
					credentials: ownCredential(lab),
					...CONTINUE,
				});
				await until('the task to end', 10, () => lab.simulator.tasks[0]?.endedAt !== null);
				lab.simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: limitLater });
				const again = await wakeOnTime(asleep);
				expect(again.log.join('\n')).toContain('RunningHub has not called');
				const startedAt = Date.now();
				expect(isAsleep(await wakeOnTime(again))).toBe(true);
				expect(Date.now() - startedAt).toBeLessThan(5_000);
			});
		},
	);

	test.concurrent(
		'is not doubted while the last task, with whose call it wakes, runs',
		async () => {
			await inLab(async (lab) => {
				await prove(lab);
				lab.simulator.nextTaskScripts(AT_ONCE, NEVER);
				const run = await lab.run(UNTIL_CALLED, { items: prompts(2) });
				expect(Math.round(secondsToSleep(await wakeOnTime(run)))).toBe(300);
				expect(await nextSleep(lab)).toBe(300);
			});
		},
	);

	test.concurrent('counts for nothing where a Retry takes up what calls the old one', async () => {
		await inLab(async (lab) => {
			await prove(lab, { credentials: ownCredential(lab) });
			lab.simulator.setDefaultTaskScript(NEVER);
			const again = await failedAndRetried(lab, UNTIL_CALLED);
			expect(Math.round(secondsToSleep(again))).toBe(65);
			// Nor does a wake forget it.
			expect(Math.round(secondsToSleep(await wakeOnTime(again)))).toBe(65);
			expect(lab.simulator.submits()).toHaveLength(2);
		});
	});

	test.concurrent('pictures that a Retry takes up are first waited for awake', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(SOON);
			const again = await failedAndRetried(
				lab,
				withWait({
					resource: 'model',
					operation: 'submitAndWait',
					model: { __rl: true, mode: 'list', value: 'rhart-image-v1/text-to-image' },
					parameters: {
						mappingMode: 'defineBelow',
						value: { prompt: 'a fox', aspectRatio: '1:1' },
					},
					options: { pollInterval: 1 },
					waitStrategy: 'sleep',
				}),
			);
			expect(again.run.status).toBe('success');
			expect(lab.simulator.submits()).toHaveLength(1);
		});
	});
});

describe('a wake that had to wait for its place on this n8n, and comes when the run is further on', () => {
	const behind = (name: string, parameters: INodeParameters): INode => ({
		id: name,
		name,
		type: DEFAULT_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: { runningHubApi: { id: 'runningHubApi', name: 'runningHubApi' } },
	});

	test.concurrent.each([
		['submits only', submit()],
		['keeps running', submitAndWait({ waitStrategy: 'poll' })],
		['fails', submitAndWait({ waitStrategy: 'poll' }), FAILS],
	])(
		'does not pay again for a node between two sleeps that %s',
		async (_, between, script = AT_ONCE) => {
			await inLab(async (lab) => {
				lab.simulator.nextTaskScripts(AT_ONCE, script, NEVER);
				const nodes = [
					{ ...behind('Between', between), ...CONTINUE.nodeSettings },
					behind('Further on', sleeping()),
				];
				const first = await lab.run(sleeping(), { behind: nodes });
				const further = await wakeOnTime(first);
				expect([isAsleep(further), lab.simulator.tasks.length]).toEqual([true, 3]);
				const again = await wakeOnTime(first);
				expect(isAsleep(again)).toBe(true);
				const idOf = (run: NodeRun) => run.outputOf('Between')[0]?.json.taskId;
				expect([idOf(further), idOf(again)]).toEqual([idsOf(lab)[1], idsOf(lab)[1]]);
				expect(lab.simulator.submits()).toHaveLength(3);
			});
		},
	);
});

describe('the files of a run that sleeps', () => {
	const HOURS = 60 * 60_000;
	const downloads = ({ simulator }: Lab) =>
		simulator.requests.filter(({ origin }) => origin === 'files').length;

	test.concurrent.each([
		['the end', 5, 0],
		['the end, but for those of tasks that ended six hours before', 6, 1],
	])('are fetched at %s, and each once', async (_, hours, early) => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(AT_ONCE, { runningPolls: 2, end: { kind: 'success' } });
			const run = await lab.run(sleeping({ downloadResults: true }), { items: prompts(2) });
			const again = await wakeOnTime(run);
			expect([isAsleep(again), downloads(lab)]).toEqual([true, 0]);
			const later = await wakeOnTime(aged(again, 'endedAt', hours * HOURS));
			expect([isAsleep(later), downloads(lab)]).toEqual([true, early]);
			const done = await wakeOnTime(later);
			expect(downloads(lab)).toBe(2);
			const sizes = done.items.map(async (item) => (await done.readBinary(item, 'data')).length);
			expect(Math.min(...(await Promise.all(sizes)))).toBeGreaterThan(0);
		});
	});
});

describe('an account that is full', () => {
	const full = async (test: (lab: Lab) => Promise<void>, limit: number) =>
		await inLab(async (lab) => {
			lab.simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: limit });
			await test(lab);
		});
	const run = async (lab: Lab, items: number, parameters = sleeping(), more: More = {}) =>
		await lab.run(parameters, {
			items: prompts(items),
			credentials: {
				runningHubApi: { site: 'custom', baseUrl: lab.simulator.baseUrl, apiKey: SIMULATOR_KEY },
			},
			...more,
		});

	test.concurrent('is waited for asleep: the others are sent at a later wake', async () => {
		await full(async (lab) => {
			lab.simulator.setDefaultTaskScript(SOON);
			const first = await run(lab, 5);
			expect([isAsleep(first), lab.simulator.tasks.length]).toEqual([true, 2]);
			const done = await untilItEnds(first);
			expect(statusesOf(done)).toEqual(Array(5).fill('SUCCESS'));
			expect(jsonOf(done)?.map(({ taskId }) => taskId)).toEqual(idsOf(lab));
			const sent = lab.simulator.tasks.map(({ body }) => body.prompt);
			expect(sent).toHaveLength(5);
		}, 2);
	});

	test.concurrent(
		'is paid for once, also when n8n wakes it again with what it knew before',
		async () => {
			await full(async (lab) => {
				lab.simulator.setDefaultTaskScript(SOON);
				const first = await run(lab, 5);
				expect(isAsleep(await wakeOnTime(await wakeOnTime(first)))).toBe(true);
				expect(lab.simulator.tasks.length).toBeGreaterThan(2);
				// As where its wake had to wait for a place on this n8n, and another one came first.
				const done = await untilItEnds(await wakeOnTime(first));
				expect(statusesOf(done)).toEqual(Array(5).fill('SUCCESS'));
				expect(jsonOf(done)?.map(({ taskId }) => taskId)).toEqual(idsOf(lab));
				expect(lab.simulator.tasks).toHaveLength(5);
			}, 2);
		},
	);

	test.concurrent('a callback wakes the run as soon as a part of its places is free', async () => {
		await full(async (lab) => {
			lab.simulator.setDefaultTaskScript(SOON);
			const first = await run(lab, 6);
			const [id] = idsOf(lab);
			await called(first, id);
			const { resumed } = await called(first, id);
			expect(resumed && isAsleep(resumed)).toBe(true);
			expect(lab.simulator.tasks.length).toBeGreaterThan(3);
		}, 3);
	});

	test.concurrent('is an error when no task was accepted for as long as the timeout', async () => {
		await full(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			await run(lab, 1);
			const waiting = await run(lab, 1, sleeping({ timeout: 0.1 }));
			expect(isAsleep(waiting)).toBe(true);
			await new Promise((resolve) => setTimeout(resolve, 6_100));
			const done = await wakeOnTime(waiting);
			expect(done.error?.description).toContain('No task was accepted for 6 seconds');
			expect(lab.simulator.tasks).toHaveLength(1);
		}, 1);
	});

	test.concurrent('no more tasks at a time than asked for, over any number of sleeps', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(SOON);
			const parameters = sleeping({ options: { maxConcurrentTasks: 2 } });
			let one = await lab.run(parameters, { items: prompts(5) });
			const running = () => lab.simulator.tasks.filter(({ endedAt }) => endedAt === null).length;
			for (let wakes = 0; isAsleep(one) && wakes < 20; wakes++) {
				expect(running()).toBeLessThanOrEqual(2);
				one = await wakeOnTime(one);
			}
			expect(statusesOf(one)).toEqual(Array(5).fill('SUCCESS'));
			expect(lab.simulator.tasks).toHaveLength(5);
		});
	});

	test.concurrent('one refused, the next is sent, and a place is no reason to sleep', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(AT_ONCE);
			lab.simulator.addFault({
				kind: 'e3',
				errorCode: '1501',
				errorMessage: 'no',
				match: { path: '/openapi/v2/vidu/' },
			});
			const parameters = sleeping({ options: { maxConcurrentTasks: 1 } });
			const first = await lab.run(parameters, { items: prompts(2), ...CONTINUE });
			expect(lab.simulator.tasks).toHaveLength(1);
			const done = await untilItEnds(first);
			expect(jsonOf(done)).toMatchObject([
				{ status: 'FAILED', error: { code: '1501' } },
				{ status: 'SUCCESS' },
			]);
			expect(lab.simulator.submits()).toHaveLength(2);
		});
	});
});

describe('a failure', () => {
	test.concurrent('of one of five: the other four arrive', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(SOON, AT_ONCE, FAILS, SOON, SOON);
			const run = await lab.run(sleeping(), { items: prompts(5), ...CONTINUE });
			const done = await untilItEnds(run);
			expect(statusesOf(done)).toEqual(['SUCCESS', 'SUCCESS', 'FAILED', 'SUCCESS', 'SUCCESS']);
			expect(jsonOf(done)?.[2]).toMatchObject({
				taskId: idsOf(lab)[2],
				error: { kind: 'moderation', code: '1501' },
			});
			// Waking is no retry: what has failed is not paid for again.
			expect(lab.simulator.tasks).toHaveLength(5);
		});
	});

	test.concurrent(
		'stops the node with the task id, and Retry pays for the failed one alone',
		async () => {
			await inLab(async (lab) => {
				lab.simulator.nextTaskScripts(AT_ONCE, FAILS, AT_ONCE);
				const done = await untilItEnds(await lab.run(sleeping(), { items: prompts(3) }));
				expect(done.run.status).toBe('error');
				expect(JSON.stringify(done.error)).toContain(idsOf(lab)[0]);
				expect(done.error?.message).toContain(idsOf(lab)[1]);

				const again = await untilItEnds(await retryRun(done));
				expect(statusesOf(again)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
				expect(lab.simulator.tasks.map(({ body }) => body.prompt)).toHaveLength(4);
				expect(jsonOf(again)?.map(({ taskId }) => taskId)).toEqual(
					[0, 3, 2].map((index) => idsOf(lab)[index]),
				);
			});
		},
	);

	test.concurrent('of a submit is told at the end, and not sent again at each wake', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(SOON);
			lab.simulator.addFault({
				kind: 'e3',
				errorCode: '1501',
				errorMessage: 'no',
				match: { path: '/openapi/v2/vidu/' },
				after: 1,
			});
			const run = await lab.run(sleeping(), { items: prompts(2) });
			expect(isAsleep(run)).toBe(true);
			const done = await untilItEnds(run);
			expect(done.error?.message).toContain('did not pass');
			expect(JSON.stringify(done.error)).toContain(`${idsOf(lab)[0]} SUCCESS`);
			expect(lab.simulator.submits()).toHaveLength(2);
		});
	});

	test.concurrent('of a submit, then Retry: the task that went on is taken up', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(SOON, AT_ONCE);
			lab.simulator.addFault({
				kind: 'e3',
				errorCode: '1501',
				errorMessage: 'no',
				match: { path: '/openapi/v2/vidu/' },
				after: 1,
			});
			const done = await untilItEnds(await lab.run(sleeping(), { items: prompts(2) }));
			expect(done.run.status).toBe('error');
			const again = await untilItEnds(await retryRun(done));
			expect(jsonOf(again)).toMatchObject(
				idsOf(lab).map((taskId) => ({ taskId, status: 'SUCCESS' })),
			);
			expect(lab.simulator.submits()).toHaveLength(3);
			expect(lab.simulator.tasks).toHaveLength(2);
		});
	});

	test.concurrent('keeps what was not sent from being sent at a later wake', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(FAILS, SOON);
			const parameters = sleeping({ options: { maxConcurrentTasks: 2 } });
			const run = await lab.run(parameters, { items: prompts(4) });
			const done = await untilItEnds(run);
			expect(done.run.status).toBe('error');
			expect(JSON.stringify(done.error)).toContain('Not sent and not paid for: 2 more items');
			expect(lab.simulator.submits()).toHaveLength(2);
		});
	});

	test.concurrent(
		'that always comes is paid for as often as Retry On Fail says, sleeps or not',
		async () => {
			await inLab(async (lab) => {
				lab.simulator.setDefaultTaskScript(FAILS_SOON);
				const retry = { nodeSettings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 } };
				const done = await untilItEnds(await lab.run(sleeping(), retry), 12);
				expect(done.run.status).toBe('error');
				expect(lab.simulator.submits()).toHaveLength(3);
			});
		},
	);

	test.concurrent(
		'of a submit whose outcome is unknown stays one over all wakes, and is not sent again',
		async () => {
			await inLab(async (lab) => {
				lab.simulator.setDefaultTaskScript(SOON);
				lab.simulator.addFault({
					kind: 'http',
					status: 500,
					match: { path: '/openapi/v2/vidu/' },
					after: 1,
				});
				const run = await lab.run(sleeping(), { items: prompts(2), ...CONTINUE });
				const done = await untilItEnds(run);
				expect(jsonOf(done)).toMatchObject([
					{ status: 'SUCCESS' },
					{ status: 'UNKNOWN', error: { kind: 'unknownOutcome' } },
				]);
				expect(lab.simulator.submits()).toHaveLength(2);
			});
		},
	);

	test.concurrent(
		'of the credential is an error that names the tasks; Retry goes on with them',
		async () => {
			await inLab(async (lab) => {
				lab.simulator.setDefaultTaskScript(AT_ONCE);
				const credentials = {
					runningHubApi: { site: 'custom', baseUrl: lab.simulator.baseUrl, apiKey: SIMULATOR_KEY },
				};
				const run = await lab.run(sleeping(), { items: prompts(2), credentials });
				const { baseUrl } = credentials.runningHubApi;
				credentials.runningHubApi.baseUrl = 'no address at all';
				const failed = await wakeOnTime(run);
				expect(failed.run.status).toBe('error');
				for (const id of idsOf(lab)) expect(JSON.stringify(failed.error)).toContain(id);
				credentials.runningHubApi.baseUrl = baseUrl;
				expect(statusesOf(await untilItEnds(await retryRun(failed)))).toEqual([
					'SUCCESS',
					'SUCCESS',
				]);
				expect(lab.simulator.tasks).toHaveLength(2);
			});
		},
	);
});

describe('RunningHub that cannot be asked', () => {
	test.concurrent('costs nothing but another sleep', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(AT_ONCE);
			const run = await lab.run(sleeping());
			lab.simulator.addFault({ ...BROKEN, times: 2 });
			const again = await wakeOnTime(await wakeOnTime(run));
			expect(isAsleep(again)).toBe(true);
			expect(statusesOf(await wakeOnTime(again))).toEqual(['SUCCESS']);
		});
	});

	test.concurrent('with a key that is refused at three looks in a row is an error', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			const run = await lab.run(sleeping());
			lab.simulator.addFault({
				kind: 'e3',
				errorCode: '1002',
				errorMessage: 'bad key',
				match: QUERY,
				times: 'always',
			});
			const second = await wakeOnTime(await wakeOnTime(run));
			expect(isAsleep(second)).toBe(true);
			const third = await wakeOnTime(second);
			expect(third.error?.message).toContain(idsOf(lab)[0]);
		});
	});
});

describe('the deadline', () => {
	const late = async (lab: Lab, parameters: INodeParameters, more: More = {}) => {
		const run = await lab.run(parameters, { items: prompts(2), ...more });
		return await wakeOnTime(aged(run, 'at', 130_000));
	};

	test.concurrent(
		'counts from the submit: the node looks once more, then it is an error',
		async () => {
			await inLab(async (lab) => {
				lab.simulator.nextTaskScripts(AT_ONCE, NEVER);
				const done = await late(lab, sleeping({ timeout: 2 }));
				const [first, second] = idsOf(lab);
				expect(done.run.status).toBe('error');
				expect(done.error?.message).toBe(
					`Task ${second} was still RUNNING after 2 minutes of waiting.`,
				);
				expect(JSON.stringify(done.error)).toContain(`${first} SUCCESS`);
			});
		},
	);

	test.concurrent('returns the running tasks where it shall, and never the prompts', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			const done = await late(lab, sleeping({ timeout: 2, onTimeout: 'return' }));
			expect(jsonOf(done)).toMatchObject(
				idsOf(lab).map((taskId) => ({ taskId, status: 'RUNNING', error: null })),
			);
			expect(JSON.stringify(jsonOf(done))).not.toContain('scene');
		});
	});

	test.concurrent('says so when the state could not be read at the end', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			lab.simulator.addFault(BROKEN);
			const done = await late(lab, sleeping({ timeout: 2 }), CONTINUE);
			expect(jsonOf(done)).toMatchObject(
				idsOf(lab).map((taskId) => ({
					taskId,
					error: {
						kind: 'timeout',
						message: expect.stringContaining('its last status check failed'),
					},
				})),
			);
		});
	});
});

describe('Wait for Result', () => {
	test.concurrent('sleeps in the same way, for tasks that were made elsewhere', async () => {
		await inLab(async (lab) => {
			lab.simulator.nextTaskScripts(AT_ONCE, SOON);
			await lab.run(submitAndWait({ operation: 'submit' }), { items: prompts(2) });
			const run = await lab.run(task('waitForResult', { waitStrategy: 'sleep' }), {
				items: itemsOf(...idsOf(lab).map((taskId) => ({ taskId }))),
			});
			expect(isAsleep(run)).toBe(true);
			const done = await wakeOnTime(run);
			expect(jsonOf(done)).toMatchObject(
				idsOf(lab).map((taskId) => ({ taskId, status: 'SUCCESS' })),
			);
		});
	});
});

describe('whether it sleeps', () => {
	const strategyIn = async (
		lab: Lab,
		mode: WorkflowExecuteMode,
		parameters: INodeParameters,
		more: More = {},
	) => {
		lab.simulator.setDefaultTaskScript(SOON);
		return await lab.run(submitAndWait(parameters), { mode, ...more });
	};

	test.concurrent.each<[WorkflowExecuteMode, string, boolean]>([
		['trigger', 'auto', true],
		['webhook', 'auto', true],
		['retry', 'auto', true],
		['error', 'auto', true],
		['manual', 'auto', false],
		['integrated', 'auto', false],
		['evaluation', 'auto', false],
		['cli', 'auto', false],
		['manual', 'sleep', true],
		['integrated', 'sleep', true],
		['cli', 'sleep', false],
		['trigger', 'poll', false],
	])('in mode %s, set to %s: %s', async (mode, waitStrategy, sleeps) => {
		await inLab(async (lab) => {
			const run = await strategyIn(lab, mode, { waitStrategy });
			expect(isAsleep(run)).toBe(sleeps);
			expect(statusesOf(await untilItEnds(run))).toEqual(['SUCCESS']);
		});
	});

	test.concurrent('a video whose end nobody can tell is slept for at once, too', async () => {
		await inLab(async (lab) => {
			const run = await strategyIn(lab, 'trigger', {}, { instanceUrl: 'http://localhost:5678/' });
			expect(isAsleep(run)).toBe(true);
		});
	});

	test.concurrent(
		'no address of this n8n’s own is sent where RunningHub could not reach it',
		async () => {
			await inLab(async (lab) => {
				lab.simulator.setDefaultTaskScript(NEVER);
				const run = await lab.run(sleeping(), { instanceUrl: 'http://localhost:5678/' });
				// The simulator is local as well, so that it can.
				expect(isAsleep(run)).toBe(true);
				expect(lab.simulator.tasks[0]?.webhookUrl).toMatch(/^http:\/\/localhost:5678/);
			});
		},
	);

	test.concurrent('a tool of an agent does not', async () => {
		await inLab(async (lab) => {
			lab.simulator.setDefaultTaskScript(NEVER);
			const run = await lab.asTool(sleeping({ timeout: 0.1 }), { prompt: 'a fox' });
			expect(isAsleep(run)).toBe(false);
			expect(JSON.stringify(run.answer)).toContain(idsOf(lab)[0]);
			expect(JSON.stringify(run.answer)).toContain('Do not submit it again');
		});
	});
});
