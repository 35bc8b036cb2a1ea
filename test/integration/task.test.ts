import type { INode } from 'n8n-workflow';
import { TASK_SCRIPTS, type Simulator, type Switches } from '../simulator';
import { DEFAULT_TYPE } from './harness/node-types';
import {
	AT_ONCE,
	CONTINUE,
	IMMEDIATE,
	NEVER,
	credential,
	expectTaskShape,
	inLab,
	itemsOf,
	jsonOf,
	shown,
	submit,
	task,
	type Lab,
} from './support';

jest.setTimeout(30_000);

const behind = (operation: 'get' | 'cancel' | 'waitForResult'): Array<Partial<INode>> => [
	{
		name: 'Later',
		type: DEFAULT_TYPE,
		parameters: task(operation),
		credentials: { runningHubApi: { id: 'runningHubApi', name: 'runningHubApi' } },
	},
];

/** Makes tasks and gives out their ids. */
async function made({ simulator, run }: Lab, ...scripts: Parameters<Simulator['nextTaskScripts']>) {
	const ids: string[] = [];
	for (const script of scripts) {
		simulator.nextTaskScripts(script);
		ids.push(String(jsonOf(await run(submit())).taskId));
	}
	return ids;
}

const UNKNOWN_ID = '1900000000000099999';

describe('behind a Submit, with the id that the field takes by itself', () => {
	test.concurrent.each(['get', 'cancel', 'waitForResult'] as const)('%s', async (operation) => {
		await inLab(
			async ({ simulator, run }) => {
				const nodes = behind(operation) as Array<INode>;
				const result = await run(submit({ prompt: '={{ $json.prompt }}' }), {
					behind: nodes,
					items: itemsOf({ prompt: 'one' }, { prompt: 'two' }),
				});
				expect(shown(result)).toBe('');
				const items = result.outputOf('Later');
				expect(items.map(({ json }) => json.taskId)).toEqual(
					result.items.map(({ json }) => json.taskId),
				);
				expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
				for (const { json } of items) {
					expectTaskShape(json);
					expect(json.source).toBeNull();
				}
				const state = operation === 'cancel' ? ['CANCELLED', 'CANCELLED'] : ['SUCCESS', 'SUCCESS'];
				if (operation === 'cancel') expect(items.map(({ json }) => json.status)).toEqual(state);
				expect(simulator.submits()).toHaveLength(2);
			},
			operation === 'cancel' ? { defaultTaskScript: NEVER } : { defaultTaskScript: AT_ONCE },
		);
	});
});

