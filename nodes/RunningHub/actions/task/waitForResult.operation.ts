import { createChecks, waitForTask } from '../../../../runninghub/wait';
import { hasFailed } from '../../../../runninghub/task';
import { connect } from '../../engine/connection';
import { hintAtCost } from '../../costHint';
import { deliveryOf } from '../../engine/delivery';
import type { Operation } from '../../operation';
import { toItems, waitResult } from '../../outcomes';
import { readWaitChoice, suspends } from '../../runProperties';
import { resumeUrl, suspend } from '../../suspended/suspend';
import { nodeOf } from '../../tool';
import { eachTask } from './eachTask';
import { taskIdProperty } from './taskId';

export const waitForResult: Operation = {
	name: 'Wait for Result',
	value: 'waitForResult',
	action: 'Wait for the result of a task',
	description: 'Wait until a task has ended and return its results',
	properties: [taskIdProperty],
	async execute(context, itemIndexes) {
		const connection = await connect(context);
		const suspending = suspends(context, itemIndexes);
		if (suspending) resumeUrl(context, connection.baseUrl);
		const { delivery, deliver } = deliveryOf(context, itemIndexes[0] ?? 0, connection);
		const tools = {
			...connection,
			checks: createChecks(connection),
			handOver: suspending ? AbortSignal.abort() : undefined,
		};
		let deadlineMs = 0;
		const results = await eachTask(
			context,
			itemIndexes,
			connection,
			async (taskId, itemIndex) => {
				const choice = readWaitChoice(context, itemIndex);
				deadlineMs = Math.max(deadlineMs, choice.timeoutMs);
				const outcome = await waitForTask(taskId, tools, { ...choice, isOurs: false });
				const delivered =
					outcome.state === 'ended' && !hasFailed(outcome.task)
						? await deliver?.(outcome.task)
						: undefined;
				return waitResult(outcome, choice, delivered);
			},
			// All are waited for at the same time; only their checks are limited.
			Infinity,
		);
		if (results.some(({ handedOver }) => handedOver)) {
			return await suspend(context, results, delivery, deadlineMs);
		}
		hintAtCost(context, results, connection);
		return toItems(nodeOf(context), results, delivery);
	},
};
