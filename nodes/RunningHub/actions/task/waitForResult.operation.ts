import pLimit from 'p-limit';
import { CHECKS_AT_ONCE, waitForTask } from '../../../../runninghub/wait';
import { connect } from '../../connection';
import type { Operation } from '../../operation';
import { toItems, waitResult } from '../../outcomes';
import { readWaitChoice, suspends } from '../../runProperties';
import { resumeUrl, suspend } from '../../suspend';
import { nodeOf } from '../../tool';
import { eachTask } from './eachTask';
import { taskIdProperty } from './taskId';

export const waitForResult: Operation = {
	name: 'Wait for Result',
	value: 'waitForResult',
	action: 'Wait for the result of a task',
	description: 'Wait until a task has ended and give out its results',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const handOver = new AbortController();
		if (suspends(context, itemIndexes)) {
			resumeUrl(context, connection.baseUrl);
			handOver.abort();
		}
		const tools = { ...connection, checks: pLimit(CHECKS_AT_ONCE), handOver: handOver.signal };
		let deadlineMs = 0;
		const results = await eachTask(
			context,
			itemIndexes,
			connection,
			async (taskId, itemIndex) => {
				const choice = readWaitChoice(context, itemIndex);
				deadlineMs = Math.max(deadlineMs, choice.timeoutMs);
				return waitResult(await waitForTask(taskId, tools, { ...choice, isOurs: false }), choice);
			},
			// All are waited for at the same time; only their checks are limited.
			Infinity,
		);
		return results.some(({ handedOver }) => handedOver)
			? await suspend(context, results, deadlineMs)
			: toItems(nodeOf(context), results);
	},
};
