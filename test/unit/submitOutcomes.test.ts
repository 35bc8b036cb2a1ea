import { createClient } from '../../runninghub/api/client';
import { TransportError, type ApiResponse } from '../../runninghub/http/transport';
import {
	answer,
	errorOf,
	modelSubmission,
	scripted,
	TASK_ID,
	wordsOf,
} from '../support/unitAnswers';

const PATH = '/openapi/v2/vidu/text-to-video';
const BODY = { prompt: 'a fox', duration: '5', bgm: true };

const submit = async (respond: () => ApiResponse | Promise<ApiResponse>) => {
	const { transport, requests } = scripted({ [PATH]: respond });
	const task = createClient(transport).submit(modelSubmission('vidu/text-to-video', BODY));
	await task.catch(() => undefined);
	// However it ends: the client itself never sends twice.
	expect(requests).toHaveLength(1);
	return await task;
};

const tips = (nodeErrors: unknown) =>
	JSON.stringify({ result: false, error: null, outputs_to_execute: [], node_errors: nodeErrors });
const NODE_ERRORS = {
	12: {
		errors: [{ type: 't', message: 'Value not in list', details: 'ckpt: x' }],
		dependent_outputs: ['9'],
		class_type: 'Loader',
	},
};
const flat = (more: Record<string, unknown>) => ({
	taskId: null,
	status: null,
	errorCode: '',
	errorMessage: '',
	results: null,
	...more,
});
/** As a refused submit came from the real service (reference section 6.2). */
const live = (more: Record<string, unknown>) => ({
	taskId: '',
	status: '',
	errorCode: '',
	errorMessage: '',
	failedReason: {},
	results: null,
	usage: null,
	...more,
});
const UNKNOWN_MODEL_ERROR = 'Unknown error while calling gemini-3-pro-preview';
const video = { url: 'https://files.example/a.mp4', outputType: 'mp4', nodeId: '9', text: null };

it('a submit sends exactly what it was given, to the model’s endpoint', async () => {
	for (const endpoint of ['vidu/text-to-video', '/vidu/text-to-video']) {
		const { transport, requests } = scripted({ [PATH]: () => answer(flat({ taskId: TASK_ID })) });
		await createClient(transport).submit(modelSubmission(endpoint, BODY));
		expect(requests).toEqual([
			{
				method: 'POST',
				path: PATH,
				body: { type: 'json', json: BODY },
				timeoutMs: 120_000,
				unstoppable: true,
			},
		]);
	}
});

