import { runBatch } from '../../runninghub/tasks/batch';
import { DurationStats } from '../../runninghub/tasks/durationStats';
import type { Job } from '../../runninghub/tasks/job';
import { FakeClock } from '../support/fakeClock';
import { batchDeps, FakeAccount, type AccountSettings } from '../support/unitAccount';
import { modelSubmission } from '../support/unitAnswers';

const SOURCE = 'vidu/text-to-video';

/** Ends that were seen within a second. */
const seen = (durations: DurationStats, ages: number[], source = SOURCE) => {
	for (const ageMs of ages)
		durations.observe(source, { unfinishedMs: ageMs - 500, endedMs: ageMs + 500 });
};

describe('the usual duration', () => {
	it('is unknown before five tasks have been seen', () => {
		const durations = new DurationStats();
		seen(durations, [10_000, 10_000, 10_000, 10_000]);
		expect(durations.usual(SOURCE)).toBeUndefined();
		seen(durations, [10_000]);
		expect(durations.usual(SOURCE)?.medianMs).toBe(10_000);
	});

	it('is that of one source alone', () => {
		const durations = new DurationStats();
		seen(durations, [10_000, 10_000, 10_000, 10_000, 10_000]);
		seen(durations, [90_000, 90_000, 90_000, 90_000, 90_000], 'another');
		expect(durations.usual(SOURCE)?.medianMs).toBe(10_000);
		expect(durations.usual('another')?.medianMs).toBe(90_000);
	});

	it('is the middle between two looks, not the later one', () => {
		const durations = new DurationStats();
		for (let task = 0; task < 5; task++)
			durations.observe(SOURCE, { unfinishedMs: 100_000, endedMs: 120_000 });
		expect(durations.usual(SOURCE)?.medianMs).toBe(110_000);
	});

	it('has bounds that hold most of the tasks', () => {
		const durations = new DurationStats();
		seen(
			durations,
			[160_000, 165_000, 170_000, 175_000, 180_000, 185_000, 190_000, 195_000, 200_000],
		);
		const { fromMs = 0, toMs = 0 } = durations.usual(SOURCE) ?? {};
		expect(fromMs).toBeGreaterThan(150_000);
		expect(fromMs).toBeLessThan(165_000);
		expect(toMs).toBeGreaterThan(195_000);
		expect(toMs).toBeLessThan(210_000);
	});

	it('is hardly changed by a task in ten that takes much longer', () => {
		const durations = new DurationStats();
		for (let round = 0; round < 3; round++) {
			seen(
				durations,
				[170_000, 172_000, 174_000, 176_000, 178_000, 182_000, 184_000, 186_000, 188_000],
			);
			seen(durations, [900_000]);
		}
		const { medianMs = 0, fromMs = 0, toMs = 0 } = durations.usual(SOURCE) ?? {};
		expect(medianMs).toBeCloseTo(180_000, -4);
		expect(fromMs).toBeGreaterThan(150_000);
		expect(toMs).toBeLessThan(210_000);
	});

	it('is that of the last tasks', () => {
		const durations = new DurationStats();
		seen(
			durations,
			Array.from({ length: 100 }, () => 180_000),
		);
		seen(
			durations,
			Array.from({ length: 30 }, () => 60_000),
		);
		expect(durations.usual(SOURCE)?.toMs).toBeLessThan(80_000);
	});

	it('is not learned from an end that is known to within minutes only, as after a sleep of the computer', () => {
		const durations = new DurationStats();
		for (let task = 0; task < 10; task++)
			durations.observe(SOURCE, { unfinishedMs: 100_000, endedMs: 400_000 });
		expect(durations.usual(SOURCE)).toBeUndefined();
	});

	it('is not kept for tasks of hours', () => {
		const durations = new DurationStats();
		seen(
			durations,
			Array.from({ length: 10 }, () => 10 * 60 * 60_000),
		);
		expect(durations.usual(SOURCE)).toBeUndefined();
	});

	it('of very many sources, those that were used last are kept', () => {
		const durations = new DurationStats();
		const five = [10_000, 10_000, 10_000, 10_000, 10_000];
		seen(durations, five, 'first');
		seen(durations, five, 'second');
		for (let source = 0; source < 198; source++) seen(durations, five, `workflow ${source}`);
		seen(durations, [10_000], 'first');
		seen(durations, five, 'one too many');
		expect(durations.usual('second')).toBeUndefined();
		expect(durations.usual('first')).toBeDefined();
		expect(durations.usual('one too many')).toBeDefined();
	});
});

