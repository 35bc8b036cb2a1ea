import { type TaskScript, type Simulator, SIMULATOR_KEY } from '../../../test/simulator';
import { type Bench, type BenchContext, inTurn, repeated } from './bench';
import { callsPerTask, detectedAt } from './detection';
import { lastRun, publish, type Published, run, videosIn } from './execution';
import { atMost, figureFrom, mean, OWN } from './figure';
import type { N8nInstance } from './n8nInstance';
import { byHand, byHandInBatches, DONE, type FlowFor, promptItems, withNode } from './workflows';

/** Many tasks in one execution: how long they take together, and what looking after them costs. */

/** How a flow is put to the test. */
export interface Scenario {
	items: number;
	/** How long each task takes, in the order in which they are made. */
	taskMs: (index: number) => number;
	/** Tasks that the account takes at one time. */
	slots: number;
	/** From this moment on, in milliseconds from the start, it takes so many. */
	change?: { afterMs: number; slots: number };
	/** How often it is measured. */
	times: number;
	/** Does the execution sleep? Then it is over when {@link DONE} has run. */
	sleeps?: boolean;
}

export interface ScenarioResult {
	makespanMs: number;
	/** Of each task: from its end to the first query that could see it. */
	lagsMs: number[];
	callsPerTask: number;
	failedItems: number;
}

/** Runs a flow once, with a RunningHub of its own. */
export async function measure(
	instance: N8nInstance,
	flowFor: FlowFor,
	{ items, taskMs, slots, change, sleeps = false }: Omit<Scenario, 'times'>,
): Promise<ScenarioResult> {
	const backend = await instance.backend({ defaultTaskScript: lasting(taskMs(0)) }, slots);
	const { simulator } = backend;
	const workflow = await publish(instance, flowFor(backend), sleeps ? 'atOnce' : 'atTheEnd');
	if (sleeps) await proveCallbacks(instance, workflow, simulator, slots);
	simulator.nextTaskScripts(...Array.from({ length: items }, (_, index) => lasting(taskMs(index))));

	const calledAt = Date.now();
	if (change !== undefined) {
		const account = { concurrencyLimit: change.slots };
		setTimeout(() => simulator.addAccount(SIMULATOR_KEY, account), change.afterMs).unref();
	}
	const { ms, execution } = await run(instance, workflow, promptItems(items));
	const doneAt = lastRun(execution, DONE).at;
	const seen = detectedAt(simulator);
	const result = {
		makespanMs: sleeps ? doneAt - calledAt : ms,
		lagsMs: simulator.tasks.map(
			({ taskId, endedAt }) => (sleeps ? doneAt : (seen.get(taskId) ?? NaN)) - (endedAt ?? NaN),
		),
		callsPerTask: callsPerTask(simulator),
		failedItems: items - videosIn(execution),
	};
	await simulator.stop();
	return result;
}

/** A task that takes so long, of whose time nobody has to ask. */
const lasting = (ms: number): TaskScript => ({ runningMs: ms, end: { kind: 'success' } });

/** Until a callback has woken an execution, the node looks by itself as well; from then on that is but a net. */
async function proveCallbacks(
	instance: N8nInstance,
	workflow: Published,
	simulator: Simulator,
	slots: number,
): Promise<void> {
	simulator.nextTaskScripts(lasting(3_000));
	await run(instance, workflow, [{ prompt: 'First fox' }]);
	await simulator.callbacksIdle();
	simulator.reset();
	simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: slots });
}

/** What n8n and the nodes do only once, and the first burst of a fresh process, are not to be measured. */
export async function warmUp(instance: N8nInstance): Promise<void> {
	const scenario = { items: 50, taskMs: () => 1_000, slots: 50 };
	await measure(instance, withNode, scenario);
	await measure(instance, byHand(1), scenario);
}

/** A flow that is measured, and what differs in its scenario. */
export type Candidate = FlowFor | ({ flow: FlowFor } & Partial<Scenario>);

/** All candidates, by their names: one after the other, or where time is short side by side. */
export async function compare(
	{ quick, instance, log }: BenchContext,
	scenario: Scenario,
	candidates: Record<string, Candidate>,
): Promise<Map<string, ScenarioResult[]>> {
	const shared = await instance();
	// In their order, whoever is done first.
	const results = new Map<string, ScenarioResult[]>(
		Object.keys(candidates).map((name) => [name, []]),
	);
	const measureCandidate = async ([name, candidate]: [string, Candidate]) => {
		const { flow, ...own } = typeof candidate === 'function' ? { flow: candidate } : candidate;
		const all = { ...scenario, ...own };
		if (!quick) log(`${all.items} items, ${name}`);
		results.set(name, await repeated(all.times, async () => await measure(shared, flow, all)));
	};
	const entries = Object.entries(candidates);
	await (quick ? Promise.all(entries.map(measureCandidate)) : inTurn(entries, measureCandidate));
	return results;
}

