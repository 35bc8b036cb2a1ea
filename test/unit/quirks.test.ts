import { createClient } from '../../runninghub/api/client';
import { parseEnvelope } from '../../runninghub/http/envelope';
import { withoutSecrets } from '../../runninghub/base/redact';
import { taskFromOutputs, taskFromQuery, taskIdOf } from '../../runninghub/api/taskResponse';
import { hasFailed, toOutput, type Task } from '../../runninghub/api/task';
import {
	answer,
	errorIn,
	errorOf,
	modelSubmission,
	scripted,
	TASK_ID,
	wordsOf,
} from '../support/unitAnswers';
import { uploadFile } from '../support/uploadFile';

const fromQuery = (body: unknown): Task => taskFromQuery(parseEnvelope(answer(body)), TASK_ID);
const fromOutputs = (body: unknown): Task => taskFromOutputs(parseEnvelope(answer(body)), TASK_ID);

const failureIn = (task: Task) => {
	if (!hasFailed(task)) throw new Error(`not failed but ${task.status}`);
	return task.failure;
};

const video = { url: 'https://files.example/a.mp4', outputType: 'mp4', nodeId: '9', text: null };
const noReason = { errorCode: '', errorMessage: '', failedReason: {} };
const exception = {
	node_id: '3',
	node_name: 'KSampler',
	exception_type: 'torch.OutOfMemoryError',
	exception_message: 'out of memory',
	traceback: '["File \\"/workspace/ComfyUI/execution.py\\", line 1"]',
	current_inputs: '{"text":"a private prompt"}',
	current_outputs: '{"9":"private output"}',
};