describe('what the waits of a run tell', () => {
	const WAIT = { timeoutMs: 1_800_000, pollIntervalMs: 0 };
	const TASK_MS = 180_000;

	/** What is known of the source after one run of ten tasks. */
	const usualAfter = async (
		jobsOf: (account: FakeAccount) => Job[] | Promise<Job[]>,
		settings: (clock: FakeClock) => AccountSettings = () => ({}),
	) => {
		const clock = new FakeClock();
		const account = new FakeAccount(clock, { taskMs: () => TASK_MS, ...settings(clock) });
		const jobs = await clock.run(Promise.resolve(jobsOf(account)));
		const tools = batchDeps(account, clock);
		await clock.run(runBatch(jobs, tools, { goOnAfterFailure: true }));
		return tools.limiter.durations.usual(SOURCE);
	};

	it('how long tasks take that succeed', async () => {
		const { medianMs = 0 } = (await usualAfter((account) => account.jobs(10, WAIT))) ?? {};
		expect(medianMs).toBeGreaterThan(TASK_MS - 10_000);
		expect(medianMs).toBeLessThan(TASK_MS + 10_000);
	});

	it('nothing of tasks that fail', async () => {
		const failing = () => ({ passesReview: () => false });
		expect(await usualAfter((account) => account.jobs(10, WAIT), failing)).toBeUndefined();
	});

	it('nothing where the checks come as the user likes', async () => {
		const wait = { ...WAIT, pollIntervalMs: 20_000 };
		expect(await usualAfter((account) => account.jobs(10, wait))).toBeUndefined();
	});

	it('nothing of tasks that outlast the timeout', async () => {
		const wait = { ...WAIT, timeoutMs: 100_000 };
		expect(await usualAfter((account) => account.jobs(10, wait))).toBeUndefined();
	});

	it('nothing where RunningHub could not be asked for minutes around their end', async () => {
		const down = (clock: FakeClock): AccountSettings => ({
			fateOfQuery: () => (clock.now() > 100_000 && clock.now() < 400_000 ? 'http502' : 'answered'),
		});
		expect(await usualAfter((account) => account.jobs(10, WAIT), down)).toBeUndefined();
	});

	it('nothing of tasks from elsewhere, whose begin nobody knows', async () => {
		const elsewhere = async ({ client }: FakeAccount): Promise<Job[]> =>
			await Promise.all(
				Array.from({ length: 10 }, async (_, itemIndex) => {
					const { taskId } = await client.submit(modelSubmission(SOURCE, { item: itemIndex }));
					return { itemIndex, key: `item${itemIndex}`, source: SOURCE, taskId, wait: WAIT };
				}),
			);
		expect(await usualAfter(elsewhere)).toBeUndefined();
	});

	it('nothing of what is seen after a sleep', async () => {
		const clock = new FakeClock();
		const account = new FakeAccount(clock, { taskMs: () => TASK_MS });
		const tools = batchDeps(account, clock);
		const jobs = account.jobs(10, WAIT);
		const settings = { goOnAfterFailure: true, detach: AbortSignal.abort() };
		await clock.run(runBatch(jobs, tools, settings));
		await clock.advance(200_000);
		const outcomes = await clock.run(runBatch(jobs, tools, { ...settings, earlier: 'continued' }));
		expect(outcomes.map(({ state }) => state)).toEqual(jobs.map(() => 'ended'));
		expect(tools.limiter.durations.usual(SOURCE)).toBeUndefined();
	});
});
