import { setMaxListeners } from 'node:events';
import { journalKey } from '../../nodes/RunningHub/n8n/runState';
import { AccountLimiter } from '../../runninghub/tasks/accountLimiter';
import { runBatch, type BatchSettings } from '../../runninghub/tasks/batch';
import type { Job, JobOutcome } from '../../runninghub/tasks/job';
import { budgetIn } from '../../runninghub/tasks/budget';
import { journalIn } from '../../runninghub/tasks/journal';
import { parseMedia } from '../../runninghub/files/media';
import { createUploads } from '../../runninghub/files/uploads';
import { FakeClock } from '../support/fakeClock';
import {
	FakeAccount,
	type Paid,
	type QueryFate,
	type SubmitFate,
	type UploadFate,
} from '../support/unitAccount';
import { keepingLogger, seededRandom } from '../support/unitAnswers';

const SCHEDULES = 2_000;

/** After these the submit may come again; after all others it must not. */
const NO_TASK_FOR_SURE: readonly SubmitFate[] = [
	'http429',
	'rate1003',
	'busy1011',
	'full1520',
	'noConnection',
];
/** Of these nobody can know whether there is a task. */
const DOUBTFUL: readonly SubmitFate[] = [
	'error500NoTask',
	'error500AfterTask',
	'resetNoTask',
	'resetAfterTask',
	'htmlNoTask',
	'htmlAfterTask',
	'emptyNoTask',
	'emptyAfterTask',
	'malformedNoTask',
	'malformedAfterTask',
];
const READABLE: readonly SubmitFate[] = [
	'accepted',
	'acceptedWithNumber',
	'acceptedWithUnknownStatus',
	'slow',
];
const SUBMIT_FATES = [...NO_TASK_FOR_SURE, ...DOUBTFUL, ...READABLE, 'refused1501'] as const;
const QUERY_FATES: QueryFate[] = [
	'http429',
	'http502',
	'reset',
	'busy1011',
	'html',
	'empty',
	'malformed',
	'unknownStatus',
];
const UPLOAD_FATES: UploadFate[] = ['http500', 'reset', 'html'];
const MINUTE = 60_000;
/** The longest that an answer takes, with all that follows on it. */
const AFTERMATH_MS = 3 * MINUTE;

interface Try {
	/** Its submits and its tasks are those from these moments on, in the account's books. */
	submitsFrom: number;
	paidFrom: number;
	/** Undefined where it was stopped. */
	outcomes: JobOutcome[] | undefined;
	stoppedAt: number;
}

