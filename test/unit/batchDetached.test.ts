import { AccountLimiter } from '../../runninghub/tasks/accountLimiter';
import { runBatch, type BatchSettings } from '../../runninghub/tasks/batch';
import type { JobOutcome } from '../../runninghub/tasks/job';
import { budgetIn } from '../../runninghub/tasks/budget';
import { journalIn } from '../../runninghub/tasks/journal';
import { FakeClock } from '../support/fakeClock';
import { FakeAccount, type AccountSettings, type QueryFate } from '../support/unitAccount';
import { keepingLogger, seededRandom } from '../support/unitAnswers';

const NOW = AbortSignal.abort();

/** One run that is detached and continued; each part in a process of its own, as it were. */
const setUp = (settings: AccountSettings = {}) => {
	const clock = new FakeClock();
	const account = new FakeAccount(clock, { latencyMs: 50, ...settings });
	let saved: Record<string, unknown> = {};
	const part = async (
		items: number,
		{ wait, ...more }: Partial<BatchSettings> & { wait?: { timeoutMs: number } } = {},
	) => {
		const store: Record<string, unknown> = JSON.parse(JSON.stringify(saved));
		const deps = {
			client: account.client,
			clock,
			logger: keepingLogger(),
			random: seededRandom(3),
			limiter: new AccountLimiter({ clock, random: seededRandom(3) }),
			journal: journalIn(store),
			budget: budgetIn({}),
		};
		const jobs = account.jobs(items, wait && { pollIntervalMs: 0, ...wait });
		const outcomes = await clock.run(
			runBatch(jobs, deps, { goOnAfterFailure: true, detach: NOW, ...more }),
		);
		saved = JSON.parse(JSON.stringify(store));
		return outcomes;
	};
	const next = async (items: number, more: Parameters<typeof part>[1] = {}) =>
		await part(items, { earlier: 'continued', ...more });
	return { clock, account, part, next };
};

const statesOf = (outcomes: readonly JobOutcome[]) => outcomes.map(({ state }) => state);
const times = <T>(amount: number, value: T): T[] => Array(amount).fill(value);