describe('the id of a task', () => {
	test.concurrent.each([
		['as text', (id: string) => id],
		['with spaces around it', (id: string) => `  ${id}\n`],
		['from an expression', (id: string) => `={{ "${id}" }}`],
	])('%s', async (_, given) => {
		await inLab(async (lab) => {
			const [id = ''] = await made(lab, IMMEDIATE);
			const result = await lab.run(task('get', { taskId: given(id) }));
			expect(jsonOf(result)).toMatchObject({ taskId: id, status: 'SUCCESS' });
		});
	});

	test.concurrent.each([
		[
			'nothing',
			'={{ "" }}',
			'Task ID is empty; enter the 19-digit ID returned by Submit as taskId.',
		],
		[
			'null',
			'={{ null }}',
			'Task ID is empty; enter the 19-digit ID returned by Submit as taskId.',
		],
		[
			'missing in the item',
			'={{ $json.taskId }}',
			'Task ID is empty; enter the 19-digit ID returned by Submit as taskId.',
		],
		[
			'letters',
			'abc',
			'Task ID is "abc"; it must be the 19 digits returned by Submit, such as 1900000000000000201.',
		],
		[
			'zero',
			'0',
			'Task ID is "0"; it must be the 19 digits returned by Submit, such as 1900000000000000201.',
		],
		[
			'a number that JavaScript has rounded',
			'={{ 1900000000000000201 }}',
			'Task ID was given as a number and lost its last digits (1900000000000000300); keep it as text (in a spreadsheet, format the column as text).',
		],
		[
			'a whole result address',
			'https://a.example/1900000000000000201',
			'Task ID is "https://a.example/1900000000000000201"; it must be the 19 digits returned by Submit, such as 1900000000000000201.',
		],
	])('refuses %s', async (_, taskId, sentence) => {
		await inLab(async ({ simulator, run }) => {
			for (const operation of ['get', 'cancel', 'waitForResult'] as const) {
				const result = await run(task(operation, { taskId }));
				expect(result.error?.message).toBe(sentence);
				const kept = await run(task(operation, { taskId }), CONTINUE);
				expectTaskShape(jsonOf(kept));
				expect(jsonOf(kept)).toMatchObject({
					taskId: null,
					error: { code: null, kind: 'validation', message: sentence },
				});
			}
			expect(simulator.requests).toEqual([]);
		});
	});

	test.concurrent(
		'is an error of Wait for Result at once, with the ids of the others',
		async () => {
			await inLab(async (lab) => {
				const ids = await made(lab, AT_ONCE, AT_ONCE);
				const items = itemsOf({ taskId: ids[0] }, { taskId: '' }, { taskId: ids[1] });
				const asked = lab.simulator.requests.length;
				const result = await lab.run(task('waitForResult', { taskId: '={{ $json.taskId }}' }), {
					items,
				});
				expect(result.error?.message).toMatch(/^Task ID is empty/);
				for (const id of ids) expect(shown(result)).toContain(`task ${id} UNKNOWN`);
				expect(lab.simulator.requests).toHaveLength(asked);
			});
		},
	);

	test.concurrent('is an error of its item alone, where the run goes on', async () => {
		await inLab(async (lab) => {
			const [taskId] = await made(lab, AT_ONCE);
			const result = await lab.run(task('waitForResult', { taskId: '={{ $json.taskId }}' }), {
				items: itemsOf({ taskId: '' }, { taskId }),
				...CONTINUE,
			});
			expect(result.items.map(({ json }) => json.status)).toEqual(['FAILED', 'SUCCESS']);
		});
	});

	test.concurrent('that RunningHub does not know is one clear error, with the id', async () => {
		await inLab(async ({ run }) => {
			for (const operation of ['get', 'cancel', 'waitForResult'] as const) {
				const { error } = await run(task(operation, { taskId: UNKNOWN_ID }));
				expect(error?.message).toMatch(
					/^RunningHub does not know this task.* \(task 1900000000000099999\)\.$/,
				);
				const kept = await run(task(operation, { taskId: UNKNOWN_ID }), CONTINUE);
				expectTaskShape(jsonOf(kept));
				expect(jsonOf(kept)).toMatchObject({
					taskId: UNKNOWN_ID,
					status: 'UNKNOWN',
					error: { kind: 'notFound' },
				});
			}
		});
	});

	test.concurrent('one bad id takes nothing from the others', async () => {
		await inLab(async (lab) => {
			const [first = '', second = ''] = await made(lab, IMMEDIATE, NEVER);
			const items = itemsOf({ taskId: first }, { taskId: 'x' }, { taskId: second });
			const result = await lab.run(task('get'), { items, ...CONTINUE });
			expect(result.items.map(({ json }) => [json.taskId, json.status])).toEqual([
				[first, 'SUCCESS'],
				[null, 'FAILED'],
				[second, 'RUNNING'],
			]);
			const stopped = await lab.run(task('get'), { items });
			expect(stopped.error).toMatchObject({ context: { itemIndex: 1 } });
		});
	});
});

describe('a task that failed', () => {
	const failure = {
		code: '1015',
		kind: 'failed',
		nodeName: 'KSampler',
		message: 'The task failed in ComfyUI node “KSampler”: torch.OutOfMemoryError: out of memory',
	};
	const script = { end: TASK_SCRIPTS.fail.end };

	test.concurrent('is an answer of Get', async () => {
		await inLab(async (lab) => {
			const [taskId = ''] = await made(lab, script);
			const result = await lab.run(task('get', { taskId }));
			expect(shown(result)).toBe('');
			expectTaskShape(jsonOf(result));
			expect(jsonOf(result)).toMatchObject({ taskId, status: 'FAILED', error: failure });
		});
	});

	test.concurrent('is an error of Wait for Result, with its id', async () => {
		await inLab(async (lab) => {
			const [taskId = ''] = await made(lab, script);
			const { error } = await lab.run(task('waitForResult', { taskId }));
			expect(error?.message).toBe(
				`The task failed in ComfyUI node “KSampler”: torch.OutOfMemoryError: out of memory (task ${taskId}).`,
			);
			expect(JSON.stringify(error)).not.toContain('/workspace/');
			const kept = await lab.run(task('waitForResult', { taskId }), CONTINUE);
			expectTaskShape(jsonOf(kept));
			expect(jsonOf(kept)).toMatchObject({ taskId, status: 'FAILED', error: failure });
		});
	});

	test.concurrent('and one that somebody cancelled', async () => {
		await inLab(async (lab) => {
			const [taskId = ''] = await made(lab, { end: { kind: 'cancelled' } });
			const { error } = await lab.run(task('waitForResult', { taskId }));
			expect(error?.message).toBe(`The task was cancelled (task ${taskId}).`);
			const got = await lab.run(task('get', { taskId }));
			expect(jsonOf(got)).toMatchObject({ taskId, status: 'CANCELLED' });
		});
	});
});