describe('accepted: the task has its id', () => {
	it.each([
		['a flat answer', flat({ taskId: TASK_ID, status: 'RUNNING' })],
		['queued', flat({ taskId: TASK_ID, status: 'QUEUED' })],
		['a numeric id', `{"taskId":${TASK_ID},"status":"RUNNING","errorCode":""}`],
		['another spelling', { task_id: TASK_ID, status: 'RUNNING', error_code: '' }],
		['no status', flat({ taskId: TASK_ID })],
		['an unknown status', flat({ taskId: TASK_ID, status: 'WARMING_UP' })],
		[
			'an error code of the moment',
			flat({ taskId: TASK_ID, status: 'RUNNING', errorCode: '1005' }),
		],
		['an error code without a status', flat({ taskId: TASK_ID, errorCode: '1007' })],
		[
			'node errors in promptTips',
			flat({ taskId: TASK_ID, status: 'RUNNING', promptTips: tips(NODE_ERRORS) }),
		],
		['promptTips that are no JSON', flat({ taskId: TASK_ID, status: 'RUNNING', promptTips: '{' })],
		['a v1 answer', { code: 0, msg: 'success', data: { taskId: TASK_ID, taskStatus: 'QUEUED' } }],
		['a v1 answer with a numeric id', `{"code":0,"msg":"","data":{"taskId":${TASK_ID}}}`],
		[
			'a flat answer with a success code',
			{ code: 0, msg: 'success', ...flat({ taskId: TASK_ID }) },
		],
		['a flat answer with code 200', { code: 200, ...flat({ taskId: TASK_ID, status: 'RUNNING' }) }],
		['a v1 answer whose msg is no text', { code: 0, msg: {}, data: { taskId: TASK_ID } }],
	])('%s', async (_name, body) => {
		const task = await submit(() => answer(body));
		expect(task.taskId).toBe(TASK_ID);
		expect(['QUEUED', 'RUNNING', 'UNKNOWN']).toContain(task.status);
	});

	it.each([500, 502, 400])('even at HTTP %i: an id is an id', async (status) => {
		const body = { code: 0, msg: 'success', data: { taskId: TASK_ID } };
		expect((await submit(() => answer(body, status))).taskId).toBe(TASK_ID);
		const flatBody = flat({ taskId: TASK_ID, status: 'RUNNING' });
		expect((await submit(() => answer(flatBody, status))).taskId).toBe(TASK_ID);
	});

	it('a model that answers at once is done at once', async () => {
		const task = await submit(() =>
			answer(flat({ taskId: TASK_ID, status: 'SUCCESS', results: [video] })),
		);
		expect(task).toMatchObject({
			taskId: TASK_ID,
			status: 'SUCCESS',
			results: [{ url: 'https://files.example/a.mp4', mimeType: 'video/mp4' }],
		});
	});

	it('a code that says failure, beside an id, is a failed task that keeps its id', async () => {
		const body = flat({
			taskId: TASK_ID,
			status: 'RUNNING',
			errorCode: '1501',
			errorMessage: 'no',
		});
		expect(await submit(() => answer(body))).toMatchObject({
			taskId: TASK_ID,
			status: 'FAILED',
			failure: { kind: 'moderation', taskId: TASK_ID },
		});
	});
});

describe('refused for now: may be sent again', () => {
	it.each([
		{ code: 421, msg: 'TASK_QUEUE_MAXED', data: null },
		{ code: 415, msg: 'TASK_INSTANCE_MAXED', data: null },
		{ code: 814, msg: 'PERSONAL_QUEUE_COUNT_LIMIT', data: null },
		flat({ errorCode: '1003', errorMessage: 'rate limit' }),
		flat({ errorCode: '1011', errorMessage: 'system busy' }),
		flat({ errorCode: '1520', errorMessage: 'queue limit reached' }),
		flat({ errorCode: '421' }),
		{ errorCode: 1520, errorMessage: 'concurrency limit reached' },
	])('%j', async (body) => {
		const error = await errorOf(submit(() => answer(body)));
		expect(error.resendable).toBe(true);
		expect(['capacity', 'rateLimit']).toContain(error.kind);
	});

	it.each([
		['without a body', ''],
		['with HTML', '<html>slow down</html>'],
		['with JSON without a code', '{"message":"too many requests"}'],
		['with a code of its own', '{"code":429,"msg":"Too Many Requests","data":null}'],
		['with 1003', '{"errorCode":"1003","errorMessage":"rate limit"}'],
	])('HTTP 429 %s', async (_name, text) => {
		const error = await errorOf(submit(() => answer(text, 429)));
		expect(error).toMatchObject({ kind: 'rateLimit', resendable: true });
	});

	it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED', 'ETIMEDOUT'])(
		'a connection that was never made (%s) is no unknown outcome',
		async (code) => {
			const error = await errorOf(submit(() => Promise.reject(new TransportError('no', code))));
			expect(error).toMatchObject({ kind: 'transient', resendable: true });
			expect(error.message).toMatch(/cannot be reached/);
			// n8n replaces a text that holds one of Node's codes by a general one.
			expect(wordsOf(error)).not.toContain(code);
		},
	);
});

