import { RunningHubError } from '../../runninghub/base/errors';
import { errorForCode } from '../../runninghub/http/errorForCode';
import { maySubmitAgain } from '../../runninghub/http/errorCodes';
import { AccountLimiter } from '../../runninghub/tasks/accountLimiter';
import { interruption } from '../../runninghub/tasks/detachment';
import { SubmitQueue } from '../../runninghub/tasks/submitQueue';
import { NO_USAGE, type Task } from '../../runninghub/api/task';
import { FakeClock } from '../support/fakeClock';
import { errorOf, keepingLogger, seededRandom } from '../support/unitAnswers';

const FULL = errorForCode('421', '', { resendable: true });
const UNREACHABLE = new RunningHubError({
	kind: 'transient',
	message: 'RunningHub cannot be reached.',
	resendable: true,
});

const task = (taskId: string): Task => ({
	taskId,
	status: 'RUNNING',
	results: [],
	usage: NO_USAGE,
});

const queueWith = (
	clock: FakeClock,
	{
		maxIdleMs = 1_800_000,
		limiter = new AccountLimiter({ clock, random: seededRandom(1) }),
		signal,
		detach,
		lastProgressAt,
	}: {
		maxIdleMs?: number;
		limiter?: AccountLimiter;
		signal?: AbortSignal;
		detach?: AbortSignal;
		lastProgressAt?: number;
	} = {},
) =>
	new SubmitQueue({
		clock,
		logger: keepingLogger(),
		random: seededRandom(1),
		interruption: interruption(signal, detach),
		limiter,
		maxIdleMs,
		lastProgressAt,
	});

const setUp = (maxIdleMs?: number, signal?: AbortSignal) => {
	const clock = new FakeClock();
	return { clock, queue: queueWith(clock, { maxIdleMs, signal }) };
};

/** A submit that ends in these ways, one after the other, and says when it was called. */
const scriptedSubmit = (clock: FakeClock, ...ends: Array<RunningHubError | Task>) => {
	const calledAt: number[] = [];
	return {
		calledAt,
		send: async (): Promise<Task> => {
			const end = ends[Math.min(calledAt.length, ends.length - 1)];
			calledAt.push(clock.now());
			if (end === undefined || end instanceof RunningHubError) throw end;
			return end;
		},
	};
};

