import pLimit from 'p-limit';
import { DurationStats } from '../../runninghub/tasks/durationStats';
import { RunningHubError } from '../../runninghub/base/errors';
import { errorForCode } from '../../runninghub/http/errorForCode';
import { NO_USAGE, type PendingTask, type Task } from '../../runninghub/api/task';
import { waitForTask, type WaitSettings } from '../../runninghub/tasks/waitUntilDeadline';
import { interruption } from '../../runninghub/tasks/detachment';
import { FakeClock } from '../support/fakeClock';
import { errorOf, keepingLogger, seededRandom, TASK_ID } from '../support/unitAnswers';

const RUNNING: PendingTask = { taskId: TASK_ID, status: 'RUNNING', results: [], usage: NO_USAGE };
const DONE: Task = { ...RUNNING, status: 'SUCCESS' };
const DOWN = errorForCode('1010', '', { code: 'HTTP 502' });
const WRONG_KEY = errorForCode('1002', '');
const NOT_FOUND = errorForCode('1004', '');

const MINUTE = 60_000;
const SETTINGS: WaitSettings = { timeoutMs: 30 * MINUTE, pollIntervalMs: 0 };
const JUST_MADE = {
	since: 0,
	task: RUNNING,
	source: 'vidu/text-to-video',
	isOurs: true,
	failedChecks: 0,
};

/** A wait whose checks answer what `state` says, by the number of the check and by the time. */
const waiting = (
	state: (check: number, now: number) => Task | RunningHubError,
	settings: Partial<WaitSettings> = {},
	{
		signal,
		detach,
		latencyMs = 0,
		task = RUNNING,
	}: {
		signal?: AbortSignal;
		detach?: AbortSignal;
		latencyMs?: number;
		task?: PendingTask;
	} = {},
) => {
	const clock = new FakeClock();
	const checkedAt: number[] = [];
	const client = {
		query: async (taskId: string): Promise<Task> => {
			expect(taskId).toBe(TASK_ID);
			checkedAt.push(clock.now());
			const found = state(checkedAt.length, clock.now());
			await clock.sleep(latencyMs);
			if (found instanceof RunningHubError) throw found;
			return found;
		},
	};
	const tools = {
		client,
		clock,
		interruption: interruption(signal, detach),
		random: seededRandom(7),
		logger: keepingLogger(),
		checks: pLimit(8),
		durations: new DurationStats(),
	};
	const known = { ...JUST_MADE, task };
	const work = waitForTask(TASK_ID, tools, { ...SETTINGS, ...settings }, known);
	return { clock, checkedAt, work };
};

describe('the wait for a task', () => {
	it('gives the task as soon as a check finds it ended', async () => {
		const { clock, work } = waiting((_check, now) => (now >= 60_000 ? DONE : RUNNING));
		expect(await clock.run(work)).toEqual({ state: 'ended', task: DONE });
		expect(clock.now()).toBeLessThan(72_000);
	});

	it('does not look at a task that was only just made', async () => {
		const { clock, work, checkedAt } = waiting(() => DONE);
		await clock.run(work);
		expect(checkedAt[0]).toBeGreaterThanOrEqual(3_000);
	});

	it('keeps to the interval of the user, give or take a tenth', async () => {
		const { clock, work, checkedAt } = waiting((check) => (check < 20 ? RUNNING : DONE), {
			pollIntervalMs: 15_000,
		});
		await clock.run(work);
		const gaps = checkedAt.map((at, index) => at - (checkedAt[index - 1] ?? 0));
		for (const gap of gaps) {
			expect(gap).toBeGreaterThan(13_000);
			expect(gap).toBeLessThan(17_000);
		}
	});

	it('goes on through a status that nobody knows', async () => {
		const odd: Task = { ...RUNNING, status: 'UNKNOWN' };
		const { clock, work } = waiting((check) => (check < 5 ? odd : DONE));
		expect((await clock.run(work)).state).toBe('ended');
	});

	it.each([
		['that ends', DONE, 'ended'],
		['that outlasts its timeout', RUNNING, 'timedOut'],
	])('a task %s keeps what RunningHub said of it when it accepted it', async (_, seen, state) => {
		const notice = errorForCode('433', 'node 12');
		const task = { ...RUNNING, notice };
		const { clock, work } = waiting(() => seen, { timeoutMs: MINUTE }, { task });
		expect(await clock.run(work)).toMatchObject({ state, task: { notice } });
	});

	it('a failed task has ended too', async () => {
		const failure = errorForCode('1501', '', { taskId: TASK_ID });
		const { clock, work } = waiting(() => ({ ...RUNNING, status: 'FAILED', failure }));
		expect(await clock.run(work)).toMatchObject({ state: 'ended', task: { status: 'FAILED' } });
	});
});

