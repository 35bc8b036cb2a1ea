import { errorForCode, RunningHubError } from '../../runninghub/errors';
import { maySubmitAgain } from '../../runninghub/errorCodes';
import { SubmitQueue } from '../../runninghub/submitQueue';
import { NO_USAGE, type Task } from '../../runninghub/task';
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

const setUp = (patienceMs = 1_800_000, signal?: AbortSignal) => {
	const clock = new FakeClock();
	const logger = keepingLogger();
	const queue = new SubmitQueue({ clock, logger, random: seededRandom(1), patienceMs, signal });
	return { clock, logger, queue };
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
		expect(calledAt.length).toBeLessThan(50);
	});

	it('has patience as long as the tasks of the run go on ending', async () => {
		const { clock, queue } = setUp(60_000);
		const { send, calledAt } = scriptedSubmit(
			clock,
			...Array<RunningHubError>(60).fill(FULL),
			task('1'),
		);
		const submitted = queue.submit(send);
		while (calledAt.length < 61) {
			await clock.advance(50_000);
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
