import { CODE_MEANINGS, maySubmitAgain } from '../../runninghub/http/errorCodes';
import { RunningHubError, type ErrorKind } from '../../runninghub/base/errors';
import { errorForFailedTask, errorForCode } from '../../runninghub/http/errorForCode';
import { redact } from '../../runninghub/base/redact';
import { wordsOf } from '../support/unitAnswers';

/** Reference sections 11.1 and 11.2; 0, 804 and 813 are no errors. */
const KINDS: Record<string, ErrorKind> = {
	1: 'failed',
	301: 'validation',
	380: 'notFound',
	401: 'auth',
	412: 'site',
	414: 'balance',
	415: 'capacity',
	416: 'balance',
	421: 'capacity',
	423: 'notFound',
	433: 'validation',
	435: 'membership',
	436: 'membership',
	500: 'transient',
	801: 'membership',
	802: 'auth',
	803: 'validation',
	805: 'failed',
	806: 'auth',
	807: 'notFound',
	808: 'transient',
	809: 'validation',
	810: 'validation',
	811: 'auth',
	812: 'balance',
	814: 'capacity',
	901: 'notFound',
	1000: 'transient',
	1001: 'notFound',
	1002: 'auth',
	1003: 'rateLimit',
	1004: 'notFound',
	1005: 'transient',
	1006: 'failed',
	1007: 'validation',
	1008: 'validation',
	1009: 'protocol',
	1010: 'transient',
	1011: 'rateLimit',
	1012: 'transient',
	1013: 'failed',
	1014: 'membership',
	1015: 'failed',
	1101: 'validation',
	1501: 'moderation',
	1504: 'failed',
	1505: 'moderation',
	1516: 'failed',
	1517: 'failed',
	1519: 'failed',
	1520: 'capacity',
	1601: 'auth',
	40310: 'site',
};

describe('every code of reference section 11', () => {
	it.each(Object.entries(KINDS))('%s is of kind %s', (code, kind) => {
		expect(errorForCode(code, '').kind).toBe(kind);
	});

	it.each(Object.keys(KINDS))(
		'%s is told in full sentences, with its number and what to do',
		(code) => {
			const { message, description } = errorForCode(code, '');
			expect(message).toMatch(/^[A-Z].{10,}[^.]\.$/);
			expect(description).toMatch(/^[A-Z].{10,}\.$/);
			expect(description).toContain(code);
		},
	);

	it('there is no meaning for a code that is not in the reference', () => {
		expect(Object.keys(CODE_MEANINGS).filter((code) => !(code in KINDS))).toEqual([]);
	});

	it('exactly six codes let a submit be sent again', () => {
		const again = Array.from({ length: 100_000 }, (_, code) => String(code)).filter(maySubmitAgain);
		expect(again).toEqual(['415', '421', '814', '1003', '1011', '1520']);
	});

	it('an error is resendable only where somebody says so', () => {
		for (const code of Object.keys(KINDS)) expect(errorForCode(code, '').resendable).toBe(false);
	});
});