describe('the queue of submits', () => {
	it('sends an accepted submit once', async () => {
		const { clock, queue } = setUp();
		const { send, calledAt } = scriptedSubmit(clock, task('1'));
		expect((await clock.run(queue.submit(send))).taskId).toBe('1');
		expect(calledAt).toEqual([0]);
	});

	it.each(['415', '421', '814', '1003', '1011', '1520'])(
		'sends again after %s, with growing pauses, until it is accepted',
		async (code) => {
			const { clock, queue } = setUp();
			const refusal = errorForCode(code, '', { resendable: maySubmitAgain(code) });
			const { send, calledAt } = scriptedSubmit(clock, refusal, refusal, refusal, task('1'));
			expect((await clock.run(queue.submit(send))).taskId).toBe('1');
			expect(calledAt).toHaveLength(4);
			const pauses = calledAt.slice(1).map((at, index) => at - (calledAt[index] ?? 0));
			expect(Math.min(...pauses)).toBeGreaterThanOrEqual(4_000);
			expect(Math.max(...pauses)).toBeLessThanOrEqual(36_000);
			expect(pauses.at(-1)).toBeGreaterThan(pauses[0] ?? Infinity);
		},
	);

	it('never sends again after an error that does not allow it, of whatever kind', async () => {
		for (const kind of ['unknownOutcome', 'capacity', 'rateLimit', 'transient', 'auth'] as const) {
			const { clock, queue } = setUp();
			const refusal = new RunningHubError({ kind, message: 'No.', resendable: false });
			const { send, calledAt } = scriptedSubmit(clock, refusal);
			expect(await errorOf(clock.run(queue.submit(send)))).toBe(refusal);
			await clock.advance(3_600_000);
			expect([kind, calledAt.length]).toEqual([kind, 1]);
		}
	});

	it('never sends again after something that is no error of RunningHub’s', async () => {
		const { clock, queue } = setUp();
		let calls = 0;
		const send = async (): Promise<Task> => {
			calls += 1;
			throw new TypeError('bug');
		};
		await expect(clock.run(queue.submit(send))).rejects.toThrow(TypeError);
		expect(calls).toBe(1);
	});

	it('tries an unreachable host three times in all, then gives up', async () => {
		const { clock, queue } = setUp();
		const { send, calledAt } = scriptedSubmit(clock, UNREACHABLE);
		expect((await errorOf(clock.run(queue.submit(send)))).message).toMatch(/cannot be reached/);
		expect(calledAt).toEqual([0, 1_000, 4_000]);
	});

	it('tries an unreachable host three times in all, also while the account is full', async () => {
		const { clock, queue } = setUp();
		const { send, calledAt } = scriptedSubmit(clock, FULL, UNREACHABLE);
		await errorOf(clock.run(queue.submit(send)));
		expect(calledAt).toHaveLength(4);
	});

	it('goes on where the host was unreachable for a moment', async () => {
		const { clock, queue } = setUp();
		const { send, calledAt } = scriptedSubmit(clock, UNREACHABLE, UNREACHABLE, task('1'));
		expect((await clock.run(queue.submit(send))).taskId).toBe('1');
		expect(calledAt).toHaveLength(3);
	});

	it('holds a refused submit until a task of the run ends', async () => {
		const { clock, queue } = setUp();
		const { send, calledAt } = scriptedSubmit(clock, FULL, task('1'));
		const submitted = queue.submit(send);
		await clock.advance(1_500);
		expect(calledAt).toEqual([0]);
		queue.taskEnded();
		await clock.advance(0);
		expect(calledAt).toEqual([0, 1_500]);
		expect((await clock.run(submitted)).taskId).toBe('1');
	});

	it('does not miss a task that ends while a refusal is on its way', async () => {
		const { clock, queue } = setUp();
		const calledAt: number[] = [];
		const submitted = queue.submit(async () => {
			calledAt.push(clock.now());
			await clock.sleep(200);
			if (calledAt.length < 3) throw FULL;
			return task('1');
		});
		// Refused at 200 ms, sent again at the end of a task at 1,000 ms; while that is on its way another task ends.
		await clock.advance(1_000);
		queue.taskEnded();
		await clock.advance(100);
		queue.taskEnded();
		await clock.advance(300);
		expect(calledAt).toEqual([0, 1_000, 1_200]);
		await clock.run(submitted);
	});

	it('gives up a full account after its patience, with a sentence that says how long', async () => {
		const { clock, queue } = setUp(600_000);
		const { send, calledAt } = scriptedSubmit(clock, FULL);
		const error = await errorOf(clock.run(queue.submit(send)));
		expect(error).toMatchObject({ kind: 'capacity', code: '421' });
		expect(error.description).toMatch(/^No task was accepted for 10 minutes\. /);
		expect(clock.now()).toBeGreaterThanOrEqual(600_000);
		expect(clock.now()).toBeLessThan(640_000);
		expect(calledAt.length).toBeLessThan(100);
	});

	it('has patience as long as the tasks of the run go on ending', async () => {
		const { clock, queue } = setUp(60_000);
		const { send, calledAt } = scriptedSubmit(
			clock,
			...Array<RunningHubError>(60).fill(FULL),
			task('1'),
		);
		queue.taskBegan();
		const submitted = queue.submit(send);
		while (calledAt.length < 61) {
			await clock.advance(50_000);
			queue.taskBegan();
			queue.taskEnded();
		}
		expect((await clock.run(submitted)).taskId).toBe('1');
		expect(clock.now()).toBeGreaterThan(600_000);
	});

	it('does not storm a full account: one try at a time', async () => {
		const { clock, queue } = setUp();
		let under = 0;
		let most = 0;
		let calls = 0;
		const work = Array.from({ length: 40 }, async (_, index) => {
			return await queue.submit(async () => {
				calls += 1;
				under += 1;
				if (clock.now() > 0) most = Math.max(most, under);
				await clock.sleep(100);
				under -= 1;
				if (clock.now() < 60_000) throw FULL;
				return task(String(index + 1));
			});
		});
		await clock.advance(59_000);
		expect(most).toBe(1);
		expect(calls).toBeLessThan(20);
		expect(new Set((await clock.run(Promise.all(work))).map(({ taskId }) => taskId)).size).toBe(40);
	});

	it('ends at once when the execution is cancelled, and sends nothing more', async () => {
		const stop = new AbortController();
		const { clock, queue } = setUp(1_800_000, stop.signal);
		const full = scriptedSubmit(clock, FULL);
		const unreachable = scriptedSubmit(clock, UNREACHABLE);
		const reason = new Error('cancelled');
		const works = [queue.submit(full.send), queue.submit(unreachable.send)];
		const ends = Promise.allSettled(works);
		await clock.advance(500);
		const sent = full.calledAt.length + unreachable.calledAt.length;
		stop.abort(reason);
		const [first, second] = await ends;
		expect([first, second]).toEqual([
			{ status: 'rejected', reason },
			{ status: 'rejected', reason },
		]);
		expect(clock.sleepers).toBe(0);
		await clock.advance(3_600_000);
		expect(full.calledAt.length + unreachable.calledAt.length).toBe(sent);
	});
});

