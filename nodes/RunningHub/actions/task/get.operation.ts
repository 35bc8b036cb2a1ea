import { withRetries } from '../../../../runninghub/base/retry';
import { effectiveNode } from '../../agent/tool';
import { connect } from '../../n8n/connection';
import { eachItem } from '../../run/eachItem';
import { toItems } from '../../run/output';
import { finishedSample } from '../../sample/sampleTask';
import type { Operation } from '../operation';
import { namingTask } from './eachTask';
import { readTaskOrSample, taskIdProperty } from './taskId';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a task',
	description:
		'Get a task’s current status and, if finished, its results. A failed task is returned as an item.',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		// A failed task is a result here, not an error of this operation.
		const connection = await connect(context);
		const results = await eachItem(itemIndexes, connection, async (itemIndex) => {
			const taskId = readTaskOrSample(context, itemIndex);
			if (typeof taskId !== 'string') {
				const sample = await finishedSample(taskId.sampleId, taskId.kind);
				return { state: 'task', task: sample, files: [] };
			}
			const query = async () => await connection.client.query(taskId);
			const task = await namingTask(taskId, withRetries(query, connection));
			return { state: 'task', task, files: [] };
		});
		return toItems(effectiveNode(context), results);
	},
};
