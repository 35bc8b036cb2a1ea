import type { IDataObject } from 'n8n-workflow';
import { TASK_SCRIPTS, type TaskScript, type Switches } from '../simulator';
import { retryRun } from './harness';
import {
	AT_ONCE,
	CONTINUE,
	IMMEDIATE,
	errorOf,
	expectTaskShape,
	inLab,
	jsonOf,
	shown,
	submit,
	submitAndWait,
	task,
	PNG,
} from './support';

jest.setTimeout(30_000);

/** Every point of submit and query on which the sources disagree (reference, section 14). */
const VARIANTS: Array<Partial<Switches>> = [
	{ taskIdInSubmit: 'number' },
	{ spelling: 'snake' },
	{ spelling: 'snake', taskIdInSubmit: 'number' },
	{ promptTips: 'empty' },
	{ promptTips: 'null' },
	{ promptTips: 'invalid' },
	{ promptTips: 'nodeErrors' },
	{ statusCase: 'lower' },
	{ statusCase: 'title' },
	{ outputType: 'word' },
	{ resultUrlKey: 'outputUrl' },
	{ resultsForm: 'object' },
	{ resultsForm: 'jsonText' },
	{ successWord: 'COMPLETED' },
	{ successWord: 'SUCCEEDED' },
	{ successWord: 'DONE' },
	{ uploadWordsKey: 'message' },
	{ uploadWordsKey: 'msg' },
	{ resultTextKey: 'content' },
	{ resultTextKey: 'output' },
	{ taskCostTime: 'number' },
	{ taskUsageList: 'string' },
	{ taskUsageList: 'number' },
	{ emptyFailedReason: 'null' },
	{ errorHttpStatusV2: 400 },
	{ errorCodeWhileRunning: '1003' },
	{ successCode: 200, successMessage: '', errorMessagesMember: true },
];

const RUNNING_FIRST: TaskScript = { runningPolls: 1, end: { kind: 'success' } };

/** These say something of a task that is on its way, too. */
const scriptFor = (switches: Partial<Switches>): TaskScript =>
	'statusCase' in switches || 'errorCodeWhileRunning' in switches ? RUNNING_FIRST : AT_ONCE;

/** RunningHub's finding about the workflow belongs to the item, and stays with it. */
const isFinding = ({ promptTips }: Partial<Switches>) => promptTips === 'nodeErrors';

describe('the finished item is the same', () => {
	test.concurrent.each(VARIANTS.map((switches) => [switches]))('with %j', async (switches) => {
		await inLab(
			async ({ simulator, run }) => {
				const result = await run(submitAndWait({ imageUrl: PNG }));
				expect(shown(result)).toBe('');
				const made = simulator.tasks[0];
				const url = made?.results[0]?.url;
				expect(jsonOf(result)).toStrictEqual({
					taskId: made?.taskId,
					status: 'SUCCESS',
					source: 'vidu/image-to-video-q2-turbo',
					url,
					text: null,
					results: [{ url, type: 'mp4', mimeType: 'video/mp4', text: null, nodeId: '9' }],
					usage: {
						coins: null,
						money: null,
						thirdPartyMoney: made?.cost,
						seconds: expect.any(Number),
					},
					error: isFinding(switches) ? expect.objectContaining({ code: '433' }) : null,
				});
				expect(simulator.tasks).toHaveLength(1);
			},
			{ switches, defaultTaskScript: scriptFor(switches) },
		);
	});

	test.concurrent.each([
		[{ spelling: 'snake', taskIdInSubmit: 'number', statusCase: 'lower' }],
		[{ resultUrlKey: 'outputUrl', outputType: 'word', promptTips: 'nodeErrors' }],
	] as Array<[Partial<Switches>]>)(
		'when the answer to the submit holds it: %j',
		async (switches) => {
			await inLab(
				async ({ simulator, run }) => {
					const result = await run(submit());
					expectTaskShape(jsonOf(result));
					expect(jsonOf(result)).toMatchObject({
						taskId: simulator.tasks[0]?.taskId,
						status: 'SUCCESS',
						url: simulator.tasks[0]?.results[0]?.url,
					});
					expect(simulator.requests).toHaveLength(1);
				},
				{ switches, defaultTaskScript: IMMEDIATE },
			);
		},
	);
});

test.concurrent.each<[Switches['resultsForm']]>([['address'], ['addresses'], ['besideStatus']])(
	'results as bare addresses (%s) are results, for files and for texts',
	async (resultsForm) => {
		const files: TaskScript = {
			end: { kind: 'success', files: [{ type: 'png' }, { type: 'mp4' }] },
		};
		await inLab(
			async ({ simulator, run }) => {
				simulator.nextTaskScripts(AT_ONCE, files, { end: TASK_SCRIPTS.text.end });
				for (const tasks of [1, 2, 3]) {
					const item = jsonOf(await run(submitAndWait()));
					const made = simulator.tasks[tasks - 1]?.results ?? [];
					expect(item).toMatchObject({
						status: 'SUCCESS',
						url: made[0]?.url,
						text: made[0]?.text,
						results: made.map(({ url, text }) => ({ url, text })),
						error: null,
					});
				}
			},
			{ switches: { resultsForm } },
		);
	},
);

