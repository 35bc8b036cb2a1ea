import type { ExistingTask } from '../../../../runninghub/batch';
import { RunningHubError } from '../../../../runninghub/errors';
import { connect } from '../../engine/connection';
import { beginRun, journalKey } from '../../engine/runState';
import { checked } from '../../eachItem';
import { keepTaskIds } from '../../keepTaskIds';
import type { Operation } from '../../operation';
import type { ItemResult } from '../../outcomes';
import { runJobs, type PlannedItem } from '../../runJobs';
import { readWaitChoice } from '../../runProperties';
import { waitStrategyOf } from '../../sleep/waitStrategy';
import { readTaskId, taskIdProperty } from './taskId';

export const waitForResult: Operation = {
	name: 'Wait for Result',
	value: 'waitForResult',
	action: 'Wait for the result of a task',
	description: 'Wait until a task has ended and return its results',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		const state = beginRun(context);
		return await keepTaskIds(context, state, itemIndexes, async () => {
			const connection = await connect(context);
			const strategy = waitStrategyOf(context, itemIndexes, connection.baseUrl);
			const planned: PlannedItem[] = [];
			const invalid: ItemResult[] = [];
			for (const itemIndex of itemIndexes) {
				const plan = await checked(connection, () => {
					const taskId = readTaskId(context, itemIndex);
					const wait = readWaitChoice(context, itemIndex);
					const key = journalKey(itemIndex, taskId);
					const job: ExistingTask = { itemIndex, key, source: null, taskId, wait };
					return { job, wait, isQuick: false, callsBack: false };
				});
				if (plan instanceof RunningHubError) {
					invalid.push({ itemIndex, source: null, error: plan });
				} else planned.push(plan);
			}
			return await runJobs(context, connection, {
				state,
				strategy,
				planned,
				invalid,
				maxConcurrent: 0,
			});
		});
	},
};
