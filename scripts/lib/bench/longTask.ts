import { AccountLimiter } from '../../../runninghub/tasks/accountLimiter';
import { runBatch } from '../../../runninghub/tasks/batch';
import { budgetIn } from '../../../runninghub/tasks/budget';
import { FakeClock } from '../../../test/support/fakeClock';
import { emptyJournal, FakeAccount, type Paid } from '../../../test/support/unitAccount';
import { keepingLogger, modelSubmission, seededRandom } from '../../../test/support/unitAnswers';
import { type Bench, inTurn } from './bench';
import { atMost, type Baseline, type Figure, figureFrom, mean, OWN, type Series } from './figure';
import { compare, type Candidate } from './tasks';
import { byHand, withNode } from './workflows';

/** What it takes to look after a long task. */

/** The core as the node uses it, under a clock that makes minutes of it: so it can be seen for many seeds. */
export const polling: Bench = {
	name: 'poll',
	title: 'tasks of 10 s to 10 min, Keep the Execution Running (on a simulated clock)',
	inQuick: true,
	async run({ quick }) {
		const seeds = Array.from({ length: quick ? 12 : 50 }, (_, index) => index + 1);
		const about180 = spread(170_000, 190_000, TASKS);
		const own = await inTurn(seeds, async (seed) => await watchedByNode(about180, seed));
		const baselines = await inTurn(
			HAND_WAITS_S,
			async (waitS): Promise<{ what: string; paid: Paid[][] }> => ({
				what: `by hand, Wait ${waitS} s`,
				// There is no chance in it.
				paid: [await watchedByHand(about180, waitS * 1000)],
			}),
		);
		const numbers = (numberOf: (paid: Paid) => number) => {
			const meanOf = (paid: Paid[]) => mean(paid.map(numberOf));
			return {
				runs: own.map(meanOf),
				baselines: baselines.map(({ what, paid }): Baseline => ({ what, runs: paid.map(meanOf) })),
			};
		};
		const learned = async (from: number, to: number, known: number) =>
			await inTurn(seeds, async (seed) => {
				const lengths = between(from, to, seed);
				return await watchedByNode(lengths(TASKS), seed, lengths(known));
			});
		const learned180 = await learned(162_000, 198_000, 5);
		const learned10 = await learned(8_000, 13_000, 20);
		return {
			figures: [
				...learnedFigures('Task of 180 s ± 10 %, 5 seen before', learned180, {
					calls: 12,
					lagS: 3,
				}),
				...learnedFigures('Task of 8–13 s, 20 seen before', learned10, { calls: 5, lagS: 0.6 }),
				{
					what: 'Task of 180 s, Keep the Execution Running: API calls',
					unit: 'calls',
					...numbers(callsOf),
					target: atMost(25, 'calls'),
				},
				{
					what: 'Task of 180 s, Keep the Execution Running: lag from end to detection',
					unit: 's',
					...numbers((paid) => lagMsOf(paid) / 1000),
					target: atMost(5, 's'),
				},
			],
			series: await callsByLength(),
		};
	},
};

/** Of a model whose last tasks this process has waited for. */
function learnedFigures(
	what: string,
	paid: Paid[][],
	{ calls, lagS }: { calls: number; lagS: number },
): Figure[] {
	const meanOf = (numberOf: (paid: Paid) => number) => paid.map((one) => mean(one.map(numberOf)));
	return [
		{
			what: `${what}: API calls`,
			unit: 'calls',
			runs: [mean(meanOf(callsOf))],
			target: atMost(calls, 'calls'),
		},
		{
			what: `${what}: lag from end to detection`,
			unit: 's',
			runs: [mean(meanOf(lagMsOf)) / 1000],
			target: atMost(lagS, 's'),
		},
	];
}

const TASKS = 20;
const HAND_WAITS_S = [5, 10];
const LENGTHS_S = [10, 30, 60, 120, 180, 300, 450, 600];
const LATENCY_MS = 50;

const lagMsOf = ({ toldAt, endsAt }: Paid) => (toldAt ?? Infinity) - endsAt;
/** Checks, and the submit. */
const callsOf = ({ checks }: Paid) => checks + 1;

const spread = (from: number, to: number, amount: number) =>
	Array.from({ length: amount }, (_, index) => from + ((to - from) * index) / (amount - 1));

/** Lengths as they come. */
function between(from: number, to: number, seed: number) {
	const random = seededRandom(seed * 7919);
	return (amount: number) => Array.from({ length: amount }, () => from + (to - from) * random());
}