describe('quirks of section 14', () => {
	it('1: an id that is a number keeps its digits in submit, query and callback', async () => {
		const { transport } = scripted({
			'/openapi/v2/vidu/text-to-video': () =>
				answer(`{"taskId":${TASK_ID},"status":"RUNNING","errorCode":""}`),
		});
		const task = await createClient(transport).submit(modelSubmission('vidu/text-to-video', {}));
		expect(task.taskId).toBe(TASK_ID);

		const usage = `[{"taskId":${TASK_ID},"parentTaskId":null}]`;
		const body = `{"taskId":${TASK_ID},"status":"RUNNING","errorCode":"","taskUsageList":${usage}}`;
		expect(fromQuery(body)).toMatchObject({ taskId: TASK_ID, status: 'RUNNING' });
	});

	it('5 and 7: an upload says message, and fileName or filename', async () => {
		for (const name of ['fileName', 'filename']) {
			const { transport } = scripted({
				'/openapi/v2/media/upload/binary': () =>
					answer({
						code: 0,
						message: 'success',
						data: {
							type: 'image',
							download_url: 'https://files.example/in/ab.png?sig=x',
							[name]: 'openapi/ab.png',
							size: '3490',
						},
					}),
			});
			expect(await createClient(transport).upload(uploadFile(Buffer.from('x')))).toMatchObject({
				url: 'https://files.example/in/ab.png?sig=x',
				fileName: 'openapi/ab.png',
			});
		}
	});

	it.each([0, 200, '0', '200'])('6: code %j of an outputs call is a success', (code) => {
		const data = [{ fileUrl: 'https://files.example/a.png', fileType: 'png' }];
		expect(fromOutputs({ code, msg: '', data }).status).toBe('SUCCESS');
	});

	it.each([
		['CREATE', 'QUEUED'],
		['PENDING', 'QUEUED'],
		['QUEUED', 'QUEUED'],
		['queued', 'QUEUED'],
		['RUNNING', 'RUNNING'],
		['Running', 'RUNNING'],
		[' running ', 'RUNNING'],
		['SUCCESS', 'SUCCESS'],
		['success', 'SUCCESS'],
		['FAILED', 'FAILED'],
		['failed', 'FAILED'],
		['TIMEOUT', 'FAILED'],
		['CANCEL', 'CANCELLED'],
		['Cancelled', 'CANCELLED'],
		['canceled', 'CANCELLED'],
	])('8: status %j is %s', (status, expected) => {
		const results = expected === 'SUCCESS' ? [video] : null;
		expect(fromQuery({ taskId: TASK_ID, status, ...noReason, results }).status).toBe(expected);
	});

	it.each(['COMPLETED', 'SUCCEEDED', 'DONE', 'completed', 'Finished'])(
		'8: status %j with results is a success, and without any is not known',
		(status) => {
			const body = { taskId: TASK_ID, status, ...noReason };
			expect(fromQuery({ ...body, results: [video] }).status).toBe('SUCCESS');
			for (const results of [null, [], '']) {
				expect(fromQuery({ ...body, results }).status).toBe('UNKNOWN');
			}
		},
	);

	it('8: a status that nobody knows is UNKNOWN, and the task goes on', () => {
		for (const status of ['PAUSED', 'constructor', '__proto__', '7']) {
			expect(fromQuery({ taskId: TASK_ID, status, ...noReason }).status).toBe('UNKNOWN');
		}
	});

	it.each([
		[{ code: 813, msg: 'APIKEY_TASK_IS_QUEUED', data: null }, 'QUEUED'],
		[{ code: '813', msg: 'APIKEY_TASK_IS_QUEUED', data: null }, 'QUEUED'],
		[{ code: 804, msg: 'APIKEY_TASK_IS_RUNNING', data: null }, 'RUNNING'],
		[
			{ code: 804, msg: 'APIKEY_TASK_IS_RUNNING', data: { netWssUrl: 'wss://x/?token=t' } },
			'RUNNING',
		],
		[{ code: 0, msg: 'success', data: null }, 'RUNNING'],
		[{ code: 0, msg: 'success' }, 'RUNNING'],
		[{ code: 0, msg: 'APIKEY_TASK_IS_QUEUED', data: null }, 'QUEUED'],
		[{ code: 0, msg: 'APIKEY_TASK_IS_RUNNING', data: null }, 'RUNNING'],
		[{ code: 0, msg: '任务排队中', data: null }, 'QUEUED'],
		[{ code: 0, msg: '任务运行中', data: null }, 'RUNNING'],
	])('10: outputs %j is %s', (body, status) => {
		expect(fromOutputs(body)).toMatchObject({ taskId: TASK_ID, status, results: [] });
	});

	it('10: outputs with an empty list ended without a file: a failure that says so', () => {
		const failure = failureIn(fromOutputs({ code: 0, msg: 'success', data: [] }));
		expect(failure).toMatchObject({ kind: 'failed', taskId: TASK_ID });
		expect(failure.message).toMatch(/no result/);
	});

	it.each([
		['an object', exception],
		['an object whose traceback is a list', { ...exception, traceback: ['File "/workspace/x"'] }],
		['the object as a string', JSON.stringify(exception)],
	])('11: failedReason as %s names the node and the exception', (_name, failedReason) => {
		for (const task of [
			fromQuery({ taskId: TASK_ID, status: 'FAILED', errorCode: '805', failedReason }),
			fromOutputs({ code: 805, msg: 'APIKEY_TASK_STATUS_ERROR', data: { failedReason } }),
		]) {
			const failure = failureIn(task);
			expect(failure).toMatchObject({ kind: 'failed', taskId: TASK_ID, nodeName: 'KSampler' });
			expect(failure.message).toContain('KSampler');
			expect(failure.message).toContain('out of memory');
			expect(wordsOf(failure)).not.toMatch(/workspace|execution\.py|private|traceback/i);
		}
	});

	it('11: failedReason as a plain string is shown', () => {
		const body = { taskId: TASK_ID, status: 'FAILED', failedReason: 'the node ran out of memory' };
		expect(failureIn(fromQuery(body)).message).toContain('the node ran out of memory');
	});

	it('11: the raw answer is without what must not be seen, also where it came as text', () => {
		const raw = JSON.stringify(
			withoutSecrets({ failedReason: JSON.stringify(exception), code: 0 }),
		);
		expect(raw).toContain('KSampler');
		expect(raw).not.toMatch(/workspace|execution\.py|traceback/i);
	});

	it('11: a traceback that came as plain text is not shown', () => {
		const traceback =
			'Traceback (most recent call last):\n  File "/workspace/ComfyUI/execution.py", line 1\nRuntimeError: bad';
		for (const more of [
			{ failedReason: traceback },
			{ errorCode: '1015', errorMessage: traceback },
		]) {
			const failure = failureIn(fromQuery({ taskId: TASK_ID, status: 'FAILED', ...more }));
			expect(wordsOf(failure)).not.toMatch(/\/workspace|execution\.py/);
		}
	});

	it.each([{}, null, '', '{}', undefined, 'null', [], 7])(
		'11: without a reason (%j) RunningHub’s code and words count',
		(failedReason) => {
			const failure = failureIn(
				fromQuery({
					taskId: TASK_ID,
					status: 'FAILED',
					errorCode: '1501',
					errorMessage: 'content did not pass review',
					failedReason,
				}),
			);
			expect(failure).toMatchObject({ kind: 'moderation', code: '1501', taskId: TASK_ID });
			expect(failure.message).toContain('content did not pass review');
		},
	);

	it.each([807, 423])('12: to cancel an unknown task is notFound by code %i', async (code) => {
		const { transport } = scripted({
			'/task/openapi/cancel': () => answer({ code, msg: 'X_NOT_FOUND', data: null }),
		});
		expect(await errorOf(createClient(transport).cancel(TASK_ID))).toMatchObject({
			kind: 'notFound',
			taskId: TASK_ID,
		});
	});

	it.each([
		[{ code: 421, msg: 'TASK_QUEUE_MAXED', data: null }],
		[{ taskId: null, errorCode: '1520', errorMessage: 'queue limit reached' }],
		[{ taskId: null, errorCode: '1003', errorMessage: 'rate limit' }],
		[{ taskId: null, errorCode: '421', errorMessage: 'TASK_QUEUE_MAXED' }],
	])('13 and 14: %j refuses for now, and may be sent again', async (body) => {
		const { transport } = scripted({ '/openapi/v2/m': () => answer(body) });
		const error = await errorOf(createClient(transport).submit(modelSubmission('m', {})));
		expect(error.resendable).toBe(true);
		expect(['capacity', 'rateLimit']).toContain(error.kind);
	});

	it.each([
		{ code: 802, msg: 'APIKEY_UNAUTHORIZED' },
		{ code: 806, msg: 'APIKEY_USER_NOT_FOUND' },
		{ code: 811, msg: 'CORPAPIKEY_INVALID' },
		{ code: 401, message: 'ApiKey verification failed' },
		{ errorCode: '1002', errorMessage: 'invalid key' },
		{ errorCode: '1601', errorMessage: 'ApiKey verification failed' },
	])('15: %j is a wrong key, for submit, query and account', async (body) => {
		const { transport } = scripted({
			'/openapi/v2/m': () => answer(body),
			'/openapi/v2/query': () => answer(body),
			'/uc/openapi/accountStatus': () => answer(body),
		});
		const client = createClient(transport);
		for (const work of [
			client.submit(modelSubmission('m', {})),
			client.query(TASK_ID),
			client.account(),
		]) {
			expect((await errorOf(work)).kind).toBe('auth');
		}
	});

	it('20: an account’s numbers may be strings, numbers or null', async () => {
		const read = async (data: unknown) => {
			const { transport } = scripted({
				'/uc/openapi/accountStatus': () => answer({ code: 0, msg: 'success', data }),
			});
			return await createClient(transport).account();
		};
		expect(
			await read({
				remainCoins: '1250',
				currentTaskCounts: '3',
				remainMoney: null,
				currency: null,
				apiType: 'NORMAL',
			}),
		).toEqual({ coins: 1250, money: null, currency: null, keyType: 'NORMAL', runningTasks: 3 });
		expect(
			await read({
				remainCoins: 0,
				currentTaskCounts: 0,
				remainMoney: '12.34',
				currency: 'USD',
				apiType: 'SHARED',
			}),
		).toEqual({ coins: 0, money: 12.34, currency: 'USD', keyType: 'SHARED', runningTasks: 0 });
		expect(await read({})).toEqual({
			coins: null,
			money: null,
			currency: null,
			keyType: null,
			runningTasks: null,
		});
	});

	it.each(['83', 83])('20 and 21: taskCostTime %j is 83 seconds, in v1 and v2', (taskCostTime) => {
		const v2 = fromQuery({
			taskId: TASK_ID,
			status: 'SUCCESS',
			results: [video],
			usage: {
				consumeCoins: '17',
				consumeMoney: '',
				thirdPartyConsumeMoney: '0.080',
				taskCostTime,
			},
		});
		expect(v2.usage).toEqual({ coins: 17, money: null, thirdPartyMoney: 0.08, seconds: 83 });
		const v1 = fromOutputs({
			code: 0,
			msg: '',
			data: [
				{ fileUrl: 'https://f.example/a.png', fileType: 'png', taskCostTime, consumeCoins: 17 },
			],
		});
		expect(v1.usage).toEqual({ coins: 17, money: null, thirdPartyMoney: null, seconds: 83 });
	});

	it.each([null, undefined, 'x', [], {}])('20: usage %j says nothing', (usage) => {
		const task = fromQuery({ taskId: TASK_ID, status: 'SUCCESS', results: [video], usage });
		expect(task.usage).toEqual({ coins: null, money: null, thirdPartyMoney: null, seconds: null });
	});

	it('22: promptTips is a JSON string; node errors in it are told where there is no task', async () => {
		const promptTips = JSON.stringify({
			result: false,
			error: null,
			outputs_to_execute: [],
			node_errors: {
				12: {
					errors: [{ type: 't', message: 'Value not in list', details: 'ckpt_name: x' }],
					dependent_outputs: ['9'],
					class_type: 'CheckpointLoaderSimple',
				},
			},
		});
		const { transport } = scripted({
			'/openapi/v2/m': () => answer({ taskId: null, status: null, errorCode: '', promptTips }),
		});
		const error = await errorOf(createClient(transport).submit(modelSubmission('m', {})));
		expect(error).toMatchObject({ kind: 'validation', resendable: false });
		for (const part of ['12', 'CheckpointLoaderSimple', 'Value not in list', 'ckpt_name: x']) {
			expect(wordsOf(error)).toContain(part);
		}
	});

	it.each([
		['png', 'https://f.example/a.png', 'png', 'image/png'],
		['PNG', 'https://f.example/a', 'png', 'image/png'],
		['.mp4', 'https://f.example/a', 'mp4', 'video/mp4'],
		['image', 'https://f.example/a.webp?sig=1', 'webp', 'image/webp'],
		['video', 'https://f.example/a.MP4', 'mp4', 'video/mp4'],
		[null, 'https://f.example/a.glb', 'glb', 'model/gltf-binary'],
		['', 'https://f.example/a.mp3', 'mp3', 'audio/mpeg'],
		['image', 'https://f.example/a', 'image', null],
		['', 'https://f.example/a', null, null],
		['constructor', 'https://f.example/a.png', 'png', 'image/png'],
	])('23: outputType %j of %s is %j', (outputType, url, type, mimeType) => {
		const task = fromQuery({ taskId: TASK_ID, status: 'SUCCESS', results: [{ url, outputType }] });
		expect(task.results).toEqual([{ url, type, mimeType, text: null, nodeId: null }]);
	});

	it('25: an errorCode beside RUNNING is a failure', () => {
		const task = fromQuery({
			taskId: TASK_ID,
			status: 'RUNNING',
			errorCode: '1501',
			errorMessage: 'did not pass review',
			results: null,
		});
		expect(failureIn(task)).toMatchObject({ kind: 'moderation', code: '1501', taskId: TASK_ID });
	});

	it.each(['1000', '1003', '1005', '1010', '1011'])(
		'25: code %s beside RUNNING speaks of this moment, so that the task is looked at again',
		async (errorCode) => {
			const error = await errorIn(() =>
				fromQuery({ taskId: TASK_ID, status: 'RUNNING', errorCode, errorMessage: '' }),
			);
			expect(['transient', 'rateLimit']).toContain(error.kind);
		},
	);

	it('27: 1001 to 1010 mean what RunningHub’s page says', async () => {
		const kinds: Record<string, string> = {};
		for (const code of ['1001', '1002', '1003', '1004', '1007', '1008', '1010']) {
			kinds[code] = (await errorIn(() => fromQuery({ errorCode: code, errorMessage: '' }))).kind;
		}
		expect(kinds).toEqual({
			1001: 'notFound',
			1002: 'auth',
			1003: 'rateLimit',
			1004: 'notFound',
			1007: 'validation',
			1008: 'validation',
			1010: 'transient',
		});
	});
});