describe('failed checks', () => {
	it('29 in a row, then an answer: the result is there', async () => {
		const { clock, work, checkedAt } = waiting((check) => (check <= 29 ? DOWN : DONE));
		expect(await clock.run(work)).toEqual({ state: 'ended', task: DONE });
		expect(checkedAt).toHaveLength(30);
	});

	it('30 in a row: an error with the task id, after some minutes, not a failed task', async () => {
		const { clock, work, checkedAt } = waiting(() => DOWN);
		const error = await errorOf(clock.run(work));
		expect(error).toMatchObject({ kind: 'transient', taskId: TASK_ID });
		expect(error.message).toContain(TASK_ID);
		expect(error.message).toContain('30 times');
		expect(error.description).toMatch(/Wait for Result/);
		expect(checkedAt).toHaveLength(30);
		expect(clock.now()).toBeGreaterThan(10 * MINUTE);
		expect(clock.now()).toBeLessThan(20 * MINUTE);
	});

	it('one good answer starts the count anew', async () => {
		const { clock, work } = waiting(
			(check) => (check > 90 ? DONE : check % 25 === 0 ? RUNNING : DOWN),
			{ timeoutMs: 600 * MINUTE },
		);
		expect((await clock.run(work)).state).toBe('ended');
	});

	it.each([
		errorForCode('1003', ''),
		errorForCode('1011', ''),
		errorForCode('1005', ''),
		errorForCode('7777', 'odd'),
		new RunningHubError({ kind: 'protocol', message: 'HTML.' }),
	])('%s for a while does no harm', async (error) => {
		const { clock, work } = waiting((check) => (check <= 20 ? error : DONE));
		expect((await clock.run(work)).state).toBe('ended');
	});

	it('checks become rarer while they fail', async () => {
		const { clock, work, checkedAt } = waiting((check) => (check <= 10 ? DOWN : DONE));
		await clock.run(work);
		const gaps = checkedAt.slice(1).map((at, index) => at - (checkedAt[index] ?? 0));
		expect(gaps.at(-1)).toBeGreaterThanOrEqual(20_000);
		expect(Math.max(...gaps)).toBeLessThanOrEqual(35_000);
	});

	it('a wrong key once or twice is a passing fault', async () => {
		const { clock, work } = waiting((check) => (check <= 2 ? WRONG_KEY : DONE));
		expect((await clock.run(work)).state).toBe('ended');
	});

	it('a wrong key three times in a row is an error with the task id', async () => {
		const { clock, work, checkedAt } = waiting(() => WRONG_KEY);
		const error = await errorOf(clock.run(work));
		expect(error).toMatchObject({ kind: 'auth', taskId: TASK_ID });
		expect(error.message).toContain(TASK_ID);
		expect(checkedAt).toHaveLength(3);
	});

	it('a task of this run that is not known yet is waited for', async () => {
		const { clock, work } = waiting((check) => (check <= 2 ? NOT_FOUND : DONE));
		expect((await clock.run(work)).state).toBe('ended');
	});

	it('something that is no error of RunningHub’s ends the wait', async () => {
		const clock = new FakeClock();
		const reason = new TypeError('bug');
		const tools = {
			client: { query: async () => await Promise.reject<Task>(reason) },
			clock,
			interruption: interruption(),
			random: seededRandom(7),
			logger: keepingLogger(),
			checks: pLimit(8),
			durations: new DurationStats(),
		};
		await expect(clock.run(waitForTask(TASK_ID, tools, SETTINGS, JUST_MADE))).rejects.toBe(reason);
	});
});

