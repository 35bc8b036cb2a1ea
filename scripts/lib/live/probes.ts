import { createClient, type Client } from '../../../runninghub/api/client';
import type { Credential } from '../../../runninghub/http/credential';
import { RunningHubError } from '../../../runninghub/base/errors';
import type { Transport } from '../../../runninghub/http/transport';
import { axiosTransport } from '../../../test/support/axiosTransport';
import { CHEAPEST_VIDEO } from '../../../test/support/cheapestVideo';
import { differences, shapeOf, type Difference, type Shape } from './shapes';

/** The shape of a response, by the call. */
export interface Observation {
	call: string;
	shape: Shape;
}

const UNKNOWN_TASK = '1000000000000000001';
const WRONG_KEY = '0'.repeat(32);
const { endpoint, body } = CHEAPEST_VIDEO;

/** Calls that cost nothing and change nothing, also those that are refused. */
const PROBES: Array<[string, (client: Client, stranger: Client) => Promise<unknown>]> = [
	['the account', async (client) => await client.account()],
	['its concurrency limit', async (client) => await client.concurrencyLimit()],
	['the price of a video', async (client) => await client.previewPrice(endpoint, body)],
	[
		'the price of a video that is too long',
		async (client) => await client.previewPrice(endpoint, { ...body, duration: '99' }),
	],
	[
		'the price of a model that is not there',
		async (client) => await client.previewPrice('vidu/no-such-model', body),
	],
	['an unknown task', async (client) => await client.query(UNKNOWN_TASK)],
	['a cancel of an unknown task', async (client) => await client.cancel(UNKNOWN_TASK)],
	['the callback of an unknown task', async (client) => await client.webhookEvent(UNKNOWN_TASK)],
	['AI Apps', async (client) => await client.apps({ sort: 'RECOMMEND', page: 1 })],
	['a wrong key', async (_, stranger) => await stranger.query(UNKNOWN_TASK)],
];

/** All probes of one account, one after the other. */
export async function probe(credential: Credential): Promise<Observation[]> {
	const calls: Observation[] = [];
	const client = recordedClient(credential, calls);
	const stranger = recordedClient({ ...credential, apiKey: WRONG_KEY }, calls);
	const observed: Observation[] = [];
	for (const [name, send] of PROBES) {
		await send(client, stranger).catch((error: unknown) => {
			// A refusal is an answer as well.
			if (!(error instanceof RunningHubError)) throw error;
		});
		observed.push(
			...calls.splice(0).map(({ call, shape }) => ({ call: `${name}: ${call}`, shape })),
		);
	}
	return observed;
}

/** The API as typed calls; the shape of each response is kept as well. */
export function recordedClient(credential: Credential, observed: Observation[]): Client {
	const transport = axiosTransport(credential);
	const recorded: Transport = async (request) => {
		const response = await transport(request);
		observed.push({ call: `${request.method} ${request.path}`, shape: shapeOf(response) });
		return response;
	};
	return createClient(recorded);
}

/** What differs, call by call; a call that only one side has answered differs as a whole. */
export function compare(
	live: readonly Observation[],
	simulator: readonly Observation[],
): Array<Difference & { call: string }> {
	const calls = [...new Set([...live, ...simulator].map(({ call }) => call))];
	return calls.flatMap((call) =>
		differences(merged(live, call), merged(simulator, call)).map((difference) => ({
			call,
			...difference,
		})),
	);
}

/** Of the same call asked several times: all that has been seen. */
function merged(observed: readonly Observation[], call: string): Shape {
	return new Map(observed.filter((one) => one.call === call).flatMap(({ shape }) => [...shape]));
}