describe('RunningHub’s own words', () => {
	it.each(['7777', '1518', 'constructor', '__proto__', 'toString'])(
		'an unknown code (%s) keeps them, and its number',
		(code) => {
			const error = errorForCode(code, 'the moon is in the wrong place');
			expect(error).toMatchObject({ kind: 'failed', code });
			expect(error.message).toContain('the moon is in the wrong place');
			expect(error.description).toContain(code);
		},
	);

	it.each([
		['no permission for this content, contact the publisher', 'membership'],
		['用户余额不足', 'balance'],
		['content violation', 'moderation'],
	])('%j says more than code 1, which says nothing', (text, kind) => {
		expect(errorForCode('1', text)).toMatchObject({ kind, message: `RunningHub: ${text}` });
	});

	it.each(['1000', '500', '1005', '1010', '1012', '1015', '301'])(
		'no words change what code %s is, and none of them is lost',
		(code) => {
			const { kind } = errorForCode(code, '');
			for (const words of [
				'Insufficient balance',
				'内容违规',
				'invalid api key',
				'no permission',
			]) {
				const error = errorForCode(code, words);
				expect(error.kind).toBe(kind);
				expect(wordsOf(error)).toContain(words);
			}
		},
	);

	it('the words of a task that has ended may say why, where its code says nothing', () => {
		const end = errorForFailedTask('1000', 'The prompt is illegal', { taskId: '19' });
		expect(end).toMatchObject({
			kind: 'moderation',
			message: 'RunningHub: The prompt is illegal',
			taskId: '19',
		});
		expect(errorForFailedTask('1000', 'Unknown error', {}).kind).toBe('transient');
		expect(errorForFailedTask('1015', 'The prompt is illegal', {}).kind).toBe('failed');
	});

	it.each(['success', 'SUCCESS', ' ok ', 'Success.', '成功'])('%j is no reason', (words) => {
		for (const code of ['1015', '1501', '7777', '805']) {
			expect(wordsOf(errorForCode(code, words))).not.toMatch(/success|成功|\bok\b/i);
		}
	});

	it.each([
		['Insufficient balance', /Top up/],
		['ApiKey verification failed', /Check the API key/],
		['forbidden for this plan', /plan/],
		['NSFW content', /Change the prompt/],
		['the moon is full', /call records/],
	])('%j under an unknown code comes with what to do', (text, remedy) => {
		expect(errorForCode('9999', text).description).toMatch(remedy);
	});

	it('where the HTTP status is all there is, it is what is named', () => {
		const { description } = errorForCode('1010', '', { code: 'HTTP 502' });
		expect(description).toContain('HTTP 502');
		expect(description).not.toContain('1010');
	});

	it('an unknown code without words is told as such', () => {
		expect(errorForCode('7777', '').message).toMatch(/7777/);
	});

	it.each([
		['no permission for this content, contact the publisher', 'membership'],
		['The prompt contains NSFW content', 'moderation'],
		['content moderation failed', 'moderation'],
		['Insufficient balance', 'balance'],
		['user not exist', 'auth'],
		['ApiKey verification failed', 'auth'],
		['TASK_CREATE_FAILED_BY_NOT_ENOUGH_WALLET', 'balance'],
		['your balance is not enough', 'balance'],
		['余额不足', 'balance'],
		['账户余额不足，请充值', 'balance'],
		['RH币不足', 'balance'],
		['内容违规', 'moderation'],
		['审核未通过', 'moderation'],
		['未通过内容审核', 'moderation'],
		['Real person content is prohibited', 'moderation'],
		['Content blocked by the safety filter', 'moderation'],
		['The content did not pass review | 内容审核不通过', 'moderation'],
		['The account cannot do this | 余额不足', 'balance'],
		['无权限', 'auth'],
		['您没有权限', 'auth'],
		['API Key 无效', 'auth'],
		['用户不存在', 'auth'],
		// Parts of words, and words that mean something else beside others.
		['Unknown error while calling gemini-3-pro-preview', 'failed'],
		['please review your parameters', 'failed'],
		['illegal argument: width', 'failed'],
		['foreign key constraint violation', 'failed'],
		['load balancer timed out', 'failed'],
		['white balance out of range', 'failed'],
		['insufficient GPU memory', 'failed'],
		['cannot read /opt/apikeys.txt', 'failed'],
	])('%j under an unknown code is of kind %s', (text, kind) => {
		expect(errorForCode('9999', text).kind).toBe(kind);
	});

	it.each(['1501', '433', '803', '1007', '1015'])(
		'the reason that comes with %s is in the message',
		(code) => {
			expect(errorForCode(code, 'field duration is wrong').message).toContain(
				'field duration is wrong',
			);
		},
	);

	it('the name of a code is no reason', () => {
		expect(errorForCode('803', 'APIKEY_INVALID_NODE_INFO').message).not.toContain('APIKEY');
	});

	it('what they hold of keys, addresses and signatures is hidden, in every kind of error', () => {
		const text =
			'key 0123456789abcdef0123456789abcdef at wss://h/ws?token=private and https://h/a.png?sig=private';
		for (const code of [...Object.keys(KINDS), '7777']) {
			expect(wordsOf(errorForCode(code, text))).not.toMatch(/0123456789abcdef|private/);
		}
	});
});

it('a model that is no longer offered at the Chinese site is told where it is', () => {
	const error = errorForCode('40310', 'This model is offline | 该模型已下线');
	expect(error.kind).toBe('site');
	expect(wordsOf(error)).toContain('该模型已下线');
	for (const part of ['www.runninghub.cn', 'www.runninghub.ai', 'API key', 'another model']) {
		expect(wordsOf(error)).toContain(part);
	}
});

describe('facts of an error', () => {
	it('with() changes what is named and nothing else', () => {
		const error = new RunningHubError({
			kind: 'capacity',
			message: 'Full.',
			description: 'Wait.',
			code: '421',
			resendable: true,
		});
		const named = error.with({ taskId: '19' });
		expect(named).toBeInstanceOf(RunningHubError);
		expect(named).toMatchObject({
			kind: 'capacity',
			message: 'Full.',
			description: 'Wait.',
			code: '421',
			resendable: true,
			taskId: '19',
		});
		expect(error.taskId).toBeUndefined();
	});
});

describe('redact', () => {
	const KEY = '0123456789abcdefABCDEF0123456789';

	it.each([
		KEY,
		`Bearer ${KEY}`,
		`apiKey=${KEY}&x=1`,
		`{"apiKey":"${KEY}"}`,
		`https://www.runninghub.cn/proxy/${KEY}/prompt`,
		`https://h/cb%3FapiKey%3D${KEY}`,
		`rh_${KEY}`,
		`(${KEY})`,
	])('hides the key in %j', (text) => {
		expect(redact(text)).not.toContain(KEY);
	});

	it.each(['wss://h:443/ws/c1?token=private', 'WSS://h/private', 'see ws://h/private now'])(
		'hides the socket address in %j',
		(text) => {
			expect(redact(text)).not.toContain('private');
		},
	);

	it.each([
		'https://h/a.mp4?q-sign=private&x=private',
		'http://h/a?private',
		'get "https://h/a.png?sig=private" failed',
		'<https://h/a.png?sig=private>',
		'a https://h/a?x=private b https://h/b?y=private c',
	])('hides the signed part of the URL in %j', (text) => {
		expect(redact(text)).not.toContain('private');
		expect(redact(text)).toContain('://h/a');
	});

	it('leaves ids, short words and plain addresses', () => {
		const text = 'Task 1900000000000000201 failed, see https://h/a.mp4 and node “KSampler”.';
		expect(redact(text)).toBe(text);
	});

	it('cuts what is longer than a few sentences', () => {
		expect(redact('word '.repeat(1_000)).length).toBeLessThan(700);
	});
});
