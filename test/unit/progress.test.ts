import { withProgress } from '../../nodes/RunningHub/n8n/progress';
import { createClient, type Client } from '../../runninghub/api/client';
import { RunningHubError } from '../../runninghub/base/errors';
import { NO_USAGE, type PendingStatus, type Task } from '../../runninghub/api/task';

const id = (number: number) => `19000000000000000${String(number).padStart(2, '0')}`;
const is = (number: number, status: PendingStatus | 'SUCCESS'): Task => ({
	taskId: id(number),
	status,
	results: [],
	usage: NO_USAGE,
});

/** A run whose calls give what the test says, at the second that it says. */
function watchedRun() {
	let now = 0;
	let next: Task = is(0, 'RUNNING');
	const lines: string[] = [];
	const chat: string[] = [];
	const answer = async () => next;
	const unused = createClient(async () => {
		throw new Error('Nothing is sent here.');
	});
	const client: Client = withProgress(
		{ ...unused, submit: answer, query: answer },
		{ now: () => now, report: (line) => lines.push(line), reportToChat: (line) => chat.push(line) },
	);
	return {
		lines,
		chat,
		submit: async (second: number, task: Task) => {
			[now, next] = [second * 1_000, task];
			return await client.submit({
				call: { type: 'model', endpoint: 'vidu/text-to-video' },
				body: {},
			});
		},
		check: async (second: number, task: Task) => {
			[now, next] = [second * 1_000, task];
			return await client.query(task.taskId);
		},
	};
}

it('says how a task stands, from its submit to its end', async () => {
	const { lines, submit, check } = watchedRun();
	await submit(0, is(1, 'QUEUED'));
	await check(1, is(1, 'QUEUED'));
	await check(6, is(1, 'RUNNING'));
	await check(35, is(1, 'RUNNING'));
	await check(36, is(1, 'SUCCESS'));
	expect(lines).toEqual([
		`0 of 1 task done; ${id(1)} QUEUED, 0 s`,
		`0 of 1 task done; ${id(1)} RUNNING, 6 s`,
		`0 of 1 task done; ${id(1)} RUNNING, 35 s`,
		'1 of 1 task done',
	]);
});

it('hands on what the call gave', async () => {
	const { check } = watchedRun();
	expect(await check(0, is(1, 'SUCCESS'))).toEqual(is(1, 'SUCCESS'));
});

it('says one line for many tasks, and names some of them', async () => {
	const { lines, submit, check } = watchedRun();
	for (let number = 1; number <= 8; number += 1) await submit(0, is(number, 'QUEUED'));
	await check(10, is(1, 'SUCCESS'));
	expect(lines).toHaveLength(2);
	const named = [2, 3, 4, 5, 6].map((number) => `${id(number)} QUEUED, 10 s`);
	expect(lines[1]).toBe(['1 of 8 tasks done', ...named, 'and 2 more'].join('; '));
});

it('counts a failed task', async () => {
	const { lines, submit } = watchedRun();
	const failure = new RunningHubError({ kind: 'failed', message: 'It failed.' });
	await submit(0, { ...is(1, 'RUNNING'), status: 'FAILED', failure });
	expect(lines).toEqual(['1 of 1 task done; 1 failed']);
});

describe('in a chat', () => {
	it('a task that is done at once is no message', async () => {
		const { chat, submit, check } = watchedRun();
		await submit(0, is(1, 'QUEUED'));
		await check(4, is(1, 'RUNNING'));
		await check(6, is(1, 'SUCCESS'));
		expect(chat).toEqual([]);
	});

	it('a long task is a message now and then, and ever more rarely', async () => {
		const { chat, submit, check } = watchedRun();
		await submit(0, is(1, 'QUEUED'));
		for (let second = 1; second <= 600; second += 1) await check(second, is(1, 'RUNNING'));
		const seconds = [5, 15, 35, 75, 155, 275, 395, 515];
		expect(chat).toEqual(
			seconds.map((second) => `0 of 1 task done; ${id(1)} RUNNING, ${second} s`),
		);
	});
});