describe('results', () => {
	it.each([
		[{ url: 'https://f.example/a.png', outputType: 'png', nodeId: '9', text: null }],
		[{ outputUrl: 'https://f.example/a.png', outputType: 'png', nodeId: 9 }],
		[{ fileUrl: 'https://f.example/a.png', fileType: 'png', nodeId: '9' }],
		[{ url: '', outputUrl: 'https://f.example/a.png', fileType: 'png', nodeId: '9' }],
	])('%j is one picture, however it is spelt', (item) => {
		const expected = {
			url: 'https://f.example/a.png',
			type: 'png',
			mimeType: 'image/png',
			text: null,
			nodeId: '9',
		};
		const v2 = fromQuery({ taskId: TASK_ID, status: 'SUCCESS', errorCode: '', results: [item] });
		const v1 = fromOutputs({ code: 0, msg: 'success', data: [item] });
		expect(v2.results).toEqual([expected]);
		expect(v1.results).toEqual([expected]);
		expect(toOutput(v2, 'x')).toEqual(toOutput(v1, 'x'));
	});

	it.each([
		{ text: 'a caption', outputType: 'txt' },
		{ content: 'a caption', outputType: 'txt' },
		{ output: 'a caption', outputType: 'txt' },
		{ url: null, text: '', content: 'a caption', outputType: 'txt' },
	])('%j is a text', (item) => {
		const task = fromQuery({ taskId: TASK_ID, status: 'SUCCESS', errorCode: '', results: [item] });
		expect(toOutput(task, null)).toMatchObject({ status: 'SUCCESS', url: null, text: 'a caption' });
	});

	const PICTURE = 'https://f.example/a.png?sig=1,2';
	it.each<[string, Record<string, unknown>]>([
		['an address', { results: PICTURE }],
		['a list of addresses', { results: [PICTURE] }],
		['an object', { results: { url: PICTURE, outputType: 'png' } }],
		['an object in the contract’s spelling', { results: { outputUrl: PICTURE } }],
		['JSON text of a list', { results: JSON.stringify([{ url: PICTURE }]) }],
		['JSON text of a list of addresses', { results: JSON.stringify([PICTURE]) }],
		['JSON text of an object', { results: JSON.stringify({ fileUrl: PICTURE }) }],
		['an address as the output of an item', { results: [{ output: PICTURE }] }],
		['outputUrl beside the status', { outputUrl: PICTURE }],
		['a list of outputUrl beside the status', { results: null, outputUrl: [PICTURE] }],
		['output beside the status', { results: [], output: PICTURE }],
	])('as %s are read', (_name, more) => {
		const task = fromQuery({ task_id: TASK_ID, status: 'SUCCESS', errorCode: '', ...more });
		expect(task).toMatchObject({ status: 'SUCCESS', taskId: TASK_ID });
		expect(task.results).toEqual([
			expect.objectContaining({ url: PICTURE, type: 'png', mimeType: 'image/png', text: null }),
		]);
	});

	it.each(['content', 'output', 'text'])('a text beside the status, as %s, is read', (name) => {
		const task = fromQuery({ taskId: TASK_ID, status: 'SUCCESS', [name]: 'a caption' });
		expect(toOutput(task, null)).toMatchObject({ status: 'SUCCESS', url: null, text: 'a caption' });
	});

	it('a text that happens to be JSON, or an address, stays a text', () => {
		for (const text of ['{"a":1}', '["x"]', 'https://f.example/a.png']) {
			const task = fromQuery({ taskId: TASK_ID, status: 'SUCCESS', results: [{ text }] });
			expect(toOutput(task, null)).toMatchObject({ url: null, text });
		}
	});

	it.each([PICTURE, [PICTURE], { fileUrl: PICTURE }, JSON.stringify([{ fileUrl: PICTURE }])])(
		'of v1 may be %j',
		(data) => {
			const task = fromOutputs({ code: 0, msg: 'success', data });
			expect(task).toMatchObject({ status: 'SUCCESS', results: [{ url: PICTURE }] });
		},
	);

	it.each([
		[null],
		[[]],
		['none'],
		['{}'],
		['file:///etc/passwd'],
		[{ message: 'x' }],
		[[{}]],
		[[{ url: null, text: null }]],
		[[{ url: '', text: '' }]],
		[[null, 'x']],
	])('a success with the results %j has failed, and says so', (results) => {
		const task = fromQuery({ taskId: TASK_ID, status: 'SUCCESS', errorCode: '', results });
		expect(failureIn(task)).toMatchObject({ kind: 'failed', taskId: TASK_ID });
		expect(failureIn(task).message).toMatch(/no result/);
	});

	it('an empty text beside a file is no text', () => {
		const results = [{ url: 'https://f.example/a.mp4', outputType: 'mp4', text: '' }];
		const task = fromQuery({ taskId: TASK_ID, status: 'SUCCESS', results });
		expect(toOutput(task, null).text).toBeNull();
	});

	it('one bad entry does not take the good ones with it', () => {
		const results = [null, 'x', { url: { a: 1 } }, video, { url: ['y'], text: 'caption' }];
		const task = fromQuery({ taskId: TASK_ID, status: 'SUCCESS', errorCode: '', results });
		expect(task.results.map(({ url, text }) => url ?? text)).toEqual([video.url, 'caption']);
	});

	it('a success that has its results is one, whatever code stands beside it', () => {
		const body = { taskId: TASK_ID, status: 'SUCCESS', errorCode: '1000', results: [video] };
		expect(fromQuery(body)).toMatchObject({ status: 'SUCCESS', taskId: TASK_ID });
	});
});

