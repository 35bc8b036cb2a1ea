import type { IExecuteFunctions } from 'n8n-workflow';
import { n8nClock } from '../n8n/clock';
import { connect, type Connection } from '../n8n/connection';
import type { RunState } from '../n8n/runState';

/** Milliseconds before each further try. */
const PAUSES_MS = [2_000, 5_000];

/**
 * The connection of a run. One that has slept has paid for its tasks: that n8n cannot read the credential just as it wakes,
 * because its vault or database is away for a moment, is tried again.
 * @throws as {@link connect}
 */
export async function connectWithRetries(
	context: IExecuteFunctions,
	{ slept }: Pick<RunState, 'slept'>,
): Promise<Connection> {
	for (const pauseMs of slept === undefined ? [] : PAUSES_MS) {
		const connection = await connect(context).catch(() => undefined);
		if (connection !== undefined) return connection;
		await n8nClock.sleep(pauseMs, context.getExecutionCancelSignal());
	}
	return await connect(context);
}
