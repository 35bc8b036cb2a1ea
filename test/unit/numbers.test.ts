import { AccountLimiter } from '../../runninghub/accountLimiter';
import { runBatch } from '../../runninghub/batch';
import { gapUntilNextCheck } from '../../runninghub/pollSchedule';
import { FakeClock } from '../support/fakeClock';
import { emptyJournal, FakeAccount, type Paid } from '../support/unitAccount';
import { keepingLogger, seededRandom } from '../support/unitAnswers';

const WAIT = { timeoutMs: 1_800_000, pollIntervalMs: 0 };

/** Runs tasks of these lengths side by side, with a new seed each time. */
const watched = async (taskMs: number[], seed: number, latencyMs = 50): Promise<Paid[]> => {
	const clock = new FakeClock();
	const account = new FakeAccount(clock, {
		latencyMs,
		taskMs: (index) => taskMs[index] ?? 0,
	});
	const tools = {
		client: account.client,
		clock,
		journal: emptyJournal(),
		logger: keepingLogger(),
		random: seededRandom(seed),
		limiter: new AccountLimiter({ clock, random: seededRandom(seed) }),
	};
	await clock.run(runBatch(account.jobs(taskMs.length, WAIT), tools, { goOnAfterFailure: true }));
	return account.paid;
};

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const lagOf = ({ toldAt, endsAt }: Paid) => (toldAt ?? Infinity) - endsAt;
/** Checks, and the submit. */
const callsOf = ({ checks }: Paid) => checks + 1;

const spread = (from: number, to: number, amount: number) =>
	Array.from({ length: amount }, (_, index) => from + ((to - from) * index) / (amount - 1));

jest.setTimeout(60_000);

describe('what the waiting costs', () => {
	it('20 tasks of 8 to 13 s: seen within 1 s on average, with at most 8 calls for each', async () => {
		const paid: Paid[] = [];
		for (let seed = 1; seed <= 12; seed++)
			paid.push(...(await watched(spread(8_000, 13_000, 20), seed)));
		expect(mean(paid.map(lagOf))).toBeLessThanOrEqual(1_000);
		expect(Math.max(...paid.map(callsOf))).toBeLessThanOrEqual(8);
	});

	it('a task of about 180 s: at most 25 calls, seen within 5 s on average', async () => {
		const paid: Paid[] = [];
		for (let seed = 1; seed <= 12; seed++) {
			paid.push(...(await watched(spread(170_000, 190_000, 20), seed)));
		}
		expect(mean(paid.map(lagOf))).toBeLessThanOrEqual(5_000);
		expect(mean(paid.map(callsOf))).toBeLessThanOrEqual(25);
	});

	it('a task of half an hour: at most 7 calls a minute', async () => {
		const [paid] = await watched([1_795_000], 1);
		expect(paid === undefined ? Infinity : callsOf(paid)).toBeLessThanOrEqual(7 * 30);
	});
});

describe('the gaps between checks', () => {
	it('never come down to nothing, so that no two checks follow each other at once', () => {
		for (let age = 0; age <= 600_000; age += 7) {
			for (const random of [0, 0.5, 0.999]) {
				expect(gapUntilNextCheck(age, 0, () => random)).toBeGreaterThanOrEqual(1_000);
			}
		}
	});

	it('differ from task to task, so that the checks of many do not come all at once', () => {
		const random = seededRandom(5);
		const first = Array.from({ length: 50 }, () => gapUntilNextCheck(0, 0, random));
		expect(new Set(first).size).toBeGreaterThan(30);
	});

	it('are those of the user, where there are any, at every age', () => {
		for (const age of [0, 4_000, 60_000, 3_600_000]) {
			expect(gapUntilNextCheck(age, 20_000, () => 0.5)).toBe(20_000);
		}
	});
});
