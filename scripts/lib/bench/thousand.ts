import { call, lasting, statesOf } from '../../../test/e2e/queue/setup';
import { SIMULATOR_KEY } from '../../../test/simulator';
import { bytesAtRest, MB, watchPeak } from '../memory';
import { errorOf } from '../n8nApi';
import { until } from '../until';
import type { Bench } from './bench';
import { callsPerTask } from './detection';
import { lastRun, videosIn } from './execution';
import { atMost } from './figure';
import type { QueueInstance } from './queueInstance';
import { byHandInBatches, DONE, type Flow, promptItems, withNode, workflowOf } from './workflows';

/** Far more items in one run than the account takes: most of them wait for a place, asleep. */

const ITEMS = 1000;
const FEWER_ITEMS = 100;
const PLACES = 50;
const TASK_MS = 10_000;
const MAX_WAIT_S = 1800;
const BY_HAND_WAIT_S = 5;
/** n8n's own ups and downs, and what the items themselves take. */
const MAX_GROWTH_MB = 64;

interface ItemsResult {
	makespanMs: number;
	busyMs: number;
	peakMB: number;
	callsPerTask: number;
	failedItems: number;
}

export const thousand: Bench = {
	name: 'thousand',
	title: `${ITEMS} items in one run, the account takes ${PLACES}, tasks of ${TASK_MS / 1000} s, asleep in between; queue mode`,
	inQuick: false,
	async run({ log, queueInstance }) {
		const instance = await queueInstance();
		const { setup } = instance;
		const { api } = setup.host;
		const own = withNode(setup, { options: { waitStrategy: 'sleep', timeout: 60 } });
		const hand = byHandInBatches(BY_HAND_WAIT_S, PLACES)(setup);
		const measure = async (path: string, flow: Flow) => {
			await instance.replaceWorker();
			await instance.proveCallbacks();
			const workflow = await api.importWorkflow(workflowOf(path, flow, 'atOnce'));
			await api.publish(workflow);
			const ofItems = async (items: number) => {
				log(`${path}: ${items} items`);
				return await measureItems(instance, { path, id: workflow.id }, items);
			};
			const fewer = await ofItems(FEWER_ITEMS);
			const all = await ofItems(ITEMS);
			return { fewer, all, growthMB: all.peakMB - fewer.peakMB };
		};
		const { fewer, all, growthMB } = await measure('many-items', own);
		const byHand = await measure('by-hand-in-batches', hand);
		const name = `${ITEMS} items, account takes ${PLACES}, asleep`;
		const ideal = (ITEMS / PLACES) * TASK_MS;
		return {
			figures: [
				{
					what: `${name}: worker busy / makespan`,
					unit: '%',
					runs: [(all.busyMs / all.makespanMs) * 100],
					target: atMost(10, '%'),
				},
				{
					what: `${name}: peak memory over that of ${FEWER_ITEMS} items`,
					unit: 'MB',
					runs: [growthMB],
					baselines: [
						{
							what: `by hand, batches of ${PLACES}, Wait ${BY_HAND_WAIT_S} s`,
							runs: [byHand.growthMB],
						},
					],
					target: atMost(MAX_GROWTH_MB, 'MB'),
					note: `${Math.round(fewer.peakMB)} MB with ${FEWER_ITEMS} items`,
				},
				{
					what: `${name}: failed items`,
					unit: 'items',
					runs: [all.failedItems],
					target: atMost(0, 'items'),
				},
				{
					what: `${name}: makespan / ${ITEMS / PLACES} tasks`,
					unit: 'x',
					runs: [all.makespanMs / ideal],
				},
				{ what: `${name}: API calls a task`, unit: 'calls', runs: [all.callsPerTask] },
			],
		};
	},
};

async function measureItems(
	instance: QueueInstance,
	{ path, id }: { path: string; id: string },
	items: number,
): Promise<ItemsResult> {
	const { simulator, host } = instance.setup;
	const { api } = host;
	simulator.reset();
	simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: PLACES });
	simulator.setDefaultTaskScript(lasting(TASK_MS));
	await bytesAtRest(instance.worker().pid);

	const peak = watchPeak(instance.worker().pid);
	const startedAt = Date.now();
	await call(instance.setup, path, { items: promptItems(items) });
	// By the database: to read an execution of so many items is work.
	await until('all items to be through', MAX_WAIT_S, async () => {
		const { waiting, running, new: queued, ...ended } = await statesOf(instance.setup, id);
		return !waiting && !running && !queued && Object.keys(ended).length > 0;
	}).finally(peak);
	const [newest] = await api.executions(id);
	const execution = await api.finishedExecution(newest?.id ?? '');
	if (execution.status !== 'success') {
		throw new Error(`It ended with ${execution.status}: ${errorOf(execution)?.message}`);
	}
	await simulator.callbacksIdle();
	return {
		makespanMs: lastRun(execution, DONE).at - startedAt,
		busyMs: await instance.busyMs(startedAt),
		peakMB: peak() / MB,
		callsPerTask: callsPerTask(simulator),
		failedItems: items - videosIn(execution),
	};
}