const TASK_MS = 10_000;
const tenSeconds = () => TASK_MS;
/** Each takes as long as the one before, so that a few tell it. */
const ONE_BY_ONE = 5;

const together: Bench = {
	name: 'together',
	title: '50 items, tasks of 10 s, the account takes 50',
	inQuick: true,
	async run(context) {
		const scenario = { items: 50, taskMs: tenSeconds, slots: 50, times: context.quick ? 1 : 3 };
		const results = await compare(context, scenario, {
			[OWN]: withNode,
			'by hand, Wait 1 s': byHand(1),
			'by hand, Wait 5 s': byHand(5),
			...(!context.quick && {
				[`by hand, Split In Batches of 1, ${ONE_BY_ONE} items`]: {
					flow: byHandInBatches(1, 1),
					items: ONE_BY_ONE,
					times: 1,
				},
			}),
		});
		return {
			figures: [
				{
					what: '50 items, tasks of 10 s: makespan / one task',
					...figureFrom(results, 'x', ({ makespanMs }) => makespanMs / TASK_MS),
					target: atMost(1.1, 'x'),
				},
			],
		};
	},
};

const fullAccount: Bench = {
	name: 'full-account',
	title: 'more items than the account takes at a time',
	inQuick: true,
	light: true,
	async run(context) {
		const slots = 5;
		const items = context.quick ? 10 : 50;
		const ideal = (items / slots) * TASK_MS;
		const scenario = { items, taskMs: tenSeconds, slots, times: context.quick ? 1 : 3 };
		const results = await compare(context, scenario, {
			[OWN]: withNode,
			[`by hand, Split In Batches of ${slots}, Wait 1 s`]: byHandInBatches(1, slots),
			'by hand, all at once, Wait 1 s': { flow: byHand(1), times: 1 },
		});
		return {
			figures: [
				{
					what: `${items} items, account takes ${slots}: makespan / ${items / slots} tasks`,
					// It is no merit to be done early with items that were refused.
					...figureFrom(results, 'x', ({ makespanMs, failedItems }) =>
						failedItems > 0 ? undefined : makespanMs / ideal,
					),
					target: atMost(1.15, 'x'),
				},
				{
					what: `${items} items, account takes ${slots}: failed items`,
					...figureFrom(results, 'items', ({ failedItems }) => failedItems),
					target: atMost(0, 'items'),
				},
			],
		};
	},
};

const shrinkingAccount: Bench = {
	name: 'shrinking-account',
	title: '50 items, the account takes 10 at first, and 2 from 15 s on',
	inQuick: false,
	async run(context) {
		const scenario = {
			items: 50,
			taskMs: tenSeconds,
			slots: 10,
			change: { afterMs: 15_000, slots: 2 },
			times: 1,
		};
		// Two rounds of ten, and then thirty tasks two by two.
		const ideal = (2 + 30 / 2) * TASK_MS;
		const results = await compare(context, scenario, { [OWN]: withNode });
		return {
			figures: [
				{
					what: '50 items, account takes 10, then 2: makespan / 17 tasks',
					...figureFrom(results, 'x', ({ makespanMs }) => makespanMs / ideal),
					target: atMost(1.15, 'x'),
				},
				{
					what: '50 items, account takes 10, then 2: failed items',
					...figureFrom(results, 'items', ({ failedItems }) => failedItems),
					target: atMost(0, 'items'),
				},
			],
		};
	},
};

const detection: Bench = {
	name: 'detection',
	title: '20 tasks of 8 to 13 s in one execution',
	inQuick: true,
	light: true,
	async run(context) {
		const items = 20;
		// Not in the order of their lengths: 7 and 20 have no common factor.
		const taskMs = (index: number) => 8_000 + ((index * 7) % items) * (5_000 / (items - 1));
		const scenario = { items, taskMs, slots: items, times: context.quick ? 1 : 5 };
		const results = await compare(context, scenario, {
			[OWN]: withNode,
			'by hand, Wait 1 s': byHand(1),
			'by hand, Wait 5 s': byHand(5),
		});
		return {
			figures: [
				{
					what: '20 tasks of 8–13 s: mean lag from end to detection',
					...figureFrom(results, 's', ({ lagsMs }) => mean(lagsMs) / 1000),
					target: atMost(1, 's'),
				},
				{
					what: '20 tasks of 8–13 s: API calls a task',
					...figureFrom(results, 'calls', ({ callsPerTask }) => callsPerTask),
					target: atMost(8, 'calls'),
				},
			],
		};
	},
};

export const taskBenches = [together, fullAccount, shrinkingAccount, detection];
