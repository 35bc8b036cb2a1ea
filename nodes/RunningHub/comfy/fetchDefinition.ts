import type { IExecuteFunctions } from 'n8n-workflow';
import type { Client } from '../../../runninghub/api/client';
import { expectRunningHubError, RunningHubError } from '../../../runninghub/base/errors';
import { isTransient, withRetries } from '../../../runninghub/base/retry';
import { connect, type Connection } from '../n8n/connection';

/** What came of fetching the definition of a workflow or an app. */
export type Definition<T> =
	| { state: 'seen'; found: T }
	/** Its owner has protected it, and the call that shows it takes no password: RunningHub alone can check it. */
	| { state: 'hidden' }
	/** RunningHub could not be asked just now. */
	| { state: 'failed'; error: RunningHubError };

/**
 * Fetches what is to be run, before anything is paid for; once a run for each id.
 * @returns a function that throws a RunningHubError where a submit would be refused as well
 */
export function createDefinitionFetcher<T>(
	context: IExecuteFunctions,
	show: (client: Client, id: string) => Promise<T>,
): (id: string, hasPassword: boolean) => Promise<Definition<T>> {
	let connecting: Promise<Connection> | undefined;
	const fetches = new Map<string, Promise<T | RunningHubError>>();

	const fetchOnce = async (id: string): Promise<T | RunningHubError> => {
		connecting ??= connect(context);
		const connection = await connecting;
		return await withRetries(async () => await show(connection.client, id), connection).catch(
			expectRunningHubError,
		);
	};

	return async (id, hasPassword) => {
		const fetching = fetches.get(id) ?? fetchOnce(id);
		fetches.set(id, fetching);
		const found = await fetching;
		if (!(found instanceof RunningHubError)) return { state: 'seen', found };
		if (isTransient(found)) return { state: 'failed', error: found };
		if (hasPassword) return { state: 'hidden' };
		throw found;
	};
}
