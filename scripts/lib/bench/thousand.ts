import { lasting, statesOf, until } from '../../../test/e2e/queue/world';
import { SIMULATOR_KEY } from '../../../test/simulator';
import { errorOf } from '../n8nApi.mjs';
import type { Bench } from './bench';
import { doneItems, lastTurn } from './execution';
import { atMost } from './figure';
import { callsPerTask } from './looks';
import { bytesAtRest, MB, watchPeak } from './memory';
import type { QueueLab } from './queueLab';
import { DONE, withNode, workflowOf } from './workflows';

/** Far more items in one run than the account takes: most of them wait for a place, asleep. */

const ITEMS = 1000;
const FEWER = 100;
const PLACES = 50;
const TASK_MS = 10_000;
const LONGEST_S = 1800;
/** n8n's own ups and downs, and what the items themselves take. */
const MORE_MB = 64;

interface Crossing {
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
	async run({ say, queueLab }) {
		const lab = await queueLab();
		await lab.replaceWorker();
		await lab.proveCallbacks();
		const path = 'many-items';
		const { api, credential } = lab.world;
		const flow = withNode({ credential }, { options: { waitStrategy: 'sleep', timeout: 60 } });
		const workflow = await api.importWorkflow(workflowOf(path, flow, 'atOnce'));
		await api.publish(workflow);
		say(`${FEWER} items`);
		const fewer = await crossed(lab, { path, id: workflow.id }, FEWER);
		say(`${ITEMS} items`);
		const all = await crossed(lab, { path, id: workflow.id }, ITEMS);
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
					what: `${name}: peak memory over that of ${FEWER} items`,
					unit: 'MB',
					runs: [all.peakMB - fewer.peakMB],
					target: atMost(MORE_MB, 'MB'),
					note: `${Math.round(fewer.peakMB)} MB with ${FEWER} items`,
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

async function crossed(
	lab: QueueLab,
	{ path, id }: { path: string; id: string },
	items: number,
): Promise<Crossing> {
	const { api, n8n, simulator } = lab.world;
	simulator.reset();
	simulator.addAccount(SIMULATOR_KEY, { concurrencyLimit: PLACES });
	simulator.setDefaultLife(lasting(TASK_MS));
	await bytesAtRest(lab.worker().pid);

	const peak = watchPeak(lab.worker().pid);
	const startedAt = Date.now();
	const prompts = Array.from({ length: items }, (_, index) => ({ prompt: `Fox ${index}` }));
	const response = await fetch(`${n8n.webhookUrl}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ items: prompts }),
	});
	if (!response.ok) throw new Error(`The webhook answered with HTTP ${response.status}.`);
	// By the database: to look at an execution of so many items is work.
	await until('all items to be through', LONGEST_S, async () => {
		const { waiting, running, new: queued, ...ended } = await statesOf(lab.world, id);
		return !waiting && !running && !queued && Object.keys(ended).length > 0;
	}).finally(peak);
	const [newest] = await api.executions(id);
	const execution = await api.finishedExecution(newest?.id ?? '');
	if (execution.status !== 'success') {
		throw new Error(`It ended with ${execution.status}: ${errorOf(execution)?.message}`);
	}
	await simulator.callbacksIdle();
	return {
		makespanMs: lastTurn(execution, DONE).at - startedAt,
		busyMs: await lab.busyMs(startedAt),
		peakMB: peak() / MB,
		callsPerTask: callsPerTask(simulator),
		failedItems:
			items - doneItems(execution).filter(({ json }) => json.status === 'SUCCESS').length,
	};
}
