import { AccountLimiter } from '../../runninghub/tasks/accountLimiter';
import { runBatch } from '../../runninghub/tasks/batch';
import { pollSchedule } from '../../runninghub/tasks/pollSchedule';
import { FakeClock } from '../support/fakeClock';
import { batchDeps, FakeAccount, type Paid } from '../support/unitAccount';
import { seededRandom } from '../support/unitAnswers';

const WAIT = { timeoutMs: 1_800_000, pollIntervalMs: 0 };

/**
 * Runs of one process, one after the other, on the same account; the tasks of each run have these lengths and run side by
 * side. What the waits of earlier runs saw, later ones know.
 */
const watchedInTurn = async (runs: number[][], seed: number): Promise<Paid[][]> => {
	const clock = new FakeClock();
	const lengths = runs.flat();
	const fake = new FakeAccount(clock, {
		latencyMs: 50,
		taskMs: (index) => lengths[index] ?? 0,
	});
	const random = seededRandom(seed);
	const limiter = new AccountLimiter({ clock, random });
	const watched: Paid[][] = [];
	for (const { length } of runs) {
		const tools = batchDeps(fake, clock, random, limiter);
		await clock.run(runBatch(fake.jobs(length, WAIT), tools, { goOnAfterFailure: true }));
		watched.push(fake.paid.slice(-length));
	}
	return watched;
};

const watched = async (taskMs: number[], seed: number): Promise<Paid[]> =>
	(await watchedInTurn([taskMs], seed)).flat();

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

/** Lengths as they come, anywhere between these. */
const lengthsBetween = (from: number, to: number, seed: number) => {
	const random = seededRandom(seed * 7919);
	return (amount: number) => Array.from({ length: amount }, () => from + (to - from) * random());
};

/** Of so many processes, the tasks of the last run. */
const lastRuns = async (
	processes: number,
	runsOf: (seed: number) => number[][],
): Promise<Paid[]> => {
	const seeds = Array.from({ length: processes }, (_, index) => index + 1);
	const all = await Promise.all(seeds.map(async (seed) => await watchedInTurn(runsOf(seed), seed)));
	return all.flatMap((runs) => runs.at(-1) ?? []);
};

describe('what the waiting costs where the usual duration is known', () => {
	it.each([0, 20])(
		'180 s ± 10 %%, after 5 tasks of the model, and %i more: at most 12 calls, seen within 3 s, on average',
		async (more) => {
			const paid = await lastRuns(40, (seed) => {
				const lengths = lengthsBetween(162_000, 198_000, seed);
				return [lengths(5), ...lengths(more).map((length) => [length]), lengths(10)];
			});
			expect(mean(paid.map(callsOf))).toBeLessThanOrEqual(12);
			expect(mean(paid.map(lagOf))).toBeLessThanOrEqual(3_000);
		},
	);

	it('8 to 13 s, after 20 tasks: at most 5 calls, seen within 0.6 s, on average', async () => {
		const paid = await lastRuns(20, (seed) => {
			const lengths = lengthsBetween(8_000, 13_000, seed);
			return [lengths(20), lengths(20)];
		});
		expect(mean(paid.map(callsOf))).toBeLessThanOrEqual(5);
		expect(mean(paid.map(lagOf))).toBeLessThanOrEqual(600);
	});

	it.each([0.5, 3])(
		'one that takes %f times as long as usual: no more calls than before, seen at most 10 s later',
		async (times) => {
			const unusual = (seed: number) =>
				lengthsBetween(162_000, 198_000, seed + 100)(20).map((length) => length * times);
			const before = await lastRuns(8, (seed) => [unusual(seed)]);
			const after = await lastRuns(8, (seed) => [
				lengthsBetween(162_000, 198_000, seed)(8),
				unusual(seed),
			]);
			const most = (paid: Paid[], numberOf: (paid: Paid) => number) =>
				Math.max(...paid.map(numberOf));
			expect(mean(after.map(callsOf))).toBeLessThanOrEqual(mean(before.map(callsOf)));
			expect(most(after, callsOf)).toBeLessThanOrEqual(most(before, callsOf));
			expect(mean(after.map(lagOf))).toBeLessThanOrEqual(mean(before.map(lagOf)) + 10_000);
			expect(most(after, lagOf)).toBeLessThanOrEqual(most(before, lagOf) + 10_000);
		},
	);

	it('one of 8 to 13 s that takes three times as long costs at most 2 calls more than before', async () => {
		const unusual = (seed: number) => lengthsBetween(24_000, 39_000, seed + 100)(20);
		const before = await lastRuns(8, (seed) => [unusual(seed)]);
		const after = await lastRuns(8, (seed) => [
			lengthsBetween(8_000, 13_000, seed)(20),
			unusual(seed),
		]);
		expect(mean(after.map(callsOf))).toBeLessThanOrEqual(mean(before.map(callsOf)) + 2);
		expect(mean(after.map(lagOf))).toBeLessThanOrEqual(mean(before.map(lagOf)) + 1_000);
	});

	it('one that is refused in its first seconds is seen within 14 s', async () => {
		const paid = await lastRuns(8, (seed) => [
			lengthsBetween(162_000, 198_000, seed)(8),
			lengthsBetween(0, 10_000, seed)(20),
		]);
		expect(Math.max(...paid.map(({ toldAt = Infinity, madeAt }) => toldAt - madeAt))).toBeLessThan(
			14_000,
		);
	});

	it('what it has learned does not carry it away: after 200 tasks it is as good as after 30', async () => {
		const paid = await lastRuns(4, (seed) => {
			const lengths = lengthsBetween(162_000, 198_000, seed);
			return [...Array.from({ length: 20 }, () => lengths(10)), lengths(20)];
		});
		expect(mean(paid.map(callsOf))).toBeLessThanOrEqual(12);
		expect(mean(paid.map(lagOf))).toBeLessThanOrEqual(3_000);
	});

	it('a model that has become three times as fast, or as slow, is learned anew', async () => {
		for (const times of [1 / 3, 3]) {
			const paid = await lastRuns(3, (seed) => {
				const lengths = lengthsBetween(162_000, 198_000, seed);
				const others = (amount: number) => lengths(amount).map((length) => length * times);
				return [lengths(10), others(30), others(30), others(20)];
			});
			const fresh = await lastRuns(3, (seed) => {
				const lengths = lengthsBetween(162_000 * times, 198_000 * times, seed);
				return [lengths(20)];
			});
			expect(mean(paid.map(callsOf))).toBeLessThan(mean(fresh.map(callsOf)));
			expect(mean(paid.map(lagOf))).toBeLessThan(mean(fresh.map(lagOf)));
		}
	});
});

