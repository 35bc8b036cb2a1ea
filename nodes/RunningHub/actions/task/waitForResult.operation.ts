import { NO_USAGE, type PendingTask } from '../../../../runninghub/api/task';
import { RunningHubError } from '../../../../runninghub/base/errors';
import type { ExistingTask } from '../../../../runninghub/tasks/job';
import { effectiveNode } from '../../agent/tool';
import { readWaitOptions } from '../../form/waitOptions';
import { beginRun, journalKey } from '../../n8n/runState';
import { connectWithRetries } from '../../run/connectWithRetries';
import { checked } from '../../run/eachItem';
import { isFailed, type ItemResult } from '../../run/itemResult';
import { keepTaskIds } from '../../run/keepTaskIds';
import { continuesOnFail, toItems } from '../../run/output';
import { runJobs } from '../../run/runJobs';
import type { PlannedItem } from '../../run/runPlan';
import { sampleResult } from '../../run/sampleRun';
import { finishedSample } from '../../sample/sampleTask';
import { waitStrategyOf } from '../../sleep/waitStrategy';
import type { Operation } from '../operation';
import { readTaskOrSample, taskIdProperty } from './taskId';

type AwaitedTask = PlannedItem & { job: ExistingTask };

export const waitForResult: Operation = {
	name: 'Wait for Result',
	value: 'waitForResult',
	action: 'Wait for the result of a task',
	description: 'Wait until a task ends and return its results',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		const state = beginRun(context);
		return await keepTaskIds(context, state, itemIndexes, async () => {
			const connection = await connectWithRetries(context, state);
			const strategy = waitStrategyOf(context, itemIndexes, connection.baseUrl);
			const planned: AwaitedTask[] = [];
			const settled: ItemResult[] = [];
			for (const itemIndex of itemIndexes) {
				const plan = await checked(connection, async (): Promise<AwaitedTask | ItemResult> => {
					const taskId = readTaskOrSample(context, itemIndex);
					if (typeof taskId !== 'string') {
						const sample = await finishedSample(taskId.sampleId, taskId.kind);
						const result = await sampleResult(context, itemIndex, sample);
						return { itemIndex, source: null, ...result };
					}
					const wait = readWaitOptions(context, itemIndex);
					const key = journalKey(itemIndex, taskId);
					const job: ExistingTask = { itemIndex, key, source: null, taskId, wait };
					return { job, wait, request: undefined };
				});
				if (plan instanceof RunningHubError) {
					settled.push({ itemIndex, source: null, state: 'error', error: plan });
				} else if ('job' in plan) planned.push(plan);
				else settled.push(plan);
			}
			const node = effectiveNode(context);
			if (settled.some(isFailed) && !continuesOnFail(node)) {
				const others = planned.map(({ job }) => notLookedAt(job));
				return toItems(node, [...settled, ...others]);
			}
			return await runJobs(context, connection, {
				state,
				strategy,
				callsBack: false,
				planned,
				settled,
				maxConcurrent: 0,
			});
		});
	},
};

function notLookedAt({ itemIndex, source, taskId }: ExistingTask): ItemResult {
	const task: PendingTask = { taskId, status: 'UNKNOWN', results: [], usage: NO_USAGE };
	return { itemIndex, source, state: 'task', task, files: [] };
}