describe('refused for good: not sent again, and no task was made', () => {
	it.each([
		[{ code: 802, msg: 'APIKEY_UNAUTHORIZED', data: null }, 'auth'],
		[{ code: 416, msg: 'NOT_ENOUGH_WALLET', data: null }, 'balance'],
		[{ code: 801, msg: 'APIKEY_UNSUPPORTED_FREE_USER', data: null }, 'membership'],
		[{ code: 301, msg: 'PARAMS_INVALID', data: null }, 'validation'],
		[{ code: 433, msg: 'VALIDATE_PROMPT_FAILED', data: null }, 'validation'],
		[flat({ errorCode: '1014', errorMessage: 'needs an enterprise key' }), 'membership'],
		[flat({ errorCode: '1501', errorMessage: 'did not pass review' }), 'moderation'],
		[flat({ errorCode: '1007', errorMessage: 'duration is wrong' }), 'validation'],
		[flat({ errorCode: '1001', errorMessage: 'no such endpoint' }), 'notFound'],
		[flat({ errorCode: '1519', errorMessage: 'the model says no' }), 'failed'],
		[flat({ errorCode: '7777', errorMessage: 'nobody knows' }), 'failed'],
		[flat({ promptTips: tips(NODE_ERRORS) }), 'validation'],
		[flat({ errorCode: '433', promptTips: tips(NODE_ERRORS) }), 'validation'],
		[live({ errorCode: '40310', errorMessage: 'offline | 已下线' }), 'site'],
		[live({ errorCode: '806', errorMessage: 'user not exist' }), 'auth'],
		[live({ errorCode: '1007', errorMessage: 'prompt is empty | 提示词为空' }), 'validation'],
		[live({ errorCode: '4711', errorMessage: '余额不足' }), 'balance'],
	])('%j is of kind %s', async (body, kind) => {
		expect(await errorOf(submit(() => answer(body)))).toMatchObject({ kind, resendable: false });
	});

	it.each([
		[401, 'auth'],
		[403, 'auth'],
		[404, 'site'],
		[302, 'site'],
		[307, 'site'],
	])('HTTP %i is of kind %s', async (status, kind) => {
		const error = await errorOf(submit(() => answer('<html></html>', status)));
		expect(error).toMatchObject({ kind, resendable: false });
	});
});

describe('unknown outcome: never sent again', () => {
	const perhaps = (code: string) => () => Promise.reject(new TransportError('perhaps', code));
	it.each<[string, () => ApiResponse | Promise<ApiResponse>]>([
		['a time-out', perhaps('ECONNABORTED')],
		['a time-out of the system', perhaps('ETIMEDOUT')],
		['a reset', perhaps('ECONNRESET')],
		['a broken pipe', perhaps('EPIPE')],
		['a network error that nobody knows', perhaps('UNKNOWN')],
		['HTTP 500', () => answer('', 500)],
		['HTTP 500 with JSON', () => answer({ timestamp: 1, status: 500, error: 'x' }, 500)],
		['HTTP 502 with HTML', () => answer('<html>Bad Gateway</html>', 502)],
		['HTTP 502 with a proxy’s code', () => answer({ code: 502, msg: 'Bad Gateway' }, 502)],
		['HTTP 503 with a proxy’s code', () => answer({ code: 503, message: 'Unavailable' }, 503)],
		['HTTP 500 with an unknown code', () => answer(flat({ errorCode: '9999' }), 500)],
		['HTTP 504', () => answer('', 504)],
		['HTML', () => answer('<html>portal</html>')],
		['an empty body', () => answer('')],
		['an empty object', () => answer('{}')],
		['an array', () => answer('[]')],
		['half an answer', () => answer('{"taskId":"19000')],
		['code 0 without data', () => answer({ code: 0, msg: 'success', data: null })],
		['code 0 with an id of 0', () => answer({ code: 0, msg: 'success', data: { taskId: 0 } })],
		['a flat answer without an id', () => answer(flat({ status: 'RUNNING' }))],
		['code 500', () => answer({ code: 500, msg: 'UNKNOWN_ERROR', data: null })],
		['errorCode 1000', () => answer(flat({ errorCode: '1000', errorMessage: 'unknown' }))],
		[
			'errorCode 1000 with the name of a model in its words',
			() => answer(live({ errorCode: '1000', errorMessage: UNKNOWN_MODEL_ERROR })),
		],
		...['insufficient balance', 'the prompt is illegal', '内容违规', 'no permission'].map(
			(errorMessage): [string, () => ApiResponse] => [
				`errorCode 1000 that says “${errorMessage}”`,
				() => answer(live({ errorCode: '1000', errorMessage })),
			],
		),
		['code 500 that says “quota”', () => answer({ code: 500, msg: 'quota', data: null })],
		['errorCode 1005', () => answer(flat({ errorCode: '1005', errorMessage: 'internal' }))],
		['errorCode 1010', () => answer(flat({ errorCode: '1010' }))],
		['errorCode 1012', () => answer(flat({ errorCode: '1012' }))],
	])('after %s', async (_name, respond) => {
		const error = await errorOf(submit(respond));
		expect(error).toMatchObject({ kind: 'unknownOutcome', resendable: false });
		// What to do: look at the call records before paying again.
		expect(error.description).toMatch(/call records/);
		expect(wordsOf(error)).not.toMatch(/ECONN|ETIMEDOUT|EPIPE|portal/);
	});

	it('a refusal in words alone reaches the person who reads', async () => {
		const words = 'no permission for this content, contact the publisher';
		for (const body of [flat({ errorMessage: words }), { code: 0, msg: words, data: null }]) {
			const error = await errorOf(submit(() => answer(body)));
			expect(error.resendable).toBe(false);
			expect(wordsOf(error)).toContain(words);
		}
	});
});