describe('Cancel', () => {
	test.concurrent.each<[Switches['cancelStatus'], string]>([
		['CANCEL', 'CANCELLED'],
		['CANCELLED', 'CANCELLED'],
		['CANCELED', 'CANCELLED'],
		['FAILED', 'FAILED'],
	])(
		'gives out the state afterwards, where RunningHub calls it %s',
		async (cancelStatus, status) => {
			await inLab(async (lab) => {
				lab.simulator.switches.cancelStatus = cancelStatus;
				const [taskId = ''] = await made(lab, NEVER);
				const result = await lab.run(task('cancel', { taskId }));
				expect(shown(result)).toBe('');
				expectTaskShape(jsonOf(result));
				expect(jsonOf(result)).toMatchObject({ taskId, status });
				expect(lab.simulator.tasks[0]?.status).toBe('CANCELLED');
			});
		},
	);

	test.concurrent('says that the task still runs, where RunningHub did nothing', async () => {
		await inLab(async (lab) => {
			lab.simulator.switches.cancelModelTask = 'ignored';
			const [taskId = ''] = await made(lab, NEVER);
			const result = await lab.run(task('cancel', { taskId }));
			expect(shown(result)).toBe('');
			expectTaskShape(jsonOf(result));
			expect(jsonOf(result)).toMatchObject({
				taskId,
				status: 'RUNNING',
				error: {
					kind: 'timeout',
					message: `RunningHub accepted the cancellation, but task ${taskId} is still RUNNING and may still be charged. Check again with Task > Get.`,
				},
			});
		});
	});

	test.concurrent('gives a task time to stop', async () => {
		await inLab(async (lab) => {
			lab.simulator.switches.cancelModelTask = 'ignored';
			const [taskId = ''] = await made(lab, { runningMs: 500, end: { kind: 'cancelled' } });
			const result = await lab.run(task('cancel', { taskId }));
			expect(jsonOf(result)).toMatchObject({ taskId, status: 'CANCELLED' });
		});
	});

	test.concurrent('a refusal does not hide that the task exists and still runs', async () => {
		await inLab(async (lab) => {
			lab.simulator.switches.cancelModelTask = 'refused';
			const [taskId = ''] = await made(lab, NEVER);
			const kept = await lab.run(task('cancel', { taskId }), CONTINUE);
			expectTaskShape(jsonOf(kept));
			expect(jsonOf(kept)).toMatchObject({ taskId, status: 'RUNNING', error: { kind: 'failed' } });
			const stopped = await lab.run(task('cancel', { taskId }));
			expect(shown(stopped)).toBe(
				`RunningHub did not cancel task ${taskId}; it is RUNNING. | Tasks of Vidu and the other models often cannot be cancelled. The task continues and is charged: get its result with Task > Wait for Result.`,
			);
		});
	});

	test.concurrent('a refusal that nobody knows keeps RunningHub’s words', async () => {
		await inLab(async (lab) => {
			const [taskId = ''] = await made(lab, NEVER);
			const match = { path: '/task/openapi/cancel' };
			lab.simulator.addFault({ kind: 'e1', code: 7777, msg: 'too late to cancel', match });
			const stopped = await lab.run(task('cancel', { taskId }));
			expect(stopped.error?.message).toBe(
				`RunningHub did not cancel task ${taskId}; it is RUNNING.`,
			);
			expect(shown(stopped)).toMatch(/too late to cancel/);
		});
	});

	test.concurrent.each([
		['gets lost', { kind: 'dropAfter' }],
		['breaks off', { kind: 'truncate' }],
		['is an error of a server that did it', { kind: 'httpAfter', status: 502 }],
		['is an error of a server that did nothing', { kind: 'http', status: 503 }],
	] as const)('is asked again when the answer %s', async (_, fault) => {
		await inLab(async (lab) => {
			const [taskId = ''] = await made(lab, NEVER);
			lab.simulator.addFault({ ...fault, match: { path: '/task/openapi/cancel' } });
			const result = await lab.run(task('cancel', { taskId }));
			expect(shown(result)).toBe('');
			expect(jsonOf(result)).toMatchObject({ taskId, status: 'CANCELLED' });
		});
	});

	test.concurrent.each<Switches['cancelEndedTask']>([0, 807, 805])(
		'a task that has ended comes out with its result, where RunningHub answers %s',
		async (cancelEndedTask) => {
			await inLab(async (lab) => {
				lab.simulator.switches.cancelEndedTask = cancelEndedTask;
				const [taskId = ''] = await made(lab, IMMEDIATE);
				const result = await lab.run(task('cancel', { taskId }));
				expect(shown(result)).toBe('');
				expectTaskShape(jsonOf(result));
				expect(jsonOf(result)).toMatchObject({ taskId, status: 'SUCCESS', error: null });
			});
		},
	);

	test.concurrent.each<Switches['cancelUnknownTask']>([807, 423])(
		'an unknown task is an error, where RunningHub answers %s',
		async (cancelUnknownTask) => {
			await inLab(async ({ simulator, run }) => {
				simulator.switches.cancelUnknownTask = cancelUnknownTask;
				const { error } = await run(task('cancel', { taskId: UNKNOWN_ID }));
				expect(error?.message).toMatch(/^RunningHub does not know this task/);
			});
		},
	);

	test.concurrent('asks the v1 call, with the key in the body', async () => {
		await inLab(async (lab) => {
			const [taskId = ''] = await made(lab, NEVER);
			await lab.run(task('cancel', { taskId }));
			const call = lab.simulator.requests.find(({ path }) => path === '/task/openapi/cancel');
			expect(call?.json).toStrictEqual({
				taskId,
				apiKey: credential().runningHubApi?.apiKey,
			});
		});
	});
});

