import type { Client } from '../../../runninghub/api/client';
import { hasFailed, isEnded, type Task, type TaskStatus } from '../../../runninghub/api/task';

export interface ProgressTools {
	/** Milliseconds. */
	now(): number;
	/** Shows one line to whoever looks on. */
	say(line: string): void;
	/** Puts a line into a chat, where it stays. */
	tell?: (line: string) => void;
}

interface Seen {
	status: TaskStatus;
	ended: boolean;
	failed: boolean;
	/** When it was submitted or, if it is older than the run, first looked at. */
	since: number;
}

/** With many tasks each check would be a line. */
const PAUSE_MS = 5_000;
const TASKS_NAMED = 5;

/** In a chat a line is a message: none for what is done at once, and ever fewer for what takes long. */
const FIRST_TOLD_MS = 5_000;
const LONGEST_UNTOLD_MS = 120_000;

/**
 * The same calls; what they tell of tasks is said as well, so that a person sees how far a run is while it waits:
 * `1 of 2 tasks done; 1900000000000000202 RUNNING, 35 s`.
 */
export function withProgress(client: Client, tools: ProgressTools): Client {
	const note = progressOf(tools);
	const noting =
		<A extends unknown[]>(call: (...args: A) => Promise<Task>) =>
		async (...args: A): Promise<Task> => {
			const task = await call(...args);
			note(task);
			return task;
		};
	return {
		...client,
		submitModel: noting(client.submitModel),
		submitWorkflow: noting(client.submitWorkflow),
		submitApp: noting(client.submitApp),
		submitQuickCreate: noting(client.submitQuickCreate),
		query: noting(client.query),
	};
}

function progressOf({ now, say, tell }: ProgressTools): (task: Task) => void {
	const tasks = new Map<string, Seen>();
	let saidAt = -Infinity;
	let said = '';
	let running = 0;
	let untoldMs = FIRST_TOLD_MS;
	let tellAt: number | undefined;
	return (task) => {
		const at = now();
		const { taskId, status } = task;
		const before = tasks.get(taskId);
		const seen = { status, ended: isEnded(task), failed: hasFailed(task) };
		tasks.set(taskId, { ...seen, since: before?.since ?? at });
		running += Number(!seen.ended) - Number(before?.ended === false);
		if (running > 0 && at - saidAt < PAUSE_MS) return;
		const line = standing(tasks, at);
		if (line === said) return;
		saidAt = at;
		said = line;
		say(line);
		tellAt ??= at + untoldMs;
		if (running === 0 || at < tellAt) return;
		untoldMs = Math.min(2 * untoldMs, LONGEST_UNTOLD_MS);
		tellAt = at + untoldMs;
		tell?.(line);
	};
}

function standing(tasks: ReadonlyMap<string, Seen>, at: number): string {
	const all = [...tasks.values()];
	const failed = all.filter((task) => task.failed).length;
	const pending = [...tasks].filter(([, { ended }]) => !ended);
	const named = pending
		.slice(0, TASKS_NAMED)
		.map(
			([taskId, { status, since }]) => `${taskId} ${status}, ${Math.round((at - since) / 1_000)} s`,
		);
	const more = pending.length - named.length;
	return [
		`${all.length - pending.length} of ${all.length === 1 ? '1 task' : `${all.length} tasks`} done`,
		...(failed > 0 ? [`${failed} failed`] : []),
		...named,
		...(more > 0 ? [`and ${more} more`] : []),
	].join('; ');
}
