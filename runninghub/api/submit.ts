import { RunningHubError } from '../base/errors';
import type { JsonObject } from '../base/json';
import { noResponse } from '../http/call';
import { jsonBody, type Transport } from '../http/transport';
import { acceptedTaskIn, unknownBecause } from './submitOutcome';
import type { Task } from './task';

const SUBMIT_TIMEOUT_MS = 120_000;

/**
 * Asks for a task: costs money.
 * @returns the task with its id, as {@link acceptedTaskIn}
 * @throws RunningHubError; `resendable` only where no task can have been made
 */
export async function submit(transport: Transport, path: string, body: JsonObject): Promise<Task> {
	const response = await transport({
		method: 'POST',
		path,
		body: jsonBody(body),
		timeoutMs: SUBMIT_TIMEOUT_MS,
		unstoppable: true,
	}).catch((thrown: unknown) => noResponse(thrown));
	if (response instanceof RunningHubError) {
		throw response.resendable ? response : unknownBecause(response);
	}
	return acceptedTaskIn(response);
}
