import type { IExecuteFunctions } from 'n8n-workflow';

/** n8n looks once a minute for what is to wake within the next 70 s, and sets its timers then. */
const TIMER_SET_AHEAD_MS = 71_000;

/** Nodes that wait for an answer, for a moment or for a sub-workflow. */
const WAITING = [
	'n8n-nodes-base.wait',
	'n8n-nodes-base.form',
	'n8n-nodes-base.executeWorkflow',
	'@n8n/n8n-nodes-langchain.chat',
	'@n8n/n8n-nodes-langchain.agent',
];

/**
 * Until when the run has to keep its results to itself: a timer that n8n has left from a sleep that a callback has ended
 * would otherwise end the wait of a node behind, as if its answer had come.
 * @param timersAt when they go off; milliseconds, by the calendar
 * @returns undefined where there is none, or nothing behind waits
 */
export function staleTimer(
	context: IExecuteFunctions,
	timersAt: readonly number[],
): Date | undefined {
	const now = Date.now();
	const set = timersAt.filter((at) => at > now && at - now <= TIMER_SET_AHEAD_MS);
	return set.length > 0 && mayWaitBehind(context) ? new Date(Math.max(...set)) : undefined;
}

function mayWaitBehind(context: IExecuteFunctions): boolean {
	return context
		.getChildNodes(context.getNode().name, { includeNodeParameters: true })
		.some(
			({ type, disabled, parameters }) =>
				!disabled && (WAITING.includes(type) || parameters?.operation === 'sendAndWait'),
		);
}