describe('a batch that nobody waits for', () => {
	it('sends what the account takes, asks for nothing, and takes no longer than that', async () => {
		const { part, account, clock } = setUp({ slots: 3 });
		expect(statesOf(await part(8))).toEqual([...times(3, 'detached'), ...times(5, 'deferred')]);
		expect([account.queries, account.paid.length]).toEqual([0, 3]);
		expect(clock.now()).toBeLessThan(1_000);
	});

	it('defers what is still to be sent when RunningHub has not answered several submits', async () => {
		const { part, next, account } = setUp({
			fateOfSubmit: (_, index) => (index < 15 ? 'error500NoTask' : 'accepted'),
		});
		const first = statesOf(await part(200));
		const lost = first.filter((state) => state === 'error').length;
		expect(first).toEqual([...times(lost, 'error'), ...times(200 - lost, 'deferred')]);
		expect(lost).toBeLessThan(15);
		await next(200);
		await next(200);
		expect(account.paid).toHaveLength(200 - 15);
	});

	it('ends all that is still to be sent when RunningHub has not answered for as long as the timeout', async () => {
		const { part, next, account, clock } = setUp({ fateOfSubmit: () => 'error500NoTask' });
		const wait = { timeoutMs: 600_000 };
		const startedAt = clock.now();
		await part(60, { wait, startedAt });
		await clock.advance(600_000);
		const outcomes = await next(60, { wait, startedAt });
		const errors = outcomes.flatMap((outcome) =>
			outcome.state === 'error' ? [outcome.error] : [],
		);
		expect(errors).toHaveLength(60);
		expect(account.submits.length).toBeLessThan(25);
		const unsent = errors.filter(({ kind }) => kind !== 'unknownOutcome');
		expect(unsent).toHaveLength(60 - account.submits.length);
		for (const { description } of unsent) expect(description).toContain('Nothing was sent');
	});

	it('goes on later: every task is paid for once, however often it is continued', async () => {
		const { part, next, account, clock } = setUp({ slots: 3, taskMs: () => 50_000 });
		let outcomes = await part(8);
		for (let parts = 0; parts < 10; parts++) {
			await clock.advance(65_000);
			outcomes = await next(8);
		}
		expect(statesOf(outcomes)).toEqual(times(8, 'ended'));
		expect(account.paid.map(({ item }) => item)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
		expect(account.mostAtOnce()).toBe(3);
		// What has ended is in the journal, and is not asked for again.
		expect(account.queries).toBe(8);
	});

	it('makes ready no more than a few of what an account may refuse again', async () => {
		const { part, next, clock, account } = setUp({ slots: 1, taskMs: () => 3_600_000 });
		await part(40);
		await clock.advance(65_000);
		const before = account.submits.length;
		await next(40);
		expect(account.submits.length - before).toBeLessThanOrEqual(5);
	});

	it('keeps to the most tasks at a time, those of earlier parts included', async () => {
		const { part, next, clock, account } = setUp({ taskMs: () => 100_000 });
		const bounded = { maxConcurrent: 2 };
		expect(statesOf(await part(5, bounded))).toEqual([
			...times(2, 'detached'),
			...times(3, 'deferred'),
		]);
		for (let parts = 0; parts < 12; parts++) {
			await clock.advance(65_000);
			await next(5, bounded);
		}
		expect([account.paid.length, account.mostAtOnce()]).toEqual([5, 2]);
	});

	it('gives the slot of a refused task to the next one', async () => {
		const { part, account } = setUp({
			fateOfSubmit: (item) => (item < 2 ? 'refused1501' : 'accepted'),
		});
		const outcomes = await part(4, { maxConcurrent: 1 });
		expect(statesOf(outcomes)).toEqual(['error', 'error', 'detached', 'deferred']);
		expect(account.submits).toEqual([0, 1, 2]);
	});

	it('counts the timeout from the submit, and looks once more when it has passed', async () => {
		const { part, next, clock, account } = setUp({ taskMs: () => 3_600_000 });
		const wait = { timeoutMs: 120_000 };
		await part(1, { wait });
		await clock.advance(65_000);
		expect(statesOf(await next(1, { wait }))).toEqual(['detached']);
		await clock.advance(65_000);
		expect(statesOf(await next(1, { wait }))).toEqual(['timedOut']);
		expect([account.queries, account.paid.length]).toEqual([2, 1]);
	});

	it('gives up a full account after as long as the timeout without progress, over all parts', async () => {
		const { part, next, clock } = setUp({ slots: 0 });
		const wait = { timeoutMs: 200_000 };
		const startedAt = clock.now();
		expect(statesOf(await part(60, { wait, startedAt }))).toEqual(times(60, 'deferred'));
		await clock.advance(100_000);
		expect(statesOf(await next(60, { wait, startedAt }))).toEqual(times(60, 'deferred'));
		await clock.advance(100_000);
		const outcomes = await next(60, { wait, startedAt });
		expect(outcomes).toMatchObject(times(60, { state: 'error', error: { kind: 'capacity' } }));
	});

	it('a try of yesterday does not count towards that', async () => {
		const full = { slots: 1, taskMs: () => 3_600_000_000 };
		const { part, clock } = setUp(full);
		const wait = { timeoutMs: 3_600_000 };
		await part(2, { wait });
		await clock.advance(86_400_000);
		const outcomes = await part(2, { earlier: 'tried', wait });
		expect(statesOf(outcomes)).toEqual(['timedOut', 'deferred']);
	});

	it('after a failure sends nothing more, also in later parts', async () => {
		const { part, next, clock, account } = setUp({
			slots: 2,
			taskMs: () => 10_000,
			passesReview: (index) => index > 0,
		});
		const stopping = { goOnAfterFailure: false };
		await part(5, stopping);
		await clock.advance(65_000);
		const outcomes = await next(5, stopping);
		expect(statesOf(outcomes)).toEqual(['ended', 'ended', ...times(3, 'notSent')]);
		expect(account.paid).toHaveLength(2);
	});

	it('RunningHub that cannot be asked is asked in the next part', async () => {
		let broken = 2;
		const { part, next, clock, account } = setUp({
			taskMs: () => 10_000,
			fateOfQuery: () => (broken-- > 0 ? 'http502' : 'answered'),
		});
		await part(1);
		for (const expected of ['detached', 'detached', 'ended']) {
			await clock.advance(65_000);
			expect(statesOf(await next(1))).toEqual([expected]);
		}
		expect(account.paid).toHaveLength(1);
	});

	it('RunningHub that does not answer holds nobody up: 300 tasks are asked for again in the next part', async () => {
		let fate: QueryFate = 'timedOut';
		const { part, next, clock } = setUp({ fateOfQuery: () => fate });
		await part(300);
		const before = clock.now();
		expect(statesOf(await next(300))).toEqual(times(300, 'detached'));
		expect(clock.now() - before).toBeLessThan(90_000);
		fate = 'answered';
		expect(statesOf(await next(300))).toEqual(times(300, 'ended'));
	});

	it('looks at each task at its deadline, also while the account may not be called so often', async () => {
		let refused = 1;
		const { part, next, clock } = setUp({
			taskMs: () => 10_000,
			fateOfQuery: () => (refused-- > 0 ? 'http429' : 'answered'),
		});
		const wait = { timeoutMs: 60_000 };
		await part(20, { wait });
		await clock.advance(65_000);
		const states = statesOf(await next(20, { wait }));
		expect(states.filter((state) => state === 'ended')).toHaveLength(19);
	});
});
