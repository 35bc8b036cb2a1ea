import type { INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import type { ItemResult } from '../outcomes';
import type { PendingTask } from '../../../runninghub/task';

const text = z.string().nullable();
const number = z.number().nullable();

/** An item as suspend.ts saved it: a task's output, whole or inside `error` where there is an error output. */
const savedTask = z.object({
	taskId: z.string(),
	status: z.enum(['QUEUED', 'RUNNING', 'UNKNOWN', 'SUCCESS', 'FAILED', 'CANCELLED']),
	source: text,
	results: z.array(z.object({ url: text, type: text, mimeType: text, text: text, nodeId: text })),
	usage: z.object({ coins: number, money: number, thirdPartyMoney: number, seconds: number }),
});

const saved = z.union([
	savedTask,
	z.object({ error: z.object({ task: savedTask }) }).transform(({ error }) => error.task),
]);

/** What is known of one item of a suspended run. */
export type SavedItem =
	/** Its task had not ended. */
	| { state: 'pending'; result: ItemResult; task: PendingTask }
	/** It was complete before: a result, or an error that the run goes on after. */
	| { state: 'complete'; result: ItemResult; item: INodeExecutionData };

export function readSavedItem(item: INodeExecutionData, position: number): SavedItem {
	const { pairedItem } = item;
	const itemIndex =
		typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : position;
	const read = saved.safeParse(item.json);
	if (!read.success) return { state: 'complete', item, result: { itemIndex, source: null } };

	const { status, source, ...facts } = read.data;
	const result: ItemResult = { itemIndex, source };
	if (status === 'QUEUED' || status === 'RUNNING' || status === 'UNKNOWN') {
		return { state: 'pending', result, task: { ...facts, status } };
	}
	if (status === 'SUCCESS')
		return { state: 'complete', item, result: { ...result, task: { ...facts, status } } };
	return { state: 'complete', item, result };
}
