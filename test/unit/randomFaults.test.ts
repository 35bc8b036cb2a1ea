import { runBatch, type JobOutcome } from '../../runninghub/batch';
import { FakeClock } from '../support/fakeClock';
import { emptyJournal, FakeAccount, type QueryFate, type SubmitFate } from '../support/unitAccount';
import { keepingLogger, seededRandom } from '../support/unitAnswers';

const SCHEDULES = 600;

const SUBMIT_FATES: SubmitFate[] = [
	'http429',
	'busy1011',
	'full1520',
	'refused1501',
	'error500NoTask',
	'error500AfterTask',
	'resetNoTask',
	'resetAfterTask',
	'noConnection',
	'slow',
];
const QUERY_FATES: QueryFate[] = ['http502', 'reset', 'busy1011'];
/** After these the submit may come again; after all others it must not. */
const NO_TASK_FOR_SURE: ReadonlySet<SubmitFate> = new Set([
	'http429',
	'busy1011',
	'full1520',
	'noConnection',
]);

const pick = <T>(from: readonly T[], random: () => number, otherwise: T): T =>
	from[Math.floor(random() * from.length)] ?? otherwise;

const play = async (seed: number) => {
	const random = seededRandom(seed);
	const clock = new FakeClock();
	const trouble = random() * 0.6;
	const account = new FakeAccount(clock, {
		slots: 1 + Math.floor(random() * 8),
		latencyMs: Math.floor(random() * 800),
		taskMs: () => 1_000 + Math.floor(random() * 60_000),
		fateOfSubmit: () => (random() < trouble ? pick(SUBMIT_FATES, random, 'accepted') : 'accepted'),
		fateOfQuery: () =>
			random() < trouble / 2 ? pick(QUERY_FATES, random, 'answered') : 'answered',
	});
	const amount = 1 + Math.floor(random() * 8);
	const goOnAfterFailure = random() < 0.6;
	const logger = keepingLogger();
	const outcomes = await clock.run(
		runBatch(
			account.jobs(amount, random() < 0.8 ? { timeoutMs: 900_000, pollIntervalMs: 0 } : null),
			{ client: account.client, clock, logger, random, journal: emptyJournal() },
			{ goOnAfterFailure },
		),
	);
	return { account, amount, outcomes, logger };
};

/** What an outcome tells of the task that was paid for. */
const told = (outcome: JobOutcome | undefined): string | undefined => {
	if (outcome === undefined || outcome.state === 'notSent') return undefined;
	if (outcome.state !== 'error') return outcome.task.taskId;
	return outcome.error.taskId ?? outcome.error.kind;
};

it(`whatever goes wrong, no task is paid for twice and none is lost (${SCHEDULES} schedules)`, async () => {
	const seen = new Set<string>();
	for (let seed = 1; seed <= SCHEDULES; seed++) {
		const { account, amount, outcomes, logger } = await play(seed);
		expect(outcomes).toHaveLength(amount);
		for (let item = 0; item < amount; item++) {
			const outcome = outcomes[item];
			seen.add(outcome?.state === 'error' ? outcome.error.kind : (outcome?.state ?? 'none'));
			const paid = account.paidFor(item);
			const where = `schedule ${seed}, item ${item}`;

			// Never twice.
			expect([where, paid.length <= 1]).toEqual([where, true]);
			// Sent again only where no task can exist.
			const sent = account.fates.filter((fate) => fate.item === item).map(({ fate }) => fate);
			const wronglyRepeated = sent.slice(0, -1).filter((fate) => !NO_TASK_FOR_SURE.has(fate));
			expect([where, wronglyRepeated]).toEqual([where, []]);
			// Never lost: the outcome names the task, or says that there may be one.
			const [task] = paid;
			if (task !== undefined) {
				expect([task.taskId, 'unknownOutcome']).toContain(told(outcome));
				if (told(outcome) === task.taskId) {
					expect(logger.lines.some(({ facts }) => facts?.taskId === task.taskId)).toBe(true);
				}
			}
			// No false alarm either: without a doubtful answer there is no unknown outcome.
			if (told(outcome) === 'unknownOutcome') {
				expect(sent.at(-1)).toMatch(/^(?:error500|reset)/);
			}
			if (outcome?.state === 'notSent') expect([where, paid.length]).toEqual([where, 0]);
		}
	}
	// The schedules were wild enough to mean something.
	for (const state of ['ended', 'pending', 'notSent', 'unknownOutcome', 'moderation']) {
		expect([...seen]).toContain(state);
	}
}, 60_000);
