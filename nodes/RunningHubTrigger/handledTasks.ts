import type { IWebhookFunctions } from 'n8n-workflow';

/** RunningHub repeats a delivery for some minutes at most; by then many more tasks may have come. */
const MOST_REMEMBERED = 1_000;

/** What this process knows of a trigger, ahead of what n8n has saved. */
interface Memory {
	/** Tasks that have started the workflow, the oldest first. */
	handled: string[];
	/** Those that n8n could not start it for: RunningHub calls again, and then they are new. */
	notStarted: Set<string>;
}

/** By workflow and node. */
const memories = new Map<string, Memory>();

/** Is it the first time that this task starts this workflow? Remembers it, also over a restart of n8n. */
export function isNewTask(context: IWebhookFunctions, taskId: string): boolean {
	// n8n stops listening at a test URL once a call has started a run: whoever listens again wants another one.
	if (context.getMode() === 'manual') return true;

	const { handled, notStarted } = memoryOf(context);
	const staticData = context.getWorkflowStaticData('node');
	const saved = Array.isArray(staticData.handled) ? staticData.handled.map(String) : [];
	const all = [...new Set([...saved, ...handled])].filter((id) => !notStarted.has(id));
	const isNew = !all.includes(taskId);
	if (isNew) {
		all.push(taskId);
		notStarted.delete(taskId);
		forgetIfNotStarted(context, taskId);
	}
	handled.splice(0, handled.length, ...all.slice(-MOST_REMEMBERED));
	// The list itself and no copy: n8n saves it only when it answers, and each save replaces the whole. Of callbacks
	// at the same time the last one to be saved must know the tasks of all.
	staticData.handled = handled;
	return isNew;
}

/** n8n starts the run after the node, and answers with an error if it cannot: then RunningHub's next call must start it. */
function forgetIfNotStarted(context: IWebhookFunctions, taskId: string): void {
	const { handled, notStarted } = memoryOf(context);
	const response = context.getResponseObject();
	response.once('finish', () => {
		if (response.statusCode < 400) return;
		notStarted.add(taskId);
		handled.splice(0, handled.length, ...handled.filter((id) => id !== taskId));
	});
}

function memoryOf(context: IWebhookFunctions): Memory {
	const key = `${context.getWorkflow().id}:${context.getNode().id}`;
	const memory = memories.get(key) ?? { handled: [], notStarted: new Set<string>() };
	memories.set(key, memory);
	return memory;
}
