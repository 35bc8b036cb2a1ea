import { AccountLimiter } from '../../runninghub/tasks/accountLimiter';
import { runBatch } from '../../runninghub/tasks/batch';
import { errorForCode } from '../../runninghub/http/errorForCode';
import { RateLimit } from '../../runninghub/tasks/rateLimit';
import { FakeClock } from '../support/fakeClock';
import { batchDeps, FakeAccount } from '../support/unitAccount';
import { seededRandom } from '../support/unitAnswers';

const TOO_FAST = errorForCode('1003', '', { code: 'HTTP 429' });

/** A limit without chance, whose holds can be read off the clock. */
const setUp = () => {
	const clock = new FakeClock();
	const limit = new RateLimit({ clock, random: () => 0 });
	/** Milliseconds until the next call may go. */
	const holdMs = async () => {
		const before = clock.now();
		await clock.run(limit.ready());
		return clock.now() - before;
	};
	const refused = async () => {
		limit.note(TOO_FAST);
		return await holdMs();
	};
	return { clock, limit, holdMs, refused };
};

describe('the rate limit of an account', () => {
	it('holds nobody as long as nothing was refused', async () => {
		const { limit, holdMs } = setUp();
		limit.note({});
		expect(await holdMs()).toBe(0);
	});

	it('holds for longer each time, up to a minute', async () => {
		const { refused } = setUp();
		const holds: number[] = [];
		for (let times = 0; times < 8; times++) holds.push(await refused());
		expect(holds).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
	});

	it('halves the hold with each answer that is none, down to where it began', async () => {
		const { limit, refused } = setUp();
		for (let times = 0; times < 4; times++) await refused();
		limit.note({});
		limit.note({});
		expect(await refused()).toBe(8_000);
		for (let times = 0; times < 10; times++) limit.note({});
		expect(await refused()).toBe(2_000);
	});

	it('holds as long as RunningHub asks for', async () => {
		const { limit, holdMs } = setUp();
		limit.note(TOO_FAST.with({ retryAfterMs: 45_000 }));
		expect(await holdMs()).toBe(45_000);
	});

	it('lets a call go at its deadline, however long the hold is', async () => {
		const { clock, limit } = setUp();
		limit.note(TOO_FAST.with({ retryAfterMs: 45_000 }));
		await clock.run(limit.ready(undefined, 5_000));
		expect(clock.now()).toBe(5_000);
	});

	it('counts what had left before the hold as one refusal', async () => {
		const { limit, holdMs, refused } = setUp();
		for (let times = 0; times < 20; times++) limit.note(TOO_FAST);
		await holdMs();
		expect(await refused()).toBe(4_000);
	});
});

it('a refusal in one run holds the other runs of the account, too', async () => {
	const clock = new FakeClock();
	const account = new FakeAccount(clock, { latencyMs: 50, immediate: true });
	const limiter = new AccountLimiter({ clock, random: () => 0 });
	const run = async () =>
		await runBatch(account.jobs(1), batchDeps(account, clock, seededRandom(1), limiter), {
			goOnAfterFailure: true,
		});
	limiter.rate.note(TOO_FAST);
	await clock.run(run());
	expect(account.callsAt).toEqual([2_000]);
});
