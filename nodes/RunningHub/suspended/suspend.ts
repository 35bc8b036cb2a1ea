import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { isPrivateHost } from '../../../runninghub/privateHost';
import { RunningHubError } from '../../../runninghub/errors';
import type { DeliveryChoice } from '../engine/delivery';
import { toItems, type ItemResult } from '../outcomes';

/**
 * The address at which RunningHub can wake this execution. It is n8n's own, signed where n8n signs it, and nothing
 * may be added to it.
 * @param apiBaseUrl where the submits go; a local simulator can reach a local n8n
 * @throws RunningHubError of kind `validation` when RunningHub could not reach it: before anything is paid
 */
export function resumeUrl(context: IExecuteFunctions, apiBaseUrl: string): string {
	const url = String(context.evaluateExpression('{{ $execution.resumeUrl }}', 0));
	const reachable = URL.canParse(url) && !isPrivateHost(new URL(url).hostname);
	if (reachable || isPrivateHost(new URL(apiBaseUrl).hostname)) return url;
	const shown = URL.canParse(url) ? new URL(url).origin : 'not set';
	throw new RunningHubError({
		kind: 'validation',
		message: `RunningHub cannot call this n8n back: its address for callbacks is ${shown}, which only this network can reach.`,
		description:
			'Set the environment variable WEBHOOK_URL to the public address of this n8n (that of a tunnel will do) and restart it, or set While Waiting to Keep Checking. Nothing was sent and nothing was paid for.',
	});
}

/**
 * Puts the execution to sleep until RunningHub calls back. What n8n saves with it are the items as they are now:
 * finished tasks with their results, the others as running. They come out as they are if the deadline passes;
 * resume.ts completes them when the callbacks come.
 * @param deadlineMs milliseconds from now
 * @throws NodeApiError | NodeOperationError for an item that has already failed, as {@link toItems}
 */
export async function suspend(
	context: IExecuteFunctions,
	results: readonly ItemResult[],
	delivery: DeliveryChoice,
	deadlineMs: number,
): Promise<INodeExecutionData[]> {
	const items = toItems(context.getNode(), results, delivery);
	// In place: n8n saves this very array with the waiting execution. (getInputData() is a copy under Execute Once.)
	const input = context.getExecuteData().data.main?.[0] ?? [];
	input.splice(0, input.length, ...items);
	await context.putExecutionToWait(new Date(Date.now() + deadlineMs));
	// Nothing: n8n throws it away, and an error in its first item would make Retry On Fail run the node again.
	return [];
}
