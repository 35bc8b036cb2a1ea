import { NodeConnectionTypes, type INodeParameters, type INodeType } from 'n8n-workflow';
import { TASK_SCRIPTS, type TaskScript } from '../simulator';
import { UNKNOWN_OUTCOME } from '../support/sentences';
import { retryRun, runWorkflow, wakeOnTime, type NodeRun } from './harness';
import { DEFAULT_TYPE } from './harness/node-types';
import {
	CONTINUE,
	errorOf,
	inLab,
	itemsOf,
	jsonOf,
	KEY,
	shown,
	submit,
	submitAndWait,
	type Lab,
} from './support';

/** What all tasks of the node may cost together is held before each submit. */

jest.setTimeout(60_000);

const START_TYPE = 'n8n-nodes-base.manualTrigger';
const SUBMIT = { path: '/openapi/v2/vidu/' };
/** Runs at the first question and has ended at the second. */
const SOON: TaskScript = { runningPolls: 1, end: { kind: 'success' } };
const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

const priceOf = async ({ run }: Lab): Promise<number> =>
	Number(jsonOf(await run(submit({ operation: 'estimatePrice' }))).amount);
const many = (count: number) => itemsOf(...Array.from({ length: count }, () => ({})));
const made = ({ simulator }: Lab) => simulator.tasks.length;
const messagesOf = ({ items }: NodeRun) => items.map(({ json }) => errorOf(json).message);
const untilItEnds = async (run: NodeRun, most = 20): Promise<NodeRun> =>
	run.run.status === 'waiting' && most > 0
		? await untilItEnds(await wakeOnTime(run), most - 1)
		: run;

test.concurrent('several submits that go out at the same time stay below it', async () => {
	await inLab(async (lab) => {
		const price = await priceOf(lab);
		// What is on its way is not known to be accepted yet.
		lab.simulator.addFault({ kind: 'slow', delayMs: 300, match: SUBMIT, times: 'always' });
		const form = submit({ options: { budget: price * 2.5 } });
		const result = await lab.run(form, { items: many(8), ...CONTINUE });
		expect(made(lab)).toBe(2);
		const refused = messagesOf(result).filter((message) => message !== undefined);
		expect(refused).toHaveLength(6);
		const kinds = result.items.map(({ json }) => errorOf(json).kind);
		expect(kinds.filter((kind) => kind === 'budget')).toHaveLength(6);
		for (const message of refused) {
			expect(message).toBe(
				`This task would cost ${price} CNY, says RunningHub, and the tasks before it cost ${price * 2}; Budget is ${price * 2.5}.`,
			);
		}
	});
});

test.concurrent('what was sent goes on, and the error names it, where the run stops', async () => {
	await inLab(async (lab) => {
		const price = await priceOf(lab);
		const form = submitAndWait({
			options: { budget: price, maxConcurrentTasks: 1, pollInterval: 1 },
		});
		const result = await lab.run(form, { items: many(4) });
		expect(made(lab)).toBe(1);
		expect(result.error?.message).toContain(`Budget is ${price}.`);
		expect(shown(result)).toContain(`task ${lab.simulator.tasks[0]?.taskId} SUCCESS`);
		expect(shown(result)).toContain('Not sent and not paid for: 2 more items.');
	});
});

const oneByOne = (budget: number, more: INodeParameters = {}) =>
	submit({ options: { budget, maxConcurrentTasks: 1, ...more } });

test.concurrent('a submit that was refused gives its price back', async () => {
	await inLab(async (lab) => {
		const price = await priceOf(lab);
		lab.simulator.addFault({ kind: 'e3', errorCode: '1007', errorMessage: 'no', match: SUBMIT });
		const result = await lab.run(oneByOne(price), { items: many(2), ...CONTINUE });
		expect(made(lab)).toBe(1);
		expect(messagesOf(result)).toEqual([expect.stringContaining('refused'), undefined]);
	});
});

test.concurrent('one that waits for a place on the account takes nothing meanwhile', async () => {
	await inLab(
		async (lab) => {
			const price = await priceOf(lab);
			lab.simulator.addAccount(KEY, { concurrencyLimit: 1 });
			const form = submitAndWait({ options: { budget: price * 2, pollInterval: 1 } });
			const result = await lab.run(form, { items: many(2) });
			expect(shown(result)).toBe('');
			expect(made(lab)).toBe(2);
			expect(lab.simulator.submits().length).toBeGreaterThan(2);
		},
		{ defaultTaskScript: SOON },
	);
});

