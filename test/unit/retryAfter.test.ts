import { createClient } from '../../runninghub/api/client';
import { retryAfterIn } from '../../runninghub/http/retryAfter';
import { answer, errorOf, scripted } from '../support/unitAnswers';

describe('what Retry-After asks for', () => {
	const NOW = 'Wed, 21 Oct 2026 07:28:00 GMT';
	it.each([
		['120', 120_000],
		[' 7 ', 7_000],
		['1.5', 1_500],
		['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
		['2026-10-21T07:29:00Z', 60_000],
		// Bounded.
		['86400', 120_000],
		['Thu, 22 Oct 2026 07:28:00 GMT', 120_000],
		// Nothing, or nothing that can be obeyed.
		['', undefined],
		['0', undefined],
		['-5', undefined],
		['Infinity', undefined],
		['soon', undefined],
		['Wed, 21 Oct 2026 07:27:00 GMT', undefined],
	])('%p is %p ms', (asked, ms) => {
		expect(retryAfterIn({ 'retry-after': asked, date: NOW })).toBe(ms);
	});

	it('is nothing without the header', () => {
		expect(retryAfterIn({})).toBeUndefined();
	});

	it('a date counts by this computer where the server does not tell its own time', () => {
		const soon = new Date(Date.now() + 60_000).toUTCString();
		const ms = retryAfterIn({ 'retry-after': soon });
		expect(ms).toBeGreaterThan(50_000);
		expect(ms).toBeLessThanOrEqual(60_000);
	});
});

it.each([
	['a refusal without a body', '', 429],
	['a refusal with RunningHub’s own code', '{"errorCode":"1003","errorMessage":"rate limit"}', 429],
	['a gateway that is down', '<html>', 503],
])('is part of the error of %s', async (_name, text, status) => {
	const { transport } = scripted({
		'/openapi/v2/query': () => answer(text, status, { 'retry-after': '30' }),
	});
	expect((await errorOf(createClient(transport).query('1'))).retryAfterMs).toBe(30_000);
});
