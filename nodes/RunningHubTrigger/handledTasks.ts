import type { IWebhookFunctions } from 'n8n-workflow';

/** RunningHub repeats a delivery for some minutes at most; by then many more tasks may have come. */
const MOST_REMEMBERED = 1_000;

/** By workflow and node: what this process knows, ahead of what n8n has saved. */
const handledHere = new Map<string, string[]>();

/** Is it the first time that this task starts this workflow? Remembers it, also over a restart of n8n. */
export function isNewTask(context: IWebhookFunctions, taskId: string): boolean {
	// n8n stops listening at a test URL once a call has started a run: whoever listens again wants another one.
	if (context.getMode() === 'manual') return true;

	const key = `${context.getWorkflow().id}:${context.getNode().id}`;
	const memory = context.getWorkflowStaticData('node');
	const saved = Array.isArray(memory.handled) ? memory.handled.map(String) : [];
	const handled = handledHere.get(key) ?? [];
	handledHere.set(key, handled);

	const all = [...new Set([...saved, ...handled])];
	const isNew = !all.includes(taskId);
	if (isNew) all.push(taskId);
	handled.splice(0, handled.length, ...all.slice(-MOST_REMEMBERED));
	// The list itself and no copy: n8n saves it only when it answers, and each save replaces the whole. Of callbacks
	// at the same time the last one to be saved must know the tasks of all.
	memory.handled = handled;
	return isNew;
}