describe('the end of the wait', () => {
	it.each([0, 2_000])(
		'a last check comes at the deadline (answers take %i ms)',
		async (latencyMs) => {
			const { clock, work, checkedAt } = waiting(
				() => RUNNING,
				{ timeoutMs: 5 * MINUTE },
				{ latencyMs },
			);
			expect(await clock.run(work)).toEqual({ state: 'timedOut', task: RUNNING });
			expect(checkedAt.at(-1)).toBeGreaterThanOrEqual(5 * MINUTE);
			expect(clock.now()).toBeLessThan(5.2 * MINUTE);
		},
	);

	it('a task that ends just before the deadline is not missed', async () => {
		const { clock, work } = waiting((_check, now) => (now >= 299_999 ? DONE : RUNNING), {
			timeoutMs: 5 * MINUTE,
		});
		expect((await clock.run(work)).state).toBe('ended');
	});

	it('also comes while the checks fail', async () => {
		const { clock, work } = waiting(() => DOWN, { timeoutMs: 3 * MINUTE });
		expect(await clock.run(work)).toMatchObject({
			state: 'timedOut',
			task: { taskId: TASK_ID, status: 'RUNNING' },
			lastFailure: { kind: 'transient' },
		});
		expect(clock.now()).toBe(3 * MINUTE);
	});

	it('tells the status that was seen last', async () => {
		const queued: Task = { ...RUNNING, status: 'QUEUED' };
		const { clock, work } = waiting((check) => (check < 4 ? queued : DOWN), { timeoutMs: MINUTE });
		expect(await clock.run(work)).toMatchObject({ state: 'timedOut', task: { status: 'QUEUED' } });
	});

	it('a cancelled execution ends it at once', async () => {
		const stop = new AbortController();
		const { clock, work, checkedAt } = waiting(() => RUNNING, {}, { signal: stop.signal });
		const reason = new Error('cancelled');
		const ended = work.catch((error: unknown) => error);
		await clock.advance(100_000);
		const checks = checkedAt.length;
		stop.abort(reason);
		expect(await ended).toBe(reason);
		expect(clock.sleepers).toBe(0);
		await clock.advance(100_000);
		expect(checkedAt).toHaveLength(checks);
	});

	it('is given back at once, as it was last seen, when nobody wants to wait any longer', async () => {
		const detach = new AbortController();
		const queued: Task = { ...RUNNING, status: 'QUEUED' };
		const { clock, work, checkedAt } = waiting(
			(check) => (check < 3 ? queued : DOWN),
			{},
			{ detach: detach.signal },
		);
		await clock.advance(MINUTE);
		const checks = checkedAt.length;
		detach.abort();
		expect(await clock.run(work)).toEqual({
			state: 'detached',
			task: queued,
			failedChecks: checks - 2,
		});
		expect(clock.now()).toBe(MINUTE);
		expect(clock.sleepers).toBe(0);
	});
});

describe('an answer that may be a proxy’s', () => {
	it.each(['HTTP 403', 'HTTP 404'])('%s ten times in a row does not end the wait', async (code) => {
		const refused = errorForCode('401', '', { code });
		const { clock, work } = waiting((check) => (check <= 10 ? refused : DONE));
		expect((await clock.run(work)).state).toBe('ended');
	});

	it('HTTP 401 three times in a row does', async () => {
		const refused = errorForCode('401', '', { code: 'HTTP 401' });
		const { clock, work } = waiting(() => refused);
		expect(await errorOf(clock.run(work))).toMatchObject({ kind: 'auth', taskId: TASK_ID });
	});
});