async function callsByLength(): Promise<Series[]> {
	const around = (seconds: number) => spread(seconds * 950, seconds * 1050, TASKS);
	const pointsOf = async (watch: (taskMs: number[]) => Promise<Paid[]>) =>
		await inTurn(
			LENGTHS_S,
			async (seconds): Promise<[number, number]> => [
				seconds,
				mean((await watch(around(seconds))).map(callsOf)),
			],
		);
	return [
		{
			plot: 'calls',
			name: 'this node, kept running',
			own: true,
			points: await pointsOf(async (taskMs) => await watchedByNode(taskMs, 1)),
		},
		...(await inTurn(
			HAND_WAITS_S,
			async (waitS): Promise<Series> => ({
				plot: 'calls',
				name: `by hand, Wait ${waitS} s`,
				own: false,
				points: await pointsOf(async (taskMs) => await watchedByHand(taskMs, waitS * 1000)),
			}),
		)),
	];
}

/** @param known lengths of tasks of the same model that are waited for before */
async function watchedByNode(
	taskMs: number[],
	seed: number,
	known: number[] = [],
): Promise<Paid[]> {
	const { clock, account } = fakeWorld([...known, ...taskMs]);
	const limiter = new AccountLimiter({ clock, random: seededRandom(seed) });
	for (const { length } of known.length > 0 ? [known, taskMs] : [taskMs]) {
		const tools = {
			client: account.client,
			clock,
			journal: emptyJournal(),
			budget: budgetIn({}),
			logger: keepingLogger(),
			random: seededRandom(seed),
			limiter,
		};
		await clock.run(runBatch(account.jobs(length), tools, { goOnAfterFailure: true }));
	}
	return account.paid.slice(known.length);
}

/** HTTP Request, Wait, HTTP Request, If; each task in an execution of its own. */
async function watchedByHand(taskMs: number[], waitMs: number): Promise<Paid[]> {
	const { clock, account } = fakeWorld(taskMs);
	const watch = async (): Promise<void> => {
		let task = await account.client.submit(modelSubmission('vidu/text-to-video', { item: 0 }));
		while (task.status !== 'SUCCESS') {
			await clock.sleep(waitMs);
			task = await account.client.query(task.taskId);
		}
	};
	await clock.run(Promise.all(taskMs.map(watch)));
	return account.paid;
}

function fakeWorld(taskMs: number[]) {
	const clock = new FakeClock();
	const account = new FakeAccount(clock, {
		latencyMs: LATENCY_MS,
		taskMs: (index) => taskMs[index] ?? 0,
	});
	return { clock, account };
}

/** The same asleep and its alternatives, in a real n8n. Without callbacks: see `asleep-unheard`. */
export const asleep: Bench = {
	name: 'asleep',
	title: 'one long task in n8n, asleep, with callbacks',
	inQuick: true,
	light: true,
	async run(context) {
		const seconds = context.quick ? [10] : [10, 60, 180];
		const longest = Math.max(...seconds);
		const scenario = { items: 1, taskMs: () => longest * 1000, slots: 1, times: 1 };
		const sleeping = (s: number): Candidate => ({
			flow: (backend) => withNode(backend, { options: { waitStrategy: 'sleep' } }),
			taskMs: () => s * 1000,
			sleeps: true,
		});
		const nameOf = (s: number) => (s === longest ? OWN : `this node, asleep, ${s} s`);
		// Side by side in any case: they have nothing to do but to wait.
		const results = await compare({ ...context, quick: true }, scenario, {
			...Object.fromEntries(seconds.map((s) => [nameOf(s), sleeping(s)])),
			'this node, Keep the Execution Running': withNode,
			'by hand, Wait 5 s': byHand(5),
		});
		const calls: Series = {
			plot: 'calls',
			name: 'this node, asleep',
			own: true,
			points: seconds.flatMap((s): Array<[number, number]> => {
				const [result] = results.get(nameOf(s)) ?? [];
				return result === undefined ? [] : [[s, result.callsPerTask]];
			}),
		};
		return {
			figures: [
				{
					what: `Task of ${longest} s, asleep with callbacks: API calls`,
					...figureFrom(results, 'calls', ({ callsPerTask }) => callsPerTask),
					target: atMost(3, 'calls'),
				},
				{
					what: `Task of ${longest} s, asleep with callbacks: lag from end to the node behind`,
					...figureFrom(results, 's', ({ lagsMs }) => mean(lagsMs) / 1000),
					target: atMost(1, 's'),
				},
			],
			series: [calls],
		};
	},
};