/** One run of some items, tried up to three times, each try with faults of its own, a Stop perhaps, and the same journal. */
const play = async (seed: number) => {
	const random = seededRandom(seed);
	const below = (limit: number) => Math.floor(random() * limit);
	const chance = (probability: number) => random() < probability;
	const oneOf = <T>(from: readonly T[], otherwise: T): T => from[below(from.length)] ?? otherwise;

	const clock = new FakeClock();
	const trouble = random() * 0.6;
	const slots = 1 + below(8);
	const account = new FakeAccount(clock, {
		slots: () => (chance(0.1) ? 1 : slots),
		latencyMs: below(800),
		taskMs: () => 1_000 + below(20_000),
		passesReview: () => chance(0.9),
		fateOfSubmit: () => (chance(trouble) ? oneOf(SUBMIT_FATES, 'accepted') : 'accepted'),
		fateOfQuery: () => (chance(trouble / 2) ? oneOf(QUERY_FATES, 'answered') : 'answered'),
		fateOfUpload: () => (chance(trouble / 2) ? oneOf(UPLOAD_FATES, 'stored') : 'stored'),
	});
	const amount = 1 + below(6);
	const options = {
		goOnAfterFailure: chance(0.6),
		maxConcurrent: chance(0.4) ? 1 + below(3) : 0,
	};
	const sleeps = chance(0.5);
	const safety = { resubmitUnknown: chance(0.2), cancelWhenStopped: chance(0.3) };
	const wait = chance(0.8) ? { timeoutMs: 15 * MINUTE, pollIntervalMs: 0 } : null;
	const withFile = chance(0.3);
	const logger = keepingLogger();
	for (let leaps = below(3); leaps > 0; leaps--) {
		void clock.sleep(below(5 * MINUTE)).then(() => clock.leap(below(4) * 20 * MINUTE));
	}

	let saved: Record<string, unknown> = {};
	let slept = false;
	const tries: Try[] = [];
	/** One batch, in a process of its own as it were: nothing of an earlier one is left but what n8n has saved. */
	const playBatch = async (signal: AbortSignal, settings: Partial<BatchSettings>) => {
		const store: Record<string, unknown> = JSON.parse(JSON.stringify(saved));
		const tools = {
			client: account.client,
			clock,
			logger,
			random,
			limiter: new AccountLimiter({ clock, random }),
			journal: journalIn(store),
			budget: budgetIn({}),
			signal,
		};
		const uploads = createUploads({
			...tools,
			openUrl: () => Promise.reject(new Error('not used')),
		});
		const jobs = account.jobs(amount, wait).map((job, index): Job => {
			const picture = Buffer.from(String(index % 2)).toString('base64');
			const [source] = parseMedia(`data:image/png;base64,${picture}`);
			return {
				...job,
				...safety,
				// Some are alike.
				key: journalKey(index, ['vidu/text-to-video', index % 2]),
				prepare: async () => {
					if (withFile && source?.type === 'data') await uploads.upload(source);
					return await job.prepare();
				},
			};
		});
		const work = runBatch(jobs, tools, { ...options, ...settings });
		const outcomes = await clock.run(work).catch((error: unknown) => {
			if (!signal.aborted) throw error;
			return undefined;
		});
		// What n8n saves with an execution is what is there when it ends, or sleeps.
		saved = JSON.parse(JSON.stringify(store));
		return outcomes;
	};

	do {
		const stop = new AbortController();
		setMaxListeners(0, stop.signal);
		if (chance(0.35)) {
			void clock.sleep(below(MINUTE / 2)).then(() => stop.abort(new Error('stopped')));
		}
		const begun = { submitsFrom: account.fates.length, paidFrom: account.paid.length };
		const startedAt = clock.now();
		const detach = new AbortController();
		if (sleeps) void clock.sleep(below(MINUTE)).then(() => detach.abort());
		let outcomes = await playBatch(stop.signal, {
			startedAt,
			earlier: tries.length === 0 ? undefined : 'tried',
			detach: sleeps ? detach.signal : undefined,
		});
		while (outcomes?.some(isUnfinished)) {
			slept = true;
			await clock.advance(below(2 * MINUTE));
			const settings = { startedAt, earlier: 'continued', detach: AbortSignal.abort() } as const;
			outcomes = await playBatch(stop.signal, settings);
		}
		tries.push({ ...begun, outcomes, stoppedAt: outcomes === undefined ? clock.now() : Infinity });
		await clock.advance(below(2 * AFTERMATH_MS));
	} while (tries.length < 3 && (tries.at(-1)?.outcomes === undefined || chance(0.4)));
	await clock.advance(2 * AFTERMATH_MS);
	return { account, amount, tries, logger, safety, slept, sleepers: clock.sleepers };
};

type Played = Awaited<ReturnType<typeof play>>;

const isUnfinished = ({ state }: JobOutcome) => state === 'detached' || state === 'deferred';

/** What an outcome tells of the task that was paid for. */
const told = (outcome: JobOutcome | undefined): string | undefined => {
	if (outcome === undefined || outcome.state === 'notSent' || outcome.state === 'deferred') {
		return undefined;
	}
	if (outcome.state !== 'error') return outcome.task.taskId;
	return outcome.error.taskId ?? outcome.error.kind;
};

const isLost = ({ end }: Paid, byStop: boolean) =>
	end === 'failed' || (end === 'cancelled' && byStop);

