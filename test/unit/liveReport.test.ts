import { NO_USAGE } from '../../runninghub/api/task';
import { RunningHubError } from '../../runninghub/base/errors';
import type { Check } from '../../scripts/lib/live/contract';
import { differs, markdownOf, type LiveReport } from '../../scripts/lib/live/report';
import { differences, shapeOf } from '../../scripts/lib/live/shapes';

const KEY = '5ec2e70123456789abcdef0dec0deab1';

const report = (more: Partial<LiveReport> = {}): LiveReport => ({
	host: 'www.runninghub.ai',
	date: '2026-01-31',
	versions: 'n8n-nodes-runninghub 0.1.0, Node 20.20.2',
	checks: [{ name: 'task 0', live: 'passed', simulator: 'passed', reason: '' }],
	shapes: [],
	video: { state: 'notAsked', why: 'as --no-task asks for' },
	...more,
});

describe('what an answer is made of', () => {
	const between = (live: unknown, simulator: unknown) =>
		differences(
			shapeOf({ status: 200, text: JSON.stringify(live) }),
			shapeOf({ status: 200, text: JSON.stringify(simulator) }),
		);

	it('is the same whatever it says', () => {
		const list = [{ url: 'https://a.example/1.mp4' }, { url: 'https://a.example/2.mp4' }];
		expect(between({ data: { coins: '1', list } }, { data: { coins: '200', list: [] } })).toEqual(
			[],
		);
	});

	it('differs by a member, a type, a code or an HTTP status, and by nothing that is null', () => {
		expect(between({ a: 1, c: null, d: null }, { a: '1', b: true, c: 'x' })).toEqual([
			{ path: 'a', live: 'number', simulator: 'string' },
			{ path: 'b', live: '—', simulator: 'boolean' },
		]);
		expect(between({ code: 807 }, { code: 423 })).toEqual([
			{ path: 'code', live: '807', simulator: '423' },
		]);
		const [first] = differences(
			shapeOf({ status: 500, text: '<html>' }),
			shapeOf({ status: 200, text: '{}' }),
		);
		expect(first).toEqual({ path: 'HTTP status', live: '500', simulator: '200' });
	});
});

describe('the report', () => {
	it('says that nothing differs', () => {
		expect(differs(report())).toBe(false);
		expect(markdownOf(report(), KEY)).toContain('1 of 1 checks end as in the simulator.');
	});

	it('names a check that fails on the live API alone, and why', () => {
		const failed: Check = {
			name: 'an unknown task',
			live: 'failed',
			simulator: 'passed',
			reason: [
				'Error: expect(received).toEqual(expected)',
				`\x1b[31mReceived: "Bearer ${KEY}"\x1b[39m`,
				'    at Object.<anonymous> (/home/somebody/project/test.ts:1:2)',
			].join('\n'),
		};
		const text = markdownOf(report({ checks: [failed] }), KEY);
		expect(differs(report({ checks: [failed] }))).toBe(true);
		expect(text).toContain('**an unknown task**: failed, in the simulator passed');
		expect(text).toContain('Received: "Bearer [key hidden]"');
		expect(text).not.toMatch(/somebody/);
		expect(text).not.toContain('\x1b');
	});

	it('holds neither a key nor a signed address, but the id of the task', () => {
		const taskId = '1900000000000000201';
		const url = 'https://files.example/a.mp4?sig=s3cret';
		const task = {
			taskId,
			status: 'SUCCESS' as const,
			results: [{ url, type: 'mp4', mimeType: 'video/mp4', text: null, nodeId: null }],
			usage: { ...NO_USAGE, thirdPartyMoney: 0.03 },
		};
		const price = {
			amount: 0.03,
			currency: 'USD',
			text: null,
			isFree: false,
			isLowerBound: false,
			basis: 'preview' as const,
			date: null,
		};
		const made = { price, task, seconds: 61, checks: 9, bytes: 12_345 };
		const text = markdownOf(report({ video: { state: 'made', made } }), KEY);
		expect(text).toContain(taskId);
		expect(text).toContain('0.03 USD');
		expect(text).toContain('12345 bytes');
		expect(text).not.toContain('sig=');
	});

	it('keeps the id of a task whose outcome is not known', () => {
		const error = new RunningHubError({
			kind: 'transient',
			message: `See https://a.example/x?sig=s3cret and ${KEY}`,
			taskId: '1900000000000000201',
		});
		const text = markdownOf(report({ video: { state: 'refused', error } }), KEY);
		expect(differs(report({ video: { state: 'refused', error } }))).toBe(true);
		expect(text).toContain('1900000000000000201');
		expect(text).not.toMatch(/s3cret|5ec2e7/);
	});
});
