import { createServer, type Socket } from 'node:net';
import type { Fault, Switches } from '../simulator';
import { meaningOf, UNKNOWN_OUTCOME } from '../support/sentences';
import {
	CONTINUE,
	NEVER,
	PNG,
	errorOf,
	expectTaskShape,
	inLab,
	itemsOf,
	jsonOf,
	shown,
	startOtherHost,
	submit,
	submitAndWait,
	task,
	until,
	KEY,
} from './support';

jest.setTimeout(40_000);

const SUBMIT = { path: '/openapi/v2/vidu/' };
const QUERY = { path: '/openapi/v2/query' };
const UPLOAD = { path: '/openapi/v2/media/upload/' };

describe('a submit that was refused for the moment is sent again', () => {
	const FOR_THE_MOMENT: Array<[string, Fault]> = [
		['HTTP 429', { kind: 'http', status: 429, match: SUBMIT }],
		[
			'HTTP 429 with a page',
			{ kind: 'http', status: 429, body: '<html>', contentType: 'text/html', match: SUBMIT },
		],
		[
			'1003, too many requests',
			{ kind: 'e3', errorCode: '1003', errorMessage: 'rate limit', match: SUBMIT },
		],
		['1011, busy', { kind: 'e3', errorCode: '1011', errorMessage: 'busy', match: SUBMIT }],
		[
			'1520, concurrency limit',
			{ kind: 'e3', errorCode: '1520', errorMessage: 'queue limit reached', match: SUBMIT },
		],
		['421 of v1', { kind: 'e1', code: 421, msg: 'TASK_QUEUE_MAXED', match: SUBMIT }],
	];

	// Each waits for some seconds: all at the same time.
	test.concurrent('whichever way it is said', async () => {
		await Promise.all(
			FOR_THE_MOMENT.map(async ([name, fault]) => {
				await inLab(async ({ simulator, run }) => {
					simulator.addFault(fault);
					const result = await run(submitAndWait());
					expect([name, shown(result), jsonOf(result).status]).toEqual([name, '', 'SUCCESS']);
					expect([name, simulator.submits().length]).toEqual([name, 2]);
					expect(simulator.tasks).toHaveLength(1);
				});
			}),
		);
	});

	const CAPACITY: Array<Switches['capacityV2']> = ['e3-1520', 'e1-421', 'e3-1003'];

	test.concurrent('an account that takes two at a time makes five', async () => {
		await Promise.all(
			CAPACITY.map(async (capacityV2) => {
				await inLab(
					async ({ simulator, run }) => {
						simulator.addAccount(KEY, { concurrencyLimit: 2 });
						const prompts = ['a', 'b', 'c', 'd', 'e'];
						const result = await run(submitAndWait({ prompt: '={{ $json.prompt }}' }), {
							items: itemsOf(...prompts.map((prompt) => ({ prompt }))),
						});
						expect(shown(result)).toBe('');
						expect(result.items.map(({ json }) => json.status)).toEqual(
							prompts.map(() => 'SUCCESS'),
						);
						expect(result.items.map(({ json }) => json.taskId)).toEqual(
							prompts.map(
								(prompt) => simulator.tasks.find(({ body }) => body.prompt === prompt)?.taskId,
							),
						);
						expect(simulator.tasks).toHaveLength(5);
					},
					{ switches: { capacityV2 } },
				);
			}),
		);
	});

	test.concurrent('a host that comes back is reached again', async () => {
		// Taken, and free again a moment later.
		const host = await startOtherHost((_, response) => void response.end());
		await host.stop();
		await inLab(async ({ simulator, start }) => {
			const { finished } = start(submit(), {
				credentials: {
					runningHubApi: { site: 'custom', apiKey: KEY, baseUrl: host.url },
				},
			});
			const port = Number(new URL(host.url).port);
			await new Promise((resolve) => setTimeout(resolve, 500));
			const { createServer, request } = await import('node:http');
			const proxy = createServer((incoming, outgoing) => {
				incoming.pipe(
					request(
						`${simulator.baseUrl}${incoming.url}`,
						{ method: incoming.method, headers: incoming.headers },
						(answer) => {
							outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
							answer.pipe(outgoing);
						},
					),
				);
			}).listen(port, '127.0.0.1');
			const result = await finished;
			proxy.close();
			proxy.closeAllConnections();
			expect(shown(result)).toBe('');
			expect(simulator.tasks).toHaveLength(1);
		});
	});
});