describe('a wait that takes too long', () => {
	const wait = (onTimeout: string, more = {}) =>
		task('waitForResult', { timeout: 0.1, onTimeout, ...more });

	test.concurrent('is an error that names the task and the state it had', async () => {
		await inLab(async (lab) => {
			const [taskId = ''] = await made(lab, NEVER);
			const result = await lab.run(wait('error', { taskId }));
			expect(shown(result)).toBe(
				`Task ${taskId} was still RUNNING after 6 seconds of waiting. | The task continues and its result is not lost: get it later with Task > Wait for Result, or increase Timeout.`,
			);
		});
	});

	test.concurrent('keeps the whole item with Continue On Fail', async () => {
		await inLab(async (lab) => {
			const [taskId = ''] = await made(lab, NEVER);
			const result = await lab.run(wait('error', { taskId }), CONTINUE);
			expectTaskShape(jsonOf(result));
			expect(jsonOf(result)).toMatchObject({
				taskId,
				status: 'RUNNING',
				error: { code: null, kind: 'timeout' },
			});
		});
	});

	test.concurrent('gives out the running task, if that is chosen', async () => {
		await inLab(async (lab) => {
			const [taskId = ''] = await made(lab, NEVER);
			const result = await lab.run(wait('return', { taskId }));
			expect(shown(result)).toBe('');
			expectTaskShape(jsonOf(result));
			expect(jsonOf(result)).toMatchObject({ taskId, status: 'RUNNING', error: null });
		});
	});

	test.concurrent('does not miss an end just before the deadline', async () => {
		await inLab(async (lab) => {
			const [taskId = ''] = await made(lab, { runningMs: 5_300, end: { kind: 'success' } });
			const result = await lab.run(wait('error', { taskId, options: { pollInterval: 60 } }));
			expect(shown(result)).toBe('');
			expect(jsonOf(result).status).toBe('SUCCESS');
		});
	});
});