/** What is wrong with what became of one schedule; the kinds of outcome that it has seen. */
const judge = ({ account, amount, tries, logger, safety, slept, sleepers }: Played) => {
	const wrong: string[] = [];
	const seen = new Set<string>(slept ? ['slept'] : []);
	const named = new Set(
		logger.lines.flatMap(({ message }) => message.match(/\b19\d{17}\b/g) ?? []),
	);
	for (let item = 0; item < amount; item++) {
		const demand = (isSo: boolean, what: string) => {
			if (!isSo) wrong.push(`item ${item}: ${what}`);
		};
		let doubtedBefore = false;
		let perhapsDoubtedBefore = false;

		for (const [index, { submitsFrom, paidFrom, outcomes, stoppedAt }] of tries.entries()) {
			const next = tries[index + 1];
			const sent = account.fates
				.slice(submitsFrom, next?.submitsFrom)
				.filter((fate) => fate.item === item)
				.map(({ fate }) => fate);
			const paid = account.paid.slice(paidFrom, next?.paidFrom).filter((one) => one.item === item);
			const [task] = paid;
			const last = sent.at(-1);
			const outcome = outcomes?.[item];
			seen.add(outcome?.state === 'error' ? outcome.error.kind : (outcome?.state ?? 'stopped'));

			demand(
				sent.slice(0, -1).every((fate) => NO_TASK_FOR_SURE.includes(fate)),
				`sent again after ${sent.join(', ')}`,
			);
			demand(paid.length <= 1, 'paid twice in one try');
			if (doubtedBefore && !safety.resubmitUnknown) demand(sent.length === 0, 'sent after a doubt');
			if (outcome?.state === 'notSent') demand(paid.length === 0, 'paid, and said not to be sent');

			if (task !== undefined) {
				const answered = last !== undefined && READABLE.includes(last);
				const tells = told(outcome);
				if (outcomes !== undefined) {
					demand(tells === task.taskId || tells === 'unknownOutcome', `lost, told was ${tells}`);
				}
				demand(!answered || named.has(task.taskId), 'not in the log');
				if (answered && safety.cancelWhenStopped && task.madeAt <= stoppedAt && !outcomes) {
					demand(task.endsAt <= stoppedAt + AFTERMATH_MS, 'not cancelled');
				}
			}

			const doubtful = last !== undefined && DOUBTFUL.includes(last);
			const perhapsDoubtful = doubtful || (last !== undefined && outcomes === undefined);
			if (told(outcome) === 'unknownOutcome') {
				demand(perhapsDoubtful || perhapsDoubtedBefore, 'a doubt without a reason');
			}
			doubtedBefore = doubtful || (doubtedBefore && last === undefined);
			perhapsDoubtedBefore = perhapsDoubtful || (perhapsDoubtedBefore && last === undefined);
		}

		// Over all tries: a second one only for one that is lost, or after a doubt if that is allowed.
		const tasks = account.paidFor(item);
		const good = tasks.filter((task) => !isLost(task, safety.cancelWhenStopped));
		demand(good.length <= (safety.resubmitUnknown ? tries.length : 1), 'paid twice');
		if (tasks.length > 1) seen.add('paid anew');
	}
	if (sleepers > 0) wrong.push('something still goes on');
	return { wrong, seen };
};

it(`whatever goes wrong, no task is paid for twice and none is lost (${SCHEDULES} schedules)`, async () => {
	const seen = new Set<string>();
	for (let seed = 1; seed <= SCHEDULES; seed++) {
		const judged = judge(await play(seed));
		expect({ seed, wrong: judged.wrong }).toEqual({ seed, wrong: [] });
		for (const one of judged.seen) seen.add(one);
	}
	// The schedules were wild enough to mean something.
	expect([...seen]).toEqual(
		expect.arrayContaining([
			'ended',
			'pending',
			'slept',
			'timedOut',
			'notSent',
			'stopped',
			'unknownOutcome',
			'moderation',
			'paid anew',
		]),
	);
}, 120_000);
