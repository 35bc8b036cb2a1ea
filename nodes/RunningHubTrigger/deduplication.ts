import type { IWebhookFunctions } from 'n8n-workflow';

/** RunningHub repeats a delivery for some minutes at most; by then many more tasks may have come. */
const MAX_REMEMBERED = 1_000;

/** Milliseconds. n8n never responds to the call of an execution that is stopped while it is queued. */
const MAX_START_MS = 60 * 60_000;

type N8nResponse = ReturnType<IWebhookFunctions['getResponseObject']>;

/** What this process knows of a trigger, ahead of what n8n has saved. */
interface Memory {
	/** Tasks that have started the workflow, or are about to; the oldest first. */
	handled: string[];
	/** The calls that are to start it, for which n8n has not responded yet. */
	starting: Map<string, { response: N8nResponse; since: number }>;
	/** Tasks that n8n could not start it for: RunningHub calls again, and then they are new. */
	notStarted: Set<string>;
}

/** By workflow and node. */
const memories = new Map<string, Memory>();

/**
 * What is the workflow's start for this task?
 * `due`: this call is to start it; the task is remembered, also over a restart of n8n.
 * `undecided`: n8n is starting it and may still fail. `done`: another call has started it.
 */
export type Start = 'due' | 'undecided' | 'done';

/** n8n 2 (newer than 2.0) answers once the run has started; older ones before it, so that there the response proves nothing. */
export function startOf(context: IWebhookFunctions, taskId: string): Start {
	// n8n stops listening at a test URL once a call has started a run: a user who listens again wants another run.
	if (context.getMode() === 'manual') return 'due';

	const memory = memoryOf(context);
	settle(memory);
	const { handled, starting, notStarted } = memory;
	if (starting.has(taskId)) return 'undecided';

	const staticData = context.getWorkflowStaticData('node');
	const saved = Array.isArray(staticData.handled) ? staticData.handled.map(String) : [];
	const all = new Set([...saved, ...handled].filter((id) => !notStarted.has(id)));
	const isDone = all.has(taskId);
	if (!isDone) {
		all.add(taskId);
		notStarted.delete(taskId);
		starting.set(taskId, { response: context.getResponseObject(), since: performance.now() });
	}
	handled.splice(0, handled.length, ...[...all].slice(-MAX_REMEMBERED));
	// The list itself and no copy: n8n saves it only when it answers, and each save replaces the whole. Of callbacks
	// at the same time the last one to be saved must know the tasks of all.
	staticData.handled = handled;
	return isDone ? 'done' : 'due';
}

/** Reads what n8n has responded since: it starts the run after the node, and responds with an error if it cannot. */
function settle({ starting, notStarted }: Memory): void {
	for (const [taskId, { response, since }] of starting) {
		const isPending = response.writableEnded === false;
		const isGivenUp = isPending && performance.now() - since > MAX_START_MS;
		if (isPending && !isGivenUp) continue;
		starting.delete(taskId);
		if (isGivenUp || response.statusCode >= 400) notStarted.add(taskId);
	}
	for (const oldest of [...notStarted].slice(0, -MAX_REMEMBERED)) notStarted.delete(oldest);
}

function memoryOf(context: IWebhookFunctions): Memory {
	const key = `${context.getWorkflow().id}:${context.getNode().id}`;
	const memory = memories.get(key) ?? {
		handled: [],
		starting: new Map<string, { response: N8nResponse; since: number }>(),
		notStarted: new Set<string>(),
	};
	memories.set(key, memory);
	return memory;
}