test.concurrent.each<[string, (line: Socket) => void]>([
	['closed while it is set up', (line) => line.end()],
	['answered in plain HTTP', (line) => line.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
	['refused by an alert', (line) => line.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40]))],
])('a submit whose TLS is %s never left, and is sent again', async (_, answer) => {
	let lines = 0;
	const server = createServer((line) => {
		lines += 1;
		line.on('error', () => {}).once('data', () => answer(line));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : undefined;
	await inLab(async ({ run }) => {
		const baseUrl = `https://127.0.0.1:${port}`;
		const result = await run(submit(), {
			credentials: { runningHubApi: { site: 'custom', apiKey: KEY, baseUrl } },
		});
		expect(result.error?.message).toBe('RunningHub cannot be reached.');
		expect(shown(result)).toMatch(/the other side closed it|TLS could not be set up/);
		expect(lines).toBe(3);
	}).finally(() => server.close());
});

describe('a submit whose outcome is unknown is sent once', () => {
	test.concurrent.each<[string, Fault, number]>([
		['the connection breaks before the task is made', { kind: 'dropBefore', match: SUBMIT }, 0],
		['the connection breaks after the task was made', { kind: 'dropAfter', match: SUBMIT }, 1],
		['the answer is cut off', { kind: 'truncate', match: SUBMIT }, 1],
		['HTTP 500 after the task was made', { kind: 'httpAfter', status: 500, match: SUBMIT }, 1],
		['HTTP 502 after the task was made', { kind: 'httpAfter', status: 502, match: SUBMIT }, 1],
		['HTTP 504', { kind: 'http', status: 504, match: SUBMIT }, 0],
		['an HTML page', { kind: 'html', match: SUBMIT }, 0],
		['an empty body', { kind: 'emptyBody', match: SUBMIT }, 0],
		['broken JSON', { kind: 'malformedJson', match: SUBMIT }, 0],
		[
			'1005, an internal error',
			{ kind: 'e3', errorCode: '1005', errorMessage: 'internal', match: SUBMIT },
			0,
		],
		[
			'1000, whatever word its text has a part of',
			{
				kind: 'e3',
				errorCode: '1000',
				errorMessage: 'Unknown error while calling gemini-3-pro-preview',
				match: SUBMIT,
			},
			0,
		],
		[
			'1000 that speaks of a balance',
			{ kind: 'e3', errorCode: '1000', errorMessage: '余额不足 | balance', match: SUBMIT },
			0,
		],
		[
			'JSON without a task',
			{ kind: 'http', status: 200, body: '{"status":"RUNNING"}', match: SUBMIT },
			0,
		],
		['a list instead of an object', { kind: 'http', status: 200, body: '[]', match: SUBMIT }, 0],
	])('%s', async (_, fault, tasks) => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault(fault);
			const result = await run(submitAndWait());
			expect(result.error?.message).toBe(UNKNOWN_OUTCOME);
			expect(shown(result)).toContain('It was not sent again, because you could be charged twice.');
			expect(shown(result)).toContain('Check the call records');
			expect(simulator.submits()).toHaveLength(1);
			expect(simulator.tasks).toHaveLength(tasks);

			simulator.addFault(fault);
			const kept = await run(submitAndWait(), CONTINUE);
			expectTaskShape(jsonOf(kept));
			expect(jsonOf(kept)).toMatchObject({
				taskId: null,
				status: 'UNKNOWN',
				error: { kind: 'unknownOutcome', message: UNKNOWN_OUTCOME },
			});
			expect(simulator.submits()).toHaveLength(2);
		});
	});

	test.concurrent('the tasks of the other items are waited for and named', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({ kind: 'dropAfter', match: SUBMIT, after: 1 });
			const result = await run(submitAndWait(), { items: itemsOf({}, {}, {}) });
			expect(result.error?.message).toBe(UNKNOWN_OUTCOME);
			expect(simulator.submits()).toHaveLength(3);
			const [first, , third] = simulator.tasks;
			for (const made of [first, third]) {
				expect(shown(result)).toContain(`task ${made?.taskId} SUCCESS`);
			}
		});
	});
});

