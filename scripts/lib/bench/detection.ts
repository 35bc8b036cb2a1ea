import type { Simulator } from '../../../test/simulator';

/** When somebody asked for each task for the first time after its end, by the simulator's clock; by task id. */
export function detectedAt({ tasks, requests }: Simulator): Map<string, number> {
	const ends = new Map(tasks.map(({ taskId, endedAt }) => [taskId, endedAt ?? Infinity]));
	const seen = new Map<string, number>();
	for (const { path, at, json } of requests) {
		if (path !== '/openapi/v2/query') continue;
		const taskId = taskIdIn(json);
		if (!seen.has(taskId) && at >= (ends.get(taskId) ?? Infinity)) seen.set(taskId, at);
	}
	return seen;
}

function taskIdIn(json: unknown): string {
	return typeof json === 'object' && json !== null && 'taskId' in json ? String(json.taskId) : '';
}

/** Requests to the API for each task that was made. */
export function callsPerTask({ tasks, requests }: Simulator): number {
	return requests.filter(({ origin }) => origin === 'api').length / tasks.length;
}
