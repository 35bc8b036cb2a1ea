import { dataOf, parseEnvelope } from '../../runninghub/http/envelope';
import { answer, errorIn, TASK_ID, wordsOf } from '../support/unitAnswers';

describe('the four envelopes (reference 1.4)', () => {
	it('E1: code, msg, data', () => {
		const data = { taskId: TASK_ID };
		expect(dataOf(parseEnvelope(answer({ code: 0, msg: 'success', data })))).toEqual(data);
		expect(
			dataOf(parseEnvelope(answer({ code: 0, msg: 'success', errorMessages: null, data }))),
		).toEqual(data);
	});

	it('E2: message instead of msg (quirk 5)', async () => {
		const refused = answer({ code: 809, message: 'too big', data: null });
		const error = await errorIn(() => dataOf(parseEnvelope(refused)));
		expect(error).toMatchObject({ kind: 'validation', code: '809' });
		expect(error.message).toContain('too big');
	});

	it('E3: flat, without a code', () => {
		const body = { taskId: TASK_ID, status: 'RUNNING', errorCode: '', errorMessage: '' };
		expect(parseEnvelope(answer(body))).toEqual({ shape: 'flat', errorCode: '', text: '', body });
	});

	it('E4: E1 on a v2 path', () => {
		const data = { records: [] };
		expect(dataOf(parseEnvelope(answer({ code: 0, msg: '', data })))).toEqual(data);
	});

	it('an E1 refusal of a v2 submit at HTTP 200 (quirk 14)', async () => {
		const refused = answer({ code: 421, msg: 'TASK_QUEUE_MAXED', data: null });
		expect(await errorIn(() => dataOf(parseEnvelope(refused)))).toMatchObject({
			kind: 'capacity',
			code: '421',
		});
	});

	it.each([0, '0', 200, '200'])('code %j is a success (quirk 6)', (code) => {
		expect(dataOf(parseEnvelope(answer({ code, msg: 'whatever', data: [1] })))).toEqual([1]);
	});

	it.each([802, '802', ' 802 '])('code %j is compared as text', async (code) => {
		const error = await errorIn(() => dataOf(parseEnvelope(answer({ code, msg: '', data: null }))));
		expect(error).toMatchObject({ kind: 'auth', code: '802' });
	});

	it.each(['success', 'SUCCESS', '', null, undefined, 0, true, {}, ['x']])(
		'never looks at msg %j on success',
		(msg) => {
			expect(dataOf(parseEnvelope(answer({ code: 0, msg, data: { taskId: TASK_ID } })))).toEqual({
				taskId: TASK_ID,
			});
		},
	);

	it.each([
		[{ errorCode: '1004', errorMessage: 'gone' }],
		[{ errorCode: 1004, errorMessage: 'gone' }],
		[{ error_code: '1004', error_message: 'gone' }],
		[{ errorCode: '', error_code: '1004', error_message: 'gone' }],
		[{ errorCode: null, error_code: 1004, errorMessage: 'gone' }],
	])('reads %j in every spelling of the official client', (body) => {
		expect(parseEnvelope(answer(body))).toMatchObject({
			shape: 'flat',
			errorCode: '1004',
			text: 'gone',
		});
	});

	it.each(['', null, undefined, '0', 0, '200'])('errorCode %j is no error', (errorCode) => {
		const read = parseEnvelope(answer({ taskId: TASK_ID, status: 'RUNNING', errorCode }));
		expect(read).toMatchObject({ shape: 'flat', errorCode: '' });
	});

	it('keeps an id that came as a number', () => {
		const read = parseEnvelope(answer(`{"code":0,"msg":"","data":{"taskId":${TASK_ID}}}`));
		expect(dataOf(read)).toEqual({ taskId: TASK_ID });
	});
});