test.concurrent('one whose outcome is unknown may have been paid for, and counts', async () => {
	await inLab(async (lab) => {
		const price = await priceOf(lab);
		lab.simulator.addFault({ kind: 'dropAfter', match: SUBMIT });
		const result = await lab.run(oneByOne(price), { items: many(2), ...CONTINUE });
		expect(made(lab)).toBe(1);
		expect(messagesOf(result)).toEqual([
			expect.stringContaining(UNKNOWN_OUTCOME),
			expect.stringContaining(`Budget is ${price}.`),
		]);
	});
});

test.concurrent('is held over the tries of a run', async () => {
	await inLab(
		async (lab) => {
			const price = await priceOf(lab);
			const form = submitAndWait({ options: { budget: price * 2.5, pollInterval: 1 } });
			const result = await lab.run(form, { nodeSettings: RETRY });
			expect(made(lab)).toBe(2);
			expect(result.error?.message).toContain(`the tasks before it cost ${price * 2};`);
			const again = await retryRun(result);
			expect(made(lab)).toBe(2);
			expect(again.error?.message).toContain(`the tasks before it cost ${price * 2};`);
		},
		{ defaultTaskScript: { end: TASK_SCRIPTS.moderation.end } },
	);
});

test.concurrent('is held over sleeps', async () => {
	await inLab(
		async (lab) => {
			const price = await priceOf(lab);
			const options = { budget: price * 2.5, waitStrategy: 'sleep', maxConcurrentTasks: 1 };
			const slept = await lab.run(submitAndWait({ options }), { items: many(4), ...CONTINUE });
			expect([slept.run.status, made(lab)]).toEqual(['waiting', 1]);
			const result = await untilItEnds(slept);
			expect(result.run.status).toBe('success');
			expect(made(lab)).toBe(2);
			expect(messagesOf(result).filter((message) => message !== undefined)).toEqual(
				Array(2).fill(expect.stringContaining('Budget is')),
			);
		},
		{ defaultTaskScript: SOON },
	);
});

test.concurrent('refuses what has no known price, and what is no number above 0', async () => {
	await inLab(async (lab) => {
		const kling: INodeParameters = {
			resource: 'model',
			operation: 'submit',
			model: { __rl: true, mode: 'list', value: 'kling-v2.5-turbo-std/text-to-video' },
			parameters: {
				mappingMode: 'defineBelow',
				value: { prompt: 'a fox', duration: '5', aspectRatio: '16:9' },
			},
			options: { budget: 100 },
		};
		expect((await lab.run(kling)).error?.message).toContain('could not be compared with Budget');
		const { items } = await lab.run(kling, CONTINUE);
		expect(items.map(({ json }) => errorOf(json).kind)).toEqual(['budget']);
		for (const budget of ['a lot', 0, -1, '={{ 0 }}']) {
			const result = await lab.run(submit({ options: { budget } }));
			expect(result.error?.message).toContain('it must be a number above 0');
		}
		expect(made(lab)).toBe(0);
	});
});

test.concurrent('is empty when it is added, and then limits nothing', async () => {
	await inLab(async (lab) => {
		const result = await lab.run(submit({ options: { budget: '', maxPrice: '' } }));
		expect(shown(result)).toBe('');
		expect(made(lab)).toBe(1);
	});
});

test.concurrent('is one for all runs of the node in an execution, as in a loop', async () => {
	await inLab(async (lab) => {
		const price = await priceOf(lab);
		const { node, parameters: _none, ...instance } = lab.options({});
		const at = { typeVersion: 1, position: [0, 0] as [number, number] };
		const parameters = submit({ options: { budget: price * 1.5 } });
		const twice = { node: 'Video', type: NodeConnectionTypes.Main, index: 0 };
		const result = await runWorkflow({
			...instance,
			nodeTypes: { [DEFAULT_TYPE]: node as INodeType },
			workflow: {
				nodes: [
					{ ...at, id: '1', name: 'Start', type: START_TYPE, parameters: {} },
					{ ...at, id: '2', name: 'Video', type: DEFAULT_TYPE, parameters },
				],
				connections: { Start: { main: [[twice, twice]] } },
			},
		});
		expect(made(lab)).toBe(1);
		expect(result.error?.message).toContain(`the tasks before it cost ${price};`);
	});
});

test.concurrent('is held where n8n wakes an old state of the execution', async () => {
	await inLab(
		async (lab) => {
			const price = await priceOf(lab);
			const options = { budget: price * 2.5, waitStrategy: 'sleep', maxConcurrentTasks: 1 };
			const slept = await lab.run(submitAndWait({ options }), { items: many(4), ...CONTINUE });
			const second = await wakeOnTime(slept);
			expect([second.run.status, made(lab)]).toEqual(['waiting', 2]);
			await untilItEnds(await wakeOnTime(slept));
			expect(made(lab)).toBe(2);
		},
		{ defaultTaskScript: { runningPolls: 0, end: { kind: 'success' } } },
	);
});