describe('the item of a task that is on its way', () => {
	test.concurrent.each<[TaskScript, string]>([
		[{ createPolls: 9, end: AT_ONCE.end }, 'QUEUED'],
		[{ queuedPolls: 9, end: AT_ONCE.end }, 'QUEUED'],
		[{ runningPolls: 9, end: AT_ONCE.end }, 'RUNNING'],
		[{ end: { kind: 'unknownStatus', status: 'PAUSED' } }, 'UNKNOWN'],
	])('%j is %s', async (script, status) => {
		await inLab(
			async ({ run }) => {
				const taskId = jsonOf(await run(submit())).taskId as string;
				const got = await run(task('get', { taskId }));
				expectTaskShape(jsonOf(got));
				expect(jsonOf(got)).toMatchObject({ taskId, status, error: null });
			},
			{ defaultTaskScript: script },
		);
	});

	test.concurrent('a status that nobody knows is waited through', async () => {
		await inLab(
			async ({ run }) => {
				const result = await run(submitAndWait());
				expect(jsonOf(result)).toMatchObject({ status: 'SUCCESS', error: null });
			},
			{ defaultTaskScript: { end: { kind: 'unknownStatus', status: 'PAUSED', polls: 1 } } },
		);
	});

	test.concurrent('a code beside RUNNING counts as a failure', async () => {
		await inLab(
			async ({ run }) => {
				const result = await run(submitAndWait(), CONTINUE);
				expectTaskShape(jsonOf(result));
				expect(jsonOf(result)).toMatchObject({ status: 'FAILED', error: { code: '1015' } });
			},
			{ defaultTaskScript: RUNNING_FIRST, switches: { errorCodeWhileRunning: '1015' } },
		);
	});
});

describe('text results', () => {
	test.concurrent.each<[Switches['resultTextKey']]>([['text'], ['content'], ['output']])(
		'under the name %s',
		async (resultTextKey) => {
			await inLab(
				async ({ run }) => {
					const result = await run(submitAndWait());
					expectTaskShape(jsonOf(result));
					const text = 'A fox stands on a hill at sunset.';
					expect(jsonOf(result)).toMatchObject({
						status: 'SUCCESS',
						url: null,
						text,
						results: [{ url: null, type: 'txt', mimeType: 'text/plain', text, nodeId: '9' }],
					});
				},
				{ defaultTaskScript: { end: TASK_SCRIPTS.text.end }, switches: { resultTextKey } },
			);
		},
	);
});

test.concurrent('many files come in their order, the first one as url', async () => {
	await inLab(
		async ({ simulator, run }) => {
			const result = await run(submitAndWait());
			expectTaskShape(jsonOf(result));
			const results = jsonOf(result).results as IDataObject[];
			expect(results.map(({ type, nodeId }) => [type, nodeId])).toEqual([
				['png', '9'],
				['png', '9'],
				['mp4', '12'],
			]);
			expect(jsonOf(result).url).toBe(simulator.tasks[0]?.results[0]?.url);
		},
		{ defaultTaskScript: { end: TASK_SCRIPTS.many.end }, switches: { outputType: 'word' } },
	);
});

test.concurrent.each(['array', 'null', 'blankItem'] as const)(
	'a success without anything in it (%s) is an error of the task',
	async (results) => {
		await inLab(
			async ({ simulator, run }) => {
				const result = await run(submitAndWait(), CONTINUE);
				expectTaskShape(jsonOf(result));
				expect(jsonOf(result)).toMatchObject({
					taskId: simulator.tasks[0]?.taskId,
					status: 'FAILED',
					error: { kind: 'failed' },
				});
			},
			{ defaultTaskScript: { end: { kind: 'empty', results } } },
		);
	},
);

test.concurrent.each(['array', 'null', 'blankItem'] as const)(
	'a success without anything in it (%s) was paid for: no retry pays again',
	async (results) => {
		await inLab(
			async ({ simulator, run }) => {
				const failed = await run(submitAndWait());
				const sentence = failed.error?.message;
				expect(sentence).toContain('RunningHub reports success but returned no result');
				expect((await retryRun(failed)).error?.message).toBe(sentence);
				expect(simulator.submits()).toHaveLength(1);
			},
			{ defaultTaskScript: { end: { kind: 'empty', results } } },
		);
	},
);

test.concurrent.each<[Partial<Switches>]>([
	[{ failedReason: 'object' }],
	[{ failedReason: 'string' }],
	[{ statusCase: 'lower', spelling: 'snake' }],
])('the reason of a failure, with %j', async (switches) => {
	await inLab(
		async ({ run }) => {
			const result = await run(submitAndWait(), CONTINUE);
			expectTaskShape(jsonOf(result));
			expect(errorOf(jsonOf(result))).toStrictEqual({
				code: '1015',
				kind: 'failed',
				nodeName: 'KSampler',
				message:
					'The task failed in ComfyUI node “KSampler”: torch.OutOfMemoryError: out of memory',
			});
			expect(JSON.stringify([result.items, result.log])).not.toMatch(/traceback|workspace/);
		},
		{ defaultTaskScript: { end: TASK_SCRIPTS.fail.end }, switches },
	);
});
