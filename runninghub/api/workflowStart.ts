import type { JsonObject } from '../base/json';
import type { Transport } from '../http/transport';
import { submit } from './submit';
import type { Task } from './task';

/*
 * Both kinds are started by the v1 calls, and by nothing else: these are the ones that RunningHub documents, with
 * callbacks and passwords (reference sections 4.1, 5.1), and their refusals have the codes of its own table (11.1).
 * The v2 paths of section 4.5 are known from other people's clients alone. What follows is the same for both: the v2
 * query answers for tasks of v1 calls (7.1).
 */

/** @throws RunningHubError as {@link submit} */
export async function startWorkflow(transport: Transport, body: JsonObject): Promise<Task> {
	return await submit(transport, '/task/openapi/create', body);
}

/** @throws RunningHubError as {@link submit} */
export async function startApp(transport: Transport, body: JsonObject): Promise<Task> {
	return await submit(transport, '/task/openapi/ai-app/run', body);
}