describe('an account that is called too often', () => {
	const tooMany = (retryAfterMs?: number) =>
		errorForCode('1003', '', { resendable: true, retryAfterMs });

	it('is left alone for as long as it asks, even when a task ends meanwhile', async () => {
		const { clock, queue } = setUp();
		const { send, calledAt } = scriptedSubmit(clock, tooMany(45_000), task('1'));
		const submitted = queue.submit(send);
		for (let second = 0; second < 44; second++) {
			await clock.advance(1_000);
			queue.taskEnded();
		}
		expect(calledAt).toEqual([0]);
		expect((await clock.run(submitted)).taskId).toBe('1');
		expect(calledAt).toHaveLength(2);
	});

	it('is called ever more rarely', async () => {
		const { clock, queue } = setUp();
		const refusals = Array<RunningHubError>(8).fill(tooMany());
		const { send, calledAt } = scriptedSubmit(clock, ...refusals, task('1'));
		await clock.run(queue.submit(send));
		const pauses = calledAt.slice(1).map((at, index) => at - (calledAt[index] ?? 0));
		expect(pauses.at(-1)).toBeGreaterThan(60_000);
		expect(Math.max(...pauses)).toBeLessThanOrEqual(120_000);
	});

	it('is not called by all again at the same moment', async () => {
		const { clock, queue } = setUp();
		const calledAt: number[] = [];
		const work = Array.from({ length: 10 }, async (_, index) => {
			let calls = 0;
			return await queue.submit(async () => {
				calls += 1;
				calledAt.push(clock.now());
				if (calls === 1) throw tooMany();
				return task(String(index + 1));
			});
		});
		await clock.run(Promise.all(work));
		const [first, ...later] = [...new Set(calledAt)];
		expect(first).toBe(0);
		expect(later.length).toBeGreaterThan(0);
		expect(calledAt).toHaveLength(20);
	});
});

describe('several runs that share one account', () => {
	/** Runs that wait for an account which is full until `freeFrom`, and then takes one task for each task that ends. */
	const sharing = (runs: number) => {
		const clock = new FakeClock();
		const limiter = new AccountLimiter({ clock, random: seededRandom(1) });
		const tries: Array<{ run: number; at: number }> = [];
		let places = 0;
		const queues = Array.from({ length: runs }, () => queueWith(clock, { limiter }));
		const works = queues.map(async (queue, run) => {
			await clock.sleep(run);
			return await queue.submit(async () => {
				tries.push({ run, at: clock.now() });
				if (places === 0) throw FULL;
				places -= 1;
				return task(String(run + 1));
			});
		});
		const end = () => {
			places += 1;
			limiter.release();
		};
		return { clock, limiter, tries, works, end };
	};

	it('take turns: the one that has waited longest is the first to try', async () => {
		const { clock, tries, works, end } = sharing(4);
		await clock.advance(120_000);
		for (const run of [0, 1, 2, 3]) {
			const before = tries.length;
			end();
			await clock.advance(0);
			expect(tries.slice(before).map((one) => one.run)).toEqual([run]);
		}
		expect(await clock.run(Promise.all(works))).toHaveLength(4);
	});

	it('try together no more often than one alone', async () => {
		const triesIn10Minutes = async (runs: number) => {
			const { clock, tries } = sharing(runs);
			await clock.advance(60_000);
			const before = tries.length;
			await clock.advance(600_000);
			return tries.length - before;
		};
		const alone = await triesIn10Minutes(1);
		expect(await triesIn10Minutes(20)).toBeLessThanOrEqual(1.3 * alone);
	});

	it('look more rarely while a task of theirs will tell when it ends', async () => {
		const { clock, limiter, tries } = sharing(1);
		await clock.advance(300_000);
		const withoutTasks = tries.length;
		limiter.acquire();
		await clock.advance(300_000);
		expect(tries.length - withoutTasks).toBeLessThan(withoutTasks / 2);
	});

	it('one that is stopped gives its turn to the next', async () => {
		const clock = new FakeClock();
		const limiter = new AccountLimiter({ clock, random: seededRandom(1) });
		const stop = new AbortController();
		const full = scriptedSubmit(clock, FULL);
		const other = scriptedSubmit(clock, FULL, task('2'));
		const stopped = queueWith(clock, { limiter, signal: stop.signal }).submit(full.send);
		const waiting = queueWith(clock, { limiter }).submit(other.send);
		await clock.advance(1_000);
		stop.abort(new Error('stopped'));
		await expect(stopped).rejects.toThrow('stopped');
		limiter.release();
		await clock.advance(0);
		expect(other.calledAt).toEqual([0, 1_000]);
		expect((await waiting).taskId).toBe('2');
	});
});