describe('ComfyUI’s findings beside code 433', () => {
	const NODE = 'node 12 (Loader): Value not in list ckpt: x';
	it.each<[string, unknown]>([
		['in msg, whole', { code: 433, msg: tips(NODE_ERRORS), data: null }],
		[
			'in msg, as the bare map of nodes',
			{ code: 433, msg: JSON.stringify(NODE_ERRORS), data: null },
		],
		['in message, as the bare map', { code: 433, message: JSON.stringify(NODE_ERRORS) }],
		['in a flat answer', live({ errorCode: '433', errorMessage: JSON.stringify(NODE_ERRORS) })],
		['in data, as an object', { code: 433, msg: 'VALIDATE_PROMPT_FAILED', data: NODE_ERRORS }],
		['in data, as text', { code: 433, msg: '', data: JSON.stringify(NODE_ERRORS) }],
		[
			'beside a node that has none',
			{ code: 433, msg: JSON.stringify({ 7: { class_type: 'X' }, ...NODE_ERRORS }), data: null },
		],
	])('%s', async (_name, body) => {
		const error = await errorOf(submit(() => answer(body)));
		expect(error).toMatchObject({ kind: 'validation', code: '433', resendable: false });
		expect(error.message).toContain(NODE);
		expect(wordsOf(error)).not.toMatch(/[{}]/);
	});

	it('that name no node are not shown as they came', async () => {
		for (const msg of ['{}', '{"result":false,"node_errors":{}}', '[]']) {
			const error = await errorOf(submit(() => answer({ code: 433, msg, data: null })));
			expect(error.message).toBe('ComfyUI rejected the workflow as invalid.');
			expect(wordsOf(error)).not.toMatch(/[{}[\]]/);
		}
	});
});

it('the words of an unknown outcome are shown', async () => {
	const body = live({ errorCode: '1000', errorMessage: UNKNOWN_MODEL_ERROR });
	expect(wordsOf(await errorOf(submit(() => answer(body))))).toContain(UNKNOWN_MODEL_ERROR);
});

it('a cancelled execution is not turned into an answer of RunningHub', async () => {
	const reason = new Error('cancelled');
	await expect(submit(() => Promise.reject(reason))).rejects.toBe(reason);
});