it('a failure whose words are ComfyUI’s findings is read like a refusal', () => {
	const findings = {
		12: { errors: [{ message: 'Value not in list', details: 'x' }], class_type: 'L' },
	};
	for (const errorMessage of [
		JSON.stringify(findings),
		JSON.stringify({ node_errors: findings }),
	]) {
		const body = { taskId: TASK_ID, status: 'FAILED', errorCode: '433', errorMessage };
		expect(failureIn(fromQuery(body)).message).toBe(
			'ComfyUI rejected the workflow as invalid: node 12 (L): Value not in list x',
		);
	}
});

it('what stands beside a state that is no success is no result', () => {
	for (const status of ['RUNNING', 'FAILED', 'PAUSED']) {
		const body = { taskId: TASK_ID, status, output: 'step 3 of 20', outputUrl: video.url };
		expect(fromQuery(body).results).toEqual([]);
	}
});

describe('a failure without a reason', () => {
	it.each([
		{ errorCode: '', errorMessage: '' },
		{ errorCode: '', errorMessage: 'success' },
		{ errorCode: null, errorMessage: null },
		{ errorCode: '805', errorMessage: 'APIKEY_TASK_STATUS_ERROR' },
		{ errorCode: '0', errorMessage: 'SUCCESS', failedReason: {} },
		{ failedReason: 'success' },
	])('is told as one: %j', (more) => {
		const failure = failureIn(fromQuery({ taskId: TASK_ID, status: 'FAILED', ...more }));
		expect(failure.message).toBe('The task failed, and RunningHub gave no reason.');
		expect(failure.kind).toBe('failed');
		expect(wordsOf(failure)).not.toMatch(/success/i);
	});

	it('of a node is told with the node', () => {
		for (const exception_message of ['', 'success', null]) {
			const failedReason = { node_name: 'KSampler', exception_message };
			const body = { taskId: TASK_ID, status: 'FAILED', errorMessage: 'success', failedReason };
			expect(failureIn(fromQuery(body)).message).toBe(
				'The task failed in ComfyUI node “KSampler”: RunningHub gave no reason',
			);
		}
	});

	it('is told as one by v1', () => {
		for (const data of [null, { failedReason: {} }]) {
			const failure = failureIn(fromOutputs({ code: 805, msg: 'success', data }));
			expect(failure.message).toBe('The task failed, and RunningHub gave no reason.');
		}
	});
});

