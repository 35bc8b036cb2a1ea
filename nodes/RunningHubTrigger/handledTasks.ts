import type { IWebhookFunctions } from 'n8n-workflow';

/** RunningHub repeats a delivery for some minutes at most; by then many more tasks may have come. */
const MOST_REMEMBERED = 1_000;

/** Of this process, for two deliveries at the same time: what a workflow remembers is saved only afterwards. */
const startedHere = new Set<string>();

/**
 * Is it the first time that this task starts this workflow? Remembers it, for test and production runs apart, since
 * a task that was tried out in the editor must still start the active workflow.
 */
export function isNewTask(context: IWebhookFunctions, taskId: string): boolean {
	const key = `${context.getWorkflow().id}:${context.getNode().id}:${context.getMode()}:${taskId}`;
	const memory = context.getWorkflowStaticData('node');
	const handled = Array.isArray(memory.handled) ? memory.handled.map(String) : [];
	if (startedHere.has(key) || handled.includes(taskId)) return false;

	startedHere.add(key);
	const [oldest] = startedHere;
	if (startedHere.size > MOST_REMEMBERED && oldest !== undefined) startedHere.delete(oldest);
	memory.handled = [...handled, taskId].slice(-MOST_REMEMBERED);
	return true;
}
