import { createClient, type Client } from '../../../runninghub/api/client';
import type { Credential } from '../../../runninghub/http/credential';
import { RunningHubError } from '../../../runninghub/base/errors';
import type { Transport } from '../../../runninghub/http/transport';
import { axiosTransport } from '../../../test/support/axiosTransport';
import { CHEAPEST_VIDEO } from '../../../test/support/cheapestVideo';
import { differences, shapeOf, type Difference, type Shape } from './shapes';

/** An answer, by what it was asked. */
export interface Answer {
	call: string;
	shape: Shape;
}

const UNKNOWN_TASK = '1000000000000000001';
const WRONG_KEY = '0'.repeat(32);
const { endpoint, body } = CHEAPEST_VIDEO;

/** Calls that cost nothing and change nothing, also those that are refused. */
const LOOKS: Array<[string, (client: Client, stranger: Client) => Promise<unknown>]> = [
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

/** All looks at one account, one after the other. */
export async function lookAt(credential: Credential): Promise<Answer[]> {
	const answers: Answer[] = [];
	const client = recordedClient(credential, answers);
	const stranger = recordedClient({ ...credential, apiKey: WRONG_KEY }, answers);
	const looks: Answer[] = [];
	for (const [name, look] of LOOKS) {
		await look(client, stranger).catch((error: unknown) => {
			// A refusal is an answer as well.
			if (!(error instanceof RunningHubError)) throw error;
		});
		looks.push(
			...answers.splice(0).map(({ call, shape }) => ({ call: `${name}: ${call}`, shape })),
		);
	}
	return looks;
}

/** The API as typed calls; the shape of each answer is kept as well. */
export function recordedClient(credential: Credential, answers: Answer[]): Client {
	const transport = axiosTransport(credential);
	const recorded: Transport = async (request) => {
		const answer = await transport(request);
		answers.push({ call: `${request.method} ${request.path}`, shape: shapeOf(answer) });
		return answer;
	};
	return createClient(recorded);
}

/** What differs, call by call; a call that only one side has answered differs as a whole. */
export function compared(
	live: readonly Answer[],
	simulator: readonly Answer[],
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
function merged(answers: readonly Answer[], call: string): Shape {
	return new Map(
		answers.filter((answer) => answer.call === call).flatMap(({ shape }) => [...shape]),
	);
}