it.each(['insufficient balance', 'the prompt is illegal', '审核未通过', 'gemini-3-pro-preview'])(
	'a running task with code 1000 beside it goes on, whatever the words: %s',
	async (errorMessage) => {
		const body = { taskId: TASK_ID, status: 'RUNNING', errorCode: '1000', errorMessage };
		expect((await errorIn(() => fromQuery(body))).kind).toBe('transient');
	},
);

describe('an answer about the call, not about the task', () => {
	it.each([
		[{ errorCode: '1004', errorMessage: 'task not found' }, 'notFound'],
		[{ errorCode: '1007', errorMessage: 'must be greater than 0' }, 'validation'],
		[{ errorCode: '1002', errorMessage: 'invalid key' }, 'auth'],
		[{ taskId: '', status: '', errorCode: '806', errorMessage: 'user not exist' }, 'auth'],
		[{ status: '', errorCode: '1007', errorMessage: 'failed to parse request body' }, 'validation'],
		[{ code: 401, message: 'ApiKey verification failed', data: null }, 'auth'],
		[{ code: 500, msg: 'UNKNOWN_ERROR', data: null }, 'transient'],
		[{ errorCode: '' }, 'protocol'],
		[{}, 'protocol'],
		[{ status: '' }, 'protocol'],
	])('%j is an error of kind %s and no state of the task', async (body, kind) => {
		expect((await errorIn(() => fromQuery(body))).kind).toBe(kind);
	});

	it('a state with a success code beside it is a state', () => {
		const flat = { taskId: TASK_ID, status: 'RUNNING', errorCode: '', results: null };
		for (const code of [0, 200]) {
			expect(fromQuery({ code, msg: 'success', ...flat })).toMatchObject({ status: 'RUNNING' });
		}
	});
});

