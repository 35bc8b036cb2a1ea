import { setMaxListeners } from 'node:events';
import { runBatch, type Job, type JobOutcome } from '../../runninghub/batch';
import { journalIn, type Journal } from '../../runninghub/journal';
import { FakeClock } from '../support/fakeClock';
import { FakeAccount, emptyJournal, type AccountSettings } from '../support/unitAccount';
import { keepingLogger, seededRandom } from '../support/unitAnswers';

const setUp = (settings: AccountSettings = {}, journal: Journal = emptyJournal()) => {
	const clock = new FakeClock();
	const account = new FakeAccount(clock, settings);
	const logger = keepingLogger();
	const stop = new AbortController();
	setMaxListeners(0, stop.signal);
	const tools = {
		client: account.client,
		clock,
		logger,
		journal,
		random: seededRandom(3),
		signal: stop.signal,
	};
	const start = async (jobs: Job[], goOnAfterFailure = true) =>
		await runBatch(jobs, tools, { goOnAfterFailure });
	const run = async (jobs: Job[], goOnAfterFailure = true) =>
		await clock.run(start(jobs, goOnAfterFailure));
	return { clock, account, logger, stop, start, run };
};

const idIn = (outcome: JobOutcome | undefined): string | undefined =>
	outcome !== undefined && 'task' in outcome ? outcome.task.taskId : undefined;
const errorIn = (outcome: JobOutcome | undefined) =>
	outcome?.state === 'error' ? outcome.error : undefined;