describe('a check that fails does not end the wait', () => {
	test.concurrent('three times in a row', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({ kind: 'dropBefore', match: QUERY });
			simulator.addFault({ kind: 'http', status: 502, match: QUERY });
			simulator.addFault({ kind: 'html', match: QUERY });
			const result = await run(submitAndWait());
			expect(shown(result)).toBe('');
			expect(jsonOf(result)).toMatchObject({ status: 'SUCCESS', error: null });
			expect(simulator.submits()).toHaveLength(1);
		});
	});

	test.concurrent.each<[string, Fault]>([
		['an empty body', { kind: 'emptyBody', match: QUERY }],
		['HTTP 429', { kind: 'http', status: 429, match: QUERY }],
		['HTTP 502', { kind: 'http', status: 502, match: QUERY }],
		['a body that is cut off', { kind: 'truncate', match: QUERY }],
		[
			'unknown task, which it is not',
			{ kind: 'e3', errorCode: '1004', errorMessage: 'task not found', match: QUERY },
		],
		['not available', { kind: 'e3', errorCode: '1010', errorMessage: '', match: QUERY }],
		['an HTTP 500 that still worked', { kind: 'httpAfter', match: QUERY }],
	])('once: %s', async (_, fault) => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault(fault);
			const result = await run(submitAndWait());
			expect(shown(result)).toBe('');
			expect(jsonOf(result).status).toBe('SUCCESS');
		});
	});

	test.concurrent('a key that stops working ends it, with the id of the task', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({
				kind: 'e3',
				errorCode: '1002',
				errorMessage: 'invalid api key',
				match: QUERY,
				times: 'always',
			});
			const result = await run(submitAndWait(), CONTINUE);
			const taskId = simulator.tasks[0]?.taskId;
			expectTaskShape(jsonOf(result));
			expect(jsonOf(result)).toMatchObject({ taskId, error: { kind: 'auth', code: '1002' } });
			expect(errorOf(jsonOf(result)).message).toBe(
				`The status of task ${taskId} could not be read 3 times in a row: ${meaningOf('1002').message}.`,
			);
		});
	});

	test.concurrent('a timeout during faults names the task', async () => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({ kind: 'html', match: QUERY, times: 'always' });
			const result = await run(submitAndWait({ timeout: 0.1 }));
			expect(result.error?.message).toEqual(
				expect.stringMatching(
					`^Task ${simulator.tasks[0]?.taskId} was not seen to end within 6 seconds, and its last status check failed: `,
				),
			);
		});
	});
});

describe('an upload that fails', () => {
	test.concurrent.each<[string, Fault]>([
		['the connection breaks', { kind: 'dropBefore', match: UPLOAD }],
		['HTTP 500', { kind: 'http', status: 500, match: UPLOAD }],
		['an HTML page', { kind: 'html', match: UPLOAD }],
	])('pays nothing: %s', async (_, fault) => {
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({ ...fault, times: 'always' });
			const result = await run(submitAndWait({ imageUrl: PNG }), CONTINUE);
			expectTaskShape(jsonOf(result));
			expect(jsonOf(result)).toMatchObject({ taskId: null, status: 'FAILED' });
			expect(simulator.submits()).toEqual([]);
		});
	});
});

describe('a redirect', () => {
	test.concurrent.each([301, 302, 303, 307, 308])(
		'of a submit (%s) is not followed, and the key stays where it is',
		async (status) => {
			const other = await startOtherHost((_, response) => void response.end('{}'));
			await inLab(async ({ simulator, run }) => {
				const url = `${other.url}/openapi/v2/x`;
				simulator.addFault({ kind: 'redirect', url, status, match: SUBMIT });
				const result = await run(submitAndWait());
				expect(result.error?.message).toBe(
					`RunningHub’s URL answered with a redirect to ${new URL(url).host}.`,
				);
				expect(shown(result)).toContain(
					'Redirects are not followed, so that the API key stays with the host it is for.',
				);
				expect(other.requests).toEqual([]);
				expect(simulator.submits()).toHaveLength(1);
			}).finally(other.stop);
		},
	);

	test.concurrent('of a query, an upload and a cancel neither', async () => {
		const other = await startOtherHost((_, response) => void response.end('{}'));
		await inLab(async ({ simulator, run }) => {
			simulator.addFault({ kind: 'redirect', url: other.url, times: 'always', match: {} });
			const taskId = '1900000000000000201';
			for (const parameters of [
				task('get', { taskId }),
				task('cancel', { taskId }),
				submit({ imageUrl: PNG }),
			]) {
				expect((await run(parameters)).error?.message).toContain('answered with a redirect');
			}
			expect(other.requests).toEqual([]);
		}).finally(other.stop);
	});
});