describe('what must never be seen', () => {
	it('nothing of a traceback, of inputs or of a socket address is in the output', () => {
		const secrets = {
			netWssUrl: 'wss://www.runninghub.cn:443/ws/c?token=private',
			clientId: 'private',
			failedReason: exception,
		};
		const failed = fromQuery({ taskId: TASK_ID, status: 'FAILED', errorCode: '805', ...secrets });
		const done = fromQuery({ taskId: TASK_ID, status: 'SUCCESS', results: [video], ...secrets });
		const v1 = fromOutputs({ code: 805, msg: 'APIKEY_TASK_STATUS_ERROR', data: secrets });
		for (const task of [failed, done, v1]) {
			expect(JSON.stringify(toOutput(task, null))).not.toMatch(/private|workspace|wss:|traceback/i);
			if (hasFailed(task)) expect(wordsOf(task.failure)).not.toMatch(/private|workspace|wss:/i);
		}
	});

	it('an exception’s text is shown without keys and signatures', () => {
		const failedReason = {
			node_name: 'LoadImageFromUrl',
			exception_message:
				'cannot read https://files.example/a.png?sig=private-part with 0123456789abcdef0123456789abcdef',
		};
		const failure = failureIn(fromQuery({ taskId: TASK_ID, status: 'FAILED', failedReason }));
		expect(failure.message).toContain('https://files.example/a.png');
		expect(failure.message).not.toMatch(/private-part|0123456789abcdef/);
	});
});

describe('the id in an answer', () => {
	it.each([
		[{ taskId: TASK_ID }, TASK_ID],
		[{ task_id: TASK_ID }, TASK_ID],
		[{ taskId: null, task_id: TASK_ID }, TASK_ID],
		[{ taskId: 12345 }, '12345'],
		[{ taskId: '' }, undefined],
		[{ taskId: '0' }, undefined],
		[{ taskId: null }, undefined],
		[{ taskId: {} }, undefined],
		[{}, undefined],
		[null, undefined],
		['x', undefined],
	])('%j: %j', (body, expected) => {
		expect(taskIdOf(body)).toBe(expected);
	});
});