describe('a batch of jobs', () => {
	it('gives every job its own task, in the order of the jobs', async () => {
		const { run, account } = setUp({ taskMs: (index) => 60_000 - 1_000 * index, latencyMs: 100 });
		const outcomes = await run(account.jobs(30));
		expect(outcomes.map(({ state }) => state)).toEqual(Array(30).fill('ended'));
		expect(outcomes.map(idIn)).toEqual(outcomes.map((_, item) => account.paidFor(item)[0]?.taskId));
		expect(account.submits).toHaveLength(30);
	});

	it('nothing to do is done at once', async () => {
		expect(await setUp().run([])).toEqual([]);
	});

	it('50 items on an account that takes 50: within 1.1 times one task', async () => {
		const { run, account, clock } = setUp({ slots: 50, latencyMs: 50 });
		const outcomes = await run(account.jobs(50));
		expect(outcomes.every(({ state }) => state === 'ended')).toBe(true);
		expect(account.submits).toHaveLength(50);
		expect(clock.now()).toBeLessThanOrEqual(1.1 * 10_000);
	});

	it('50 items on an account that takes 5: within 1.15 times the ideal, and none fails', async () => {
		const { run, account, clock } = setUp({ slots: 5, latencyMs: 50 });
		const outcomes = await run(account.jobs(50));
		expect(outcomes.every(({ state }) => state === 'ended')).toBe(true);
		expect(account.paid).toHaveLength(50);
		expect(new Set(account.paid.map(({ item }) => item)).size).toBe(50);
		expect(clock.now()).toBeLessThanOrEqual(1.15 * (50 / 5) * 10_000);
	});

	it('an account of one slot is kept busy, and all get their results', async () => {
		const { run, account } = setUp({ slots: 1, taskMs: () => 20_000, latencyMs: 200 });
		const outcomes = await run(account.jobs(8));
		expect(outcomes.every(({ state }) => state === 'ended')).toBe(true);
		expect(account.paid).toHaveLength(8);
	});

	it('a slot that is taken by somebody else for an hour is waited for, and then the time-out counts', async () => {
		const { run, account, clock } = setUp({ slots: 0 });
		const outcomes = await run(account.jobs(3, { timeoutMs: 600_000, pollIntervalMs: 0 }));
		for (const outcome of outcomes) {
			expect(errorIn(outcome)).toMatchObject({ kind: 'capacity', taskId: undefined });
			expect(errorIn(outcome)?.description).toMatch(/No task was accepted for 10 minutes/);
		}
		expect(account.paid).toEqual([]);
		expect(clock.now()).toBeLessThan(1_200_000);
	});

	it('an unknown outcome is not sent again, and takes nothing from the others', async () => {
		const { run, account } = setUp({
			fateOfSubmit: (item) =>
				item === 2 ? 'resetAfterTask' : item === 4 ? 'error500NoTask' : 'accepted',
		});
		const outcomes = await run(account.jobs(6));
		expect(outcomes.map(({ state }) => state)).toEqual([
			'ended',
			'ended',
			'error',
			'ended',
			'error',
			'ended',
		]);
		expect(errorIn(outcomes[2])?.kind).toBe('unknownOutcome');
		expect(errorIn(outcomes[4])?.kind).toBe('unknownOutcome');
		expect(account.submits).toHaveLength(6);
	});

	it('a submit that is not waited for is pending, with its id', async () => {
		const { run, account } = setUp();
		const outcomes = await run(account.jobs(3, null));
		expect(outcomes.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
		expect(outcomes.map(idIn)).toEqual(account.paid.map(({ taskId }) => taskId));
		expect(account.queries).toBe(0);
	});

	it('a task that outlasts its time-out is told with its id, and is not cancelled', async () => {
		const { run, account } = setUp({ taskMs: () => 3_600_000 });
		const outcomes = await run(account.jobs(2, { timeoutMs: 60_000, pollIntervalMs: 0 }));
		expect(outcomes.map(({ state }) => state)).toEqual(['timedOut', 'timedOut']);
		expect(outcomes.map(idIn)).toEqual(account.paid.map(({ taskId }) => taskId));
	});

	it('logs each task at once when it is accepted, with the id and the item', async () => {
		const { start, account, clock, logger } = setUp({ taskMs: () => 60_000 });
		const work = start(account.jobs(3));
		await clock.advance(1_000);
		const logged = logger.lines.filter(({ level }) => level === 'info');
		expect(logged.map(({ facts }) => [facts?.taskId, facts?.itemIndex])).toEqual(
			account.paid.map(({ taskId, item }) => [taskId, item]),
		);
		for (const { message, facts } of logged) expect(message).toContain(facts?.taskId);
		await clock.run(work);
	});

	it('what comes before a submit is done once, even where the submit is sent many times', async () => {
		const { run, account } = setUp({ slots: 1 });
		const prepared: number[] = [];
		const jobs = account
			.jobs(4)
			.map((job) => ({ ...job, prepare: async () => void prepared.push(job.itemIndex) }));
		await run(jobs);
		expect(account.submits.length).toBeGreaterThan(4);
		expect(prepared.sort()).toEqual([0, 1, 2, 3]);
	});
});

describe('after a failure', () => {
	const sentAfterFailure = async (jobsAtAll: number, failing: number, latencyMs: number) => {
		const { run, account } = setUp({
			latencyMs,
			fateOfSubmit: (item) => (item === failing ? 'refused1501' : 'accepted'),
		});
		const outcomes = await run(account.jobs(jobsAtAll), false);
		return { outcomes, account };
	};

	it.each([0, 50])('nothing more is sent (answers take %i ms)', async (latencyMs) => {
		const { outcomes, account } = await sentAfterFailure(40, 0, latencyMs);
		expect(errorIn(outcomes[0])?.kind).toBe('moderation');
		// Ten at once were under way when the first was refused.
		expect(account.submits.length).toBeLessThanOrEqual(10);
		for (const [item, outcome] of outcomes.entries()) {
			if (item === 0) continue;
			const sent = account.submits.includes(item);
			expect([item, outcome.state]).toEqual([item, sent ? 'ended' : 'notSent']);
		}
	});

	it('nothing more is sent on a full account either', async () => {
		const { run, account, clock } = setUp({
			slots: 2,
			latencyMs: 50,
			fateOfSubmit: (_item, index) => (index === 15 ? 'refused1501' : 'accepted'),
		});
		const outcomes = await run(account.jobs(20), false);
		expect(account.submits).toHaveLength(16);
		expect(outcomes.filter(({ state }) => state === 'ended')).toHaveLength(account.paid.length);
		expect(outcomes.filter(({ state }) => state === 'error')).toHaveLength(1);
		expect(outcomes.filter(({ state }) => state === 'notSent')).toHaveLength(
			20 - account.paid.length - 1,
		);
		expect(clock.now()).toBeLessThan(120_000);
	});

	it.each([0, 50])(
		'nothing more is sent when a task has failed (answers take %i ms)',
		async (latencyMs) => {
			// Seen to fail before the queue's pause is over: what follows is sent after that, or never.
			const taskMs = () => 900;
			const wait = { timeoutMs: 60_000, pollIntervalMs: 1_000 };
			const passesReview = (index: number) => index > 0;
			const { run, account } = setUp({ slots: 1, latencyMs, taskMs, passesReview });
			const outcomes = await run(account.jobs(6, wait), false);
			expect(account.paid.map(({ item }) => item)).toEqual([0]);
			expect(outcomes.map(({ state }) => state)).toEqual([
				'ended',
				'notSent',
				'notSent',
				'notSent',
				'notSent',
				'notSent',
			]);
		},
	);

	it('nothing more is sent when the host could not be reached', async () => {
		const { run, account } = setUp({
			fateOfSubmit: (item) => (item < 10 ? 'noConnection' : 'accepted'),
		});
		const outcomes = await run(account.jobs(20), false);
		expect(outcomes.slice(10).map(({ state }) => state)).toEqual(Array(10).fill('notSent'));
		expect(account.paid).toEqual([]);
	});

	it('nothing more is sent when the preparation of a job fails', async () => {
		const { run, account } = setUp({ latencyMs: 50 });
		const jobs = account.jobs(20).map((job) => ({
			...job,
			prepare: async () => {
				if (job.itemIndex === 0) await account.client.cancel('19');
			},
		}));
		const outcomes = await run(jobs, false);
		expect(outcomes[0]?.state).toBe('error');
		for (const [item, outcome] of outcomes.entries()) {
			if (outcome.state === 'notSent') expect(account.submits).not.toContain(item);
		}
		expect(outcomes.filter(({ state }) => state === 'notSent').length).toBeGreaterThan(0);
	});

	it('the tasks that were accepted before still get their results', async () => {
		const { outcomes, account } = await sentAfterFailure(8, 7, 50);
		expect(outcomes.slice(0, 7).map(({ state }) => state)).toEqual(Array(7).fill('ended'));
		expect(account.paid.every(({ toldAt }) => toldAt !== undefined)).toBe(true);
	});

	it('with Continue On Fail all the others are sent', async () => {
		const { run, account } = setUp({
			fateOfSubmit: (item) => (item % 3 === 0 ? 'refused1501' : 'accepted'),
		});
		const outcomes = await run(account.jobs(30));
		expect(outcomes.map(({ state }) => state)).toEqual(
			outcomes.map((_, item) => (item % 3 === 0 ? 'error' : 'ended')),
		);
		expect(account.submits).toHaveLength(30);
	});

	it('a host that cannot be reached fails each job after three tries', async () => {
		const { run, account } = setUp({ fateOfSubmit: () => 'noConnection' });
		const outcomes = await run(account.jobs(5));
		for (const outcome of outcomes) {
			expect(errorIn(outcome)).toMatchObject({ kind: 'transient' });
			expect(errorIn(outcome)?.message).toMatch(/cannot be reached/);
		}
		for (const item of [0, 1, 2, 3, 4]) {
			expect(account.submits.filter((sent) => sent === item)).toHaveLength(3);
		}
	});
});

describe('a cancelled execution', () => {
	it('ends at once, sends nothing more, and logs the ids of the tasks that go on', async () => {
		const { start, account, clock, logger, stop } = setUp({
			slots: 5,
			taskMs: () => 600_000,
			latencyMs: 50,
		});
		const reason = new Error('cancelled');
		const ended = start(account.jobs(20)).catch((error: unknown) => error);
		await clock.advance(30_000);
		const { length } = account.submits;
		const before = clock.now();
		stop.abort(reason);
		expect(await ended).toBe(reason);
		expect(clock.now()).toBe(before);

		const warning = logger.lines.find(({ level }) => level === 'warn');
		expect(account.paid).toHaveLength(5);
		for (const { taskId } of account.paid) expect(warning?.message).toContain(taskId);
		await clock.advance(3_600_000);
		expect(account.submits).toHaveLength(length);
		expect(clock.sleepers).toBe(0);
	});

	it('logs also the task whose answer was on its way', async () => {
		const { start, account, clock, logger, stop } = setUp({ latencyMs: 5_000 });
		const ended = start(account.jobs(1)).catch((error: unknown) => error);
		await clock.advance(2_000);
		stop.abort(new Error('cancelled'));
		await clock.advance(60_000);
		await ended;
		const [paid] = account.paid;
		expect(logger.lines.some(({ facts }) => facts?.taskId === paid?.taskId)).toBe(true);
	});
});

describe('a run that is tried again', () => {
	it('takes up what it has paid for, running or done', async () => {
		const store = {};
		const first = setUp({ taskMs: () => 60_000 }, journalIn(store));
		const ended = first.start(first.account.jobs(3)).catch((error: unknown) => error);
		await first.clock.advance(10_000);
		first.stop.abort(new Error('killed'));
		await ended;

		const again = await first.clock.run(
			runBatch(
				first.account.jobs(3),
				{
					client: first.account.client,
					clock: first.clock,
					logger: keepingLogger(),
					random: seededRandom(3),
					journal: journalIn(JSON.parse(JSON.stringify(store))),
				},
				{ goOnAfterFailure: true },
			),
		);
		expect(again.map(({ state }) => state)).toEqual(['ended', 'ended', 'ended']);
		expect(again.map(idIn)).toEqual(first.account.paid.map(({ taskId }) => taskId));
		expect(first.account.submits).toHaveLength(3);
	});

	it('does not send again what has an unknown outcome', async () => {
		const store = {};
		const first = setUp({ fateOfSubmit: () => 'resetAfterTask' }, journalIn(store));
		await first.run(first.account.jobs(1));
		const second = setUp({}, journalIn(store));
		const [outcome] = await second.run(second.account.jobs(1));
		expect(errorIn(outcome)).toMatchObject({ kind: 'unknownOutcome', resendable: false });
		expect(second.account.submits).toEqual([]);
	});

	it('does not send again what left and was never answered, because the process was killed', async () => {
		const store = {};
		const first = setUp({ latencyMs: 10_000 }, journalIn(store));
		void first.start(first.account.jobs(1));
		await first.clock.advance(1_000);
		const saved: Record<string, unknown> = JSON.parse(JSON.stringify(store));
		const second = setUp({}, journalIn(saved));
		const [outcome] = await second.run(second.account.jobs(1));
		expect(errorIn(outcome)?.kind).toBe('unknownOutcome');
		expect(second.account.submits).toEqual([]);
	});

	it.each(['refused1501', 'noConnection'] as const)('sends again what was %s', async (fate) => {
		const store = {};
		const first = setUp({ fateOfSubmit: () => fate }, journalIn(store));
		await first.run(first.account.jobs(1));
		const second = setUp({}, journalIn(store));
		const [outcome] = await second.run(second.account.jobs(1));
		expect(outcome?.state).toBe('ended');
		expect(second.account.submits).toEqual([0]);
	});

	it('does not pay again while RunningHub cannot be asked', async () => {
		const store = {};
		const first = setUp({ taskMs: () => 60_000 }, journalIn(store));
		const jobs = first.account.jobs(2, null);
		await first.run(jobs);
		let broken = 3;
		const second = setUp(
			{ fateOfQuery: () => (broken-- > 0 ? 'http502' : 'answered') },
			journalIn(store),
		);
		second.account.paid.push(...first.account.paid);
		const outcomes = await second.run(second.account.jobs(2));
		expect(outcomes.map(idIn)).toEqual(first.account.paid.map(({ taskId }) => taskId));
		expect(outcomes.map(({ state }) => state)).toEqual(['ended', 'ended']);
		expect(second.account.submits).toEqual([]);
	});

	it('ignores a journal that is no journal', async () => {
		const { run, account } = setUp({}, journalIn({ item0: 'x', item1: { state: 'odd' } }));
		const outcomes = await run(account.jobs(2));
		expect(outcomes.map(({ state }) => state)).toEqual(['ended', 'ended']);
	});
});
