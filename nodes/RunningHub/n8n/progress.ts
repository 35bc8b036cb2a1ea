import type { Client } from '../../../runninghub/api/client';
import { hasFailed, isEnded, type Task, type TaskStatus } from '../../../runninghub/api/task';

export interface ProgressDeps {
	/** Milliseconds. */
	now(): number;
	/** Shows one line in the log and the browser's console. */
	report(line: string): void;
	/** Puts a line into a chat, where it stays. */
	reportToChat?: (line: string) => void;
}

interface TaskProgress {
	status: TaskStatus;
	ended: boolean;
	failed: boolean;
	/** When it was submitted or, if it is older than the run, first looked at. */
	since: number;
}

/** Milliseconds between two lines: with many tasks each check would give one. */
const PAUSE_MS = 5_000;
const MAX_TASKS_NAMED = 5;

/** Milliseconds. In a chat each line is a message: none for a quick task, and ever fewer for a long one. */
const FIRST_CHAT_MS = 5_000;
const MAX_CHAT_PAUSE_MS = 120_000;

/**
 * The same calls; what they tell of tasks is said as well, so that a person sees how far a run is while it waits:
 * `1 of 2 tasks done; 1900000000000000202 RUNNING, 35 s`.
 */
export function withProgress(client: Client, deps: ProgressDeps): Client {
	const note = progressOf(deps);
	const noting =
		<A extends unknown[]>(call: (...args: A) => Promise<Task>) =>
		async (...args: A): Promise<Task> => {
			const task = await call(...args);
			note(task);
			return task;
		};
	return { ...client, submit: noting(client.submit), query: noting(client.query) };
}

function progressOf({ now, report, reportToChat }: ProgressDeps): (task: Task) => void {
	const tasks = new Map<string, TaskProgress>();
	let reportedAt = -Infinity;
	let reported = '';
	let running = 0;
	let chatPauseMs = FIRST_CHAT_MS;
	let chatAt: number | undefined;
	return (task) => {
		const at = now();
		const { taskId, status } = task;
		const before = tasks.get(taskId);
		const current = { status, ended: isEnded(task), failed: hasFailed(task) };
		tasks.set(taskId, { ...current, since: before?.since ?? at });
		running += Number(!current.ended) - Number(before?.ended === false);
		if (running > 0 && at - reportedAt < PAUSE_MS) return;
		const line = progressLine(tasks, at);
		if (line === reported) return;
		reportedAt = at;
		reported = line;
		report(line);
		chatAt ??= at + chatPauseMs;
		if (running === 0 || at < chatAt) return;
		chatPauseMs = Math.min(2 * chatPauseMs, MAX_CHAT_PAUSE_MS);
		chatAt = at + chatPauseMs;
		reportToChat?.(line);
	};
}

function progressLine(tasks: ReadonlyMap<string, TaskProgress>, at: number): string {
	const all = [...tasks.values()];
	const failed = all.filter((task) => task.failed).length;
	const pending = [...tasks].filter(([, { ended }]) => !ended);
	const named = pending
		.slice(0, MAX_TASKS_NAMED)
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