describe('the gaps between checks', () => {
	it('never come down to nothing, so that no two checks follow each other at once', () => {
		for (const random of [0, 0.5, 0.999]) {
			const gapAt = pollSchedule(0, () => random, undefined);
			const ages = Array.from({ length: 85_715 }, (_, index) => index * 7);
			expect(Math.min(...ages.map(gapAt))).toBeGreaterThanOrEqual(1_000);
		}
	});

	it('differ from task to task, so that the checks of many do not come all at once', () => {
		const random = seededRandom(5);
		const first = Array.from({ length: 50 }, () => pollSchedule(0, random, undefined)(0));
		expect(new Set(first).size).toBeGreaterThan(30);
	});

	it('are those of the user, where there are any, at every age', () => {
		for (const age of [0, 4_000, 60_000, 3_600_000]) {
			expect(pollSchedule(20_000, () => 0.5, undefined)(age)).toBe(20_000);
		}
	});

	it('where the usual duration is known they are not shorter than half a second, and those of the user stay', () => {
		for (const medianMs of [200, 1_000, 3_000, 10_000, 60_000, 180_000, 3_600_000]) {
			for (const spread of [0.1, 0.5, 1]) {
				const usual = {
					medianMs,
					fromMs: medianMs * (1 - spread),
					toMs: medianMs * (1 + spread),
				};
				for (const random of [0, 0.5, 0.999]) {
					const gapAt = pollSchedule(0, () => random, usual);
					for (let age = 0; age < medianMs * 3; ) {
						const gap = gapAt(age);
						expect(gap).toBeGreaterThanOrEqual(490);
						age += gap + 50;
					}
					expect(pollSchedule(20_000, () => 0.5, usual)(0)).toBe(20_000);
				}
			}
		}
	});

	it('costs at most 2 checks more than without knowledge, however long the task takes; none where two minutes are usual', () => {
		const agesOf = (gapAt: (ageMs: number) => number) => {
			let age = 0;
			return Array.from({ length: 100 }, () => (age += gapAt(age)));
		};
		const without = agesOf(pollSchedule(0, () => 0.5, undefined));
		for (const medianMs of [1_000, 3_000, 5_000, 10_000, 20_000, 60_000, 180_000, 600_000]) {
			for (const spread of [0.12, 0.3, 0.6]) {
				const usual = {
					medianMs,
					fromMs: medianMs * (1 - spread),
					toMs: medianMs * (1 + spread),
				};
				const known = agesOf(pollSchedule(0, () => 0.5, usual));
				const more = medianMs < 120_000 ? 2 : 0;
				const sooner = known.filter((age, index) => age < (without[index - more] ?? 0) - 10);
				expect(sooner).toEqual([]);
			}
		}
	});

	it('a wait that begins late goes on with the checks that are still to come', () => {
		const usual = { medianMs: 180_000, fromMs: 160_000, toMs: 200_000 };
		const gapAt = pollSchedule(0, () => 0.5, usual);
		const next = 170_000 + gapAt(170_000);
		expect(next).toBeGreaterThan(170_000);
		expect(next).toBeLessThan(178_000);
	});
});
