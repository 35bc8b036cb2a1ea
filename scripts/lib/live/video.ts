import axios from 'axios';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../../runninghub/api/client';
import { RunningHubError } from '../../../runninghub/base/errors';
import { pollSchedule } from '../../../runninghub/tasks/pollSchedule';
import type { Price } from '../../../runninghub/api/price';
import { isTransient } from '../../../runninghub/base/retry';
import { hasFailed, isEnded, type Task } from '../../../runninghub/api/task';
import { CHEAPEST_VIDEO } from '../../../test/support/cheapestVideo';

/** What became of the one task. */
export interface VideoMade {
	price: Price;
	task: Task;
	/** From the submit to its end. */
	seconds: number;
	checks: number;
	/** Of the first result, fetched without the key. */
	bytes?: number;
}

const MAX_WAIT_MS = 15 * 60_000;

/** @throws RunningHubError where RunningHub refuses, or says nothing of a price */
export async function priceOfVideo(client: Client): Promise<Price> {
	return await client.previewPrice(CHEAPEST_VIDEO.endpoint, CHEAPEST_VIDEO.body);
}

/**
 * Makes the video: costs money, once. Nothing is sent again.
 * @param log shows a line; the first one has the id of the task
 * @throws RunningHubError where no task came of it
 */
export async function makeVideo(
	client: Client,
	price: Price,
	log: (line: string) => void,
): Promise<VideoMade> {
	const startedAt = Date.now();
	const age = () => Date.now() - startedAt;
	const { endpoint, body } = CHEAPEST_VIDEO;
	let task = await client.submit({ call: { type: 'model', endpoint }, body });
	const { taskId } = task;
	log(`Task ${taskId} is ${task.status}.`);
	let checks = 0;
	const gapAt = pollSchedule(0, Math.random, undefined);
	while (!isEnded(task) && age() < MAX_WAIT_MS) {
		await sleep(gapAt(age()));
		checks += 1;
		task = await client.query(taskId).catch((error: unknown) => {
			if (error instanceof RunningHubError && isTransient(error)) return task;
			throw error;
		});
	}
	const seconds = Math.round(age() / 1_000);
	log(`Task ${taskId} is ${task.status} after ${seconds} s.`);
	const url = task.results[0]?.url ?? '';
	if (!isEnded(task) || hasFailed(task) || url === '') return { price, task, seconds, checks };
	const { data } = await axios.get<ArrayBuffer>(url, { responseType: 'arraybuffer' });
	return { price, task, seconds, checks, bytes: data.byteLength };
}