describe('an answer that is no answer of RunningHub', () => {
	it.each([
		['HTML', '<!DOCTYPE html><html><body>secret-of-proxy</body></html>'],
		['nothing', ''],
		['white space', ' \n'],
		['cut-off JSON', '{"code":0,"data":{"taskId":"19000'],
		['an array', '[{"code":0}]'],
		['a string', '"ok"'],
		['null', 'null'],
		['a number', '7'],
	])('%s at HTTP 200 cannot be read, and is not shown', async (_name, text) => {
		const error = await errorIn(() => parseEnvelope(answer(text)));
		expect(error.kind).toBe('protocol');
		expect(error.resendable).toBe(false);
		expect(wordsOf(error)).not.toMatch(/secret-of-proxy|19000/);
	});

	it.each([
		[401, 'auth'],
		[403, 'auth'],
		[404, 'site'],
		[405, 'site'],
		[501, 'site'],
		[400, 'protocol'],
		[413, 'protocol'],
		[429, 'rateLimit'],
		[500, 'transient'],
		[502, 'transient'],
		[503, 'transient'],
		[504, 'transient'],
	])('HTTP %i without JSON is of kind %s', async (status, kind) => {
		for (const text of ['', '<html>secret-of-proxy</html>', '{"message":"no code here"}']) {
			const error = await errorIn(() => parseEnvelope(answer(text, status)));
			expect(error).toMatchObject({ kind, code: `HTTP ${status}` });
			expect(wordsOf(error)).not.toContain('secret-of-proxy');
		}
	});

	it('of all HTTP errors, only 429 lets a submit be sent again', async () => {
		for (const status of [301, 302, 400, 401, 403, 404, 405, 408, 413, 429, 500, 502, 503, 504]) {
			const error = await errorIn(() => parseEnvelope(answer('', status)));
			expect([status, error.resendable]).toEqual([status, status === 429]);
		}
	});

	it.each([
		[401, { code: 401, message: 'ApiKey verification failed', data: null }, 'auth'],
		[401, { errorCode: '1601', errorMessage: 'ApiKey verification failed' }, 'auth'],
		[403, { code: 801, msg: 'APIKEY_UNSUPPORTED_FREE_USER' }, 'membership'],
		[404, { code: 807, msg: 'APIKEY_TASK_NOT_FOUND' }, 'notFound'],
		[429, { errorCode: '1003', errorMessage: 'rate limit' }, 'rateLimit'],
		[500, { code: 500, msg: 'UNKNOWN_ERROR' }, 'transient'],
		[503, { errorCode: '1010', errorMessage: 'down' }, 'transient'],
	])('HTTP %i with RunningHub’s own code means what the code means', async (status, body, kind) => {
		const error = await errorIn(() => {
			const envelope = parseEnvelope(answer(body, status));
			return dataOf(envelope);
		});
		expect(error.kind).toBe(kind);
	});

	it.each([
		[429, { code: 429, msg: 'Too Many Requests' }, 'rateLimit'],
		[502, { code: 502, msg: 'Bad Gateway' }, 'transient'],
		[503, { code: 503, message: 'Service Unavailable' }, 'transient'],
		[500, { errorCode: '9999', errorMessage: 'something' }, 'transient'],
	])('HTTP %i with a code that nobody knows means what HTTP says', async (status, body, kind) => {
		const error = await errorIn(() => dataOf(parseEnvelope(answer(body, status))));
		expect(error.kind).toBe(kind);
	});

	it('a web server that knows no POST is not RunningHub, and nothing passes there', async () => {
		const error = await errorIn(() =>
			parseEnvelope(answer('<html>Unsupported method</html>', 501)),
		);
		expect(error.message).toBe('There is no RunningHub API at this URL.');
		expect(wordsOf(error)).not.toMatch(/passes|few minutes/);
	});

	it.each([301, 302, 303, 307, 308])(
		'HTTP %i names the host of the target alone',
		async (status) => {
			const location = 'https://user:pass@www.runninghub.cn/path-part?apiKey=secret-part#hash-part';
			const error = await errorIn(() => parseEnvelope(answer('', status, { location })));
			expect(error.kind).toBe('site');
			expect(error.message).toContain('www.runninghub.cn');
			expect(wordsOf(error)).not.toMatch(/path-part|secret-part|hash-part|pass/);
		},
	);

	it.each(['/login?apiKey=secret-part', 'not a url', ''])(
		'a redirect to %j is told without the target',
		async (location) => {
			const error = await errorIn(() => parseEnvelope(answer('', 302, { location })));
			expect(error.kind).toBe('site');
			expect(wordsOf(error)).not.toContain('secret-part');
		},
	);
});
