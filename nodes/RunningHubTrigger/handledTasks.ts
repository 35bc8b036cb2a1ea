import type { IWebhookFunctions } from 'n8n-workflow';

/** RunningHub repeats a delivery for some minutes at most; by then many more tasks may have come. */
const MOST_REMEMBERED = 1_000;

type N8nAnswer = ReturnType<IWebhookFunctions['getResponseObject']>;

/** What this process knows of a trigger, ahead of what n8n has saved. */
interface Memory {
	/** Tasks that have started the workflow, the oldest first. */
	handled: string[];
	/** n8n's answers to the calls that should start it, until they are known to be good; the oldest first. */
	starting: Map<string, N8nAnswer>;
}

/** By workflow and node. */
const memories = new Map<string, Memory>();

/**
 * What is the workflow's start for this task?
 * `due`: this call is to start it; the task is remembered, also over a restart of n8n.
 * `undecided`: n8n is at it and may still fail. `done`: another call has started it.
 */
export type Start = 'due' | 'undecided' | 'done';

/** n8n 2 (newer than 2.0) answers once the run has started; older ones before it, so that there the answer proves nothing. */
export function startOf(context: IWebhookFunctions, taskId: string): Start {
	// n8n stops listening at a test URL once a call has started a run: whoever listens again wants another one.
	if (context.getMode() === 'manual') return 'due';

	const { handled, starting } = memoryOf(context);
	const earlier = starting.get(taskId);
	if (earlier?.writableEnded === false) return 'undecided';

	const staticData = context.getWorkflowStaticData('node');
	const saved = Array.isArray(staticData.handled) ? staticData.handled.map(String) : [];
	const all = new Set([...saved, ...handled]);
	const isDone = all.has(taskId) && (earlier === undefined || isGood(earlier));
	if (!isDone) {
		all.add(taskId);
		rememberStart(starting, taskId, context.getResponseObject());
	}
	handled.splice(0, handled.length, ...[...all].slice(-MOST_REMEMBERED));
	// The list itself and no copy: n8n saves it only when it answers, and each save replaces the whole. Of callbacks
	// at the same time the last one to be saved must know the tasks of all.
	staticData.handled = handled;
	return isDone ? 'done' : 'due';
}

/** n8n starts the run after the node, and answers with an error if it cannot: then RunningHub's next call must start it. */
function rememberStart(starting: Memory['starting'], taskId: string, answer: N8nAnswer): void {
	// Set anew and not in place, to keep the oldest first.
	starting.delete(taskId);
	starting.set(taskId, answer);
	const [oldest] = starting.keys();
	if (starting.size > MOST_REMEMBERED && oldest !== undefined) starting.delete(oldest);
	// It does not come when the caller has hung up; the answer itself tells all the same.
	answer.once('finish', () => {
		if (isGood(answer) && starting.get(taskId) === answer) starting.delete(taskId);
	});
}

function isGood(answer: N8nAnswer): boolean {
	return answer.statusCode < 400;
}

function memoryOf(context: IWebhookFunctions): Memory {
	const key = `${context.getWorkflow().id}:${context.getNode().id}`;
	const memory = memories.get(key) ?? { handled: [], starting: new Map<string, N8nAnswer>() };
	memories.set(key, memory);
	return memory;
}
