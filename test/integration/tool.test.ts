import { CHAT_TRIGGER_NODE_TYPE, type IDataObject } from 'n8n-workflow';
import { TASK_SCRIPTS, type TaskScript } from '../simulator';
import { meaningOf } from '../support/sentences';
import { NODE_NAME } from './harness';
import { AT_ONCE, IMMEDIATE, NEVER, expectTaskShape, inLab, submitAndWait, task } from './support';

jest.setTimeout(30_000);

const prompt = "={{ $fromAI('prompt', 'what happens in the video', 'string') }}";

const WAYS = ['supplyData', 'engine', 'ephemeral'] as const;

describe.each(WAYS)('as an Agent’s tool (%s)', (via) => {
	test.concurrent('makes the video that the model asks for', async () => {
		await inLab(
			async ({ simulator, asTool }) => {
				const { answer, error, log } = await asTool(
					submitAndWait({ prompt }),
					{ prompt: 'a cat' },
					via,
				);
				expect(error).toBeUndefined();
				const [item, ...more] = JSON.parse(answer ?? '') as IDataObject[];
				expect(more).toEqual([]);
				expectTaskShape(item);
				expect(item).toMatchObject({ status: 'SUCCESS', taskId: simulator.tasks[0]?.taskId });
				expect(simulator.submits().map(({ json }) => json)).toMatchObject([{ prompt: 'a cat' }]);
				expect(log.join('\n')).toContain(String(item?.taskId));
			},
			{ defaultTaskScript: AT_ONCE },
		);
	});

	test.concurrent('fetches no file, which the model could not read', async () => {
		await inLab(
			async ({ simulator, asTool }) => {
				const parameters = submitAndWait({ prompt, downloadResults: true });
				const { answer } = await asTool(parameters, { prompt: 'a cat' }, via);
				const [item] = JSON.parse(answer ?? '') as IDataObject[];
				expect(item).toMatchObject({ status: 'SUCCESS', url: expect.stringContaining('http') });
				expect(simulator.requests.filter(({ origin }) => origin === 'files')).toEqual([]);
			},
			{ defaultTaskScript: AT_ONCE },
		);
	});

	test.concurrent('looks for a task by the id that the model was given', async () => {
		await inLab(
			async ({ simulator, run, asTool }) => {
				await run(submitAndWait());
				const taskId = simulator.tasks[0]?.taskId ?? '';
				const { answer } = await asTool(
					task('get', { taskId: "={{ $fromAI('taskId', 'the task', 'string') }}" }),
					{ taskId },
					via,
				);
				const [item] = JSON.parse(answer ?? '') as IDataObject[];
				expectTaskShape(item);
				expect(item).toMatchObject({ taskId, status: 'SUCCESS' });
			},
			{ defaultTaskScript: IMMEDIATE },
		);
	});
});

describe.each(['supplyData', 'engine'] as const)('in a chat that streams (%s)', (via) => {
	const SLOW: TaskScript = { runningMs: 7_000, end: { kind: 'success' } };
	const streaming = { streaming: true, mode: 'webhook' as const };
	const parameters = submitAndWait({ prompt });
	const input = { prompt: 'a cat' };

	test.concurrent('who chats sees how the video gets on', async () => {
		await inLab(
			async ({ simulator, asTool }) => {
				const more = { ...streaming, trigger: CHAT_TRIGGER_NODE_TYPE };
				const { chunks, answer, error } = await asTool(parameters, input, via, more);
				expect(error).toBeUndefined();
				expect(answer).toContain('SUCCESS');
				const taskId = simulator.tasks[0]?.taskId;
				expect(chunks.map(({ type, content }) => [type, content])).toEqual([
					['begin', undefined],
					['item', expect.stringMatching(`^0 of 1 task done; ${taskId} RUNNING, [56] s$`)],
					['end', undefined],
				]);
				expect(new Set(chunks.map(({ metadata }) => metadata.nodeName))).toEqual(
					new Set([NODE_NAME]),
				);
			},
			{ defaultTaskScript: SLOW },
		);
	});

	test.concurrent.each([
		['a program that reads the answer as it comes', { ...streaming }],
		['a chat that waits for the whole answer', { trigger: CHAT_TRIGGER_NODE_TYPE }],
	])('%s gets nothing but the answer', async (_, more) => {
		await inLab(
			async ({ asTool }) => {
				const { chunks, answer } = await asTool(parameters, input, via, more);
				expect(answer).toContain('SUCCESS');
				expect(chunks).toEqual([]);
			},
			{ defaultTaskScript: SLOW },
		);
	});
});

describe.each(WAYS)('as an Agent’s tool that fails (%s)', (via) => {
	test.concurrent('the Agent is told why a task failed, and which', async () => {
		await inLab(
			async ({ simulator, asTool }) => {
				const { answer, error } = await asTool(submitAndWait({ prompt }), { prompt: 'a cat' }, via);
				expect(`${answer} ${error?.message}`).toContain(meaningOf('1501').message);
				expect(`${answer} ${error?.message}`).toContain(String(simulator.tasks[0]?.taskId));
			},
			{ defaultTaskScript: { end: TASK_SCRIPTS.moderation.end } },
		);
	});

	test.concurrent('is told which task takes longer, and not to order it again', async () => {
		await inLab(
			async ({ simulator, asTool }) => {
				const slow = submitAndWait({ prompt, options: { timeout: 0.1, waitStrategy: 'sleep' } });
				const { answer, error, log } = await asTool(slow, { prompt: 'a cat' }, via);
				expect(error).toBeUndefined();
				const taskId = simulator.tasks[0]?.taskId ?? '';
				const [item] = JSON.parse(answer ?? '') as IDataObject[];
				expect(item).toMatchObject({ taskId, status: expect.stringMatching(/QUEUED|RUNNING/) });
				expect(answer).toContain('Do not submit it again');
				expect(log.join('\n')).toContain(taskId);
			},
			{ defaultTaskScript: NEVER },
		);
	});

	test.concurrent('pays for nothing that is more than the budget', async () => {
		await inLab(async ({ simulator, asTool }) => {
			const tight = submitAndWait({ prompt, options: { budget: 0.01 } });
			const { answer, error } = await asTool(tight, { prompt: 'a cat' }, via);
			expect(error).toBeUndefined();
			expect(answer).toContain('Budget is');
			expect(simulator.submits()).toEqual([]);
		});
	});

	test.concurrent('is told what is wrong with the input, and nothing is paid for', async () => {
		await inLab(async ({ simulator, asTool }) => {
			const form = submitAndWait({ prompt, duration: 99 });
			const { answer, error } = await asTool(form, { prompt: 'a cat' }, via);
			expect(error).toBeUndefined();
			expect(answer).toMatch(/Duration .*99/);
			expect(simulator.submits()).toEqual([]);
		});
	});

	test.concurrent('is told that the credential is gone', async () => {
		await inLab(async ({ simulator, asTool }) => {
			const gone = { credentials: {} };
			const { answer, error } = await asTool(submitAndWait({ prompt }), { prompt: 'a' }, via, gone);
			expect(error).toBeUndefined();
			expect(answer).toMatch(/credential/i);
			expect(simulator.submits()).toEqual([]);
		});
	});
});