describe('Stop', () => {
	const stop = async (cancel: () => void, finished: Promise<unknown>): Promise<number> => {
		const before = Date.now();
		cancel();
		await finished;
		return Date.now() - before;
	};

	test.concurrent('ends the wait within a second, and the log names the tasks', async () => {
		await inLab(
			async ({ simulator, start }) => {
				const { started, finished, cancel } = start(
					submitAndWait({ options: { pollInterval: 3 } }),
					{ items: itemsOf({}, {}, {}) },
				);
				await started;
				await until(() => simulator.tasks.length === 3);
				await new Promise((resolve) => setTimeout(resolve, 100));
				expect(await stop(cancel, finished)).toBeLessThan(1_000);
				const { run, log } = await finished;
				expect(run.status).toBe('canceled');
				await until(() => log.some((line) => line.includes('Stopped while')));
				const line = log.find((one) => one.includes('Stopped while')) ?? '';
				for (const { taskId } of simulator.tasks) expect(line).toContain(taskId);
				const sent = simulator.requests.length;
				await new Promise((resolve) => setTimeout(resolve, 300));
				expect(simulator.requests).toHaveLength(sent);
			},
			{ defaultTaskScript: NEVER },
		);
	});

	test.concurrent('ends a wait for room in a full account', async () => {
		await inLab(
			async ({ simulator, start }) => {
				simulator.addAccount(KEY, { concurrencyLimit: 1 });
				const { started, finished, cancel } = start(
					submitAndWait({ options: { pollInterval: 3 } }),
					{ items: itemsOf({}, {}, {}) },
				);
				await started;
				await until(() => simulator.submits().length >= 3);
				await new Promise((resolve) => setTimeout(resolve, 100));
				expect(await stop(cancel, finished)).toBeLessThan(1_000);
				const { run, log } = await finished;
				expect(run.status).toBe('canceled');
				expect(log.join('\n')).toContain(String(simulator.tasks[0]?.taskId));
				expect(simulator.tasks).toHaveLength(1);
			},
			{ defaultTaskScript: NEVER },
		);
	});

	test.concurrent('during a slow submit ends the run, and its task is still named', async () => {
		await inLab(
			async ({ simulator, start }) => {
				simulator.addFault({ kind: 'slow', delayMs: 1_500, match: SUBMIT, after: 1 });
				const { started, finished, cancel } = start(
					submitAndWait({ options: { pollInterval: 3 } }),
					{ items: itemsOf({}, {}) },
				);
				await started;
				await until(() => simulator.tasks.length === 2);
				await new Promise((resolve) => setTimeout(resolve, 100));
				expect(await stop(cancel, finished)).toBeLessThan(1_000);
				const { run, log } = await finished;
				expect(run.status).toBe('canceled');
				// The submit on its way is answered, and its task paid for, after the stop.
				await new Promise((resolve) => setTimeout(resolve, 2_000));
				for (const { taskId } of simulator.tasks) expect(log.join('\n')).toContain(taskId);
				expect(simulator.submits()).toHaveLength(2);
			},
			{ defaultTaskScript: NEVER },
		);
	});

	test.concurrent('ends Wait for Result, and the log names its task', async () => {
		await inLab(
			async ({ simulator, run, start }) => {
				const taskId = String(jsonOf(await run(submit())).taskId);
				const { started, finished, cancel } = start(
					task('waitForResult', { taskId, options: { pollInterval: 3 } }),
				);
				await started;
				await until(() => simulator.requests.length === 2);
				await new Promise((resolve) => setTimeout(resolve, 100));
				expect(await stop(cancel, finished)).toBeLessThan(1_000);
				expect((await finished).run.status).toBe('canceled');
				expect((await finished).log.join('\n')).toContain(taskId);
			},
			{ defaultTaskScript: NEVER },
		);
	});
});
