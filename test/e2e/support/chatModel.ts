import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const request = z.object({
	// Only those of tools are looked at, which are text.
	messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
	tools: z
		.array(
			z.object({
				function: z.object({
					name: z.string(),
					description: z.string(),
					parameters: z.object({ properties: z.record(z.unknown()) }),
				}),
			}),
		)
		.default([]),
});

/** What an agent gives its language model. */
export interface Asked {
	tools: Array<{ name: string; description: string; inputs: string[] }>;
	/** What the tools have answered so far, as the model reads it. */
	answers: string[];
}

/** What a language model says: words for the user, or calls of tools, which are made at the same time. */
export type Reply = string | Array<{ tool: string; input: Record<string, unknown> }>;

/** A language model that keeps to its script, for n8n's OpenAI Chat Model node. */
export interface ChatModel {
	/** For the credential's Base URL. */
	url: string;
	asked: Asked[];
	stop(): Promise<void>;
}

/** @param script one entry for each time that the model is asked */
export async function startChatModel(
	script: ReadonlyArray<(asked: Asked) => Reply>,
): Promise<ChatModel> {
	const asked: Asked[] = [];
	const reply = async (incoming: IncomingMessage) => {
		const given = askedIn(await text(incoming));
		const turn = script[asked.length];
		asked.push(given);
		if (turn === undefined) throw new Error('The script of the model has ended.');
		return completion(turn(given));
	};
	const server = createServer((incoming, response) => {
		const send = (status: number, body: object) =>
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		reply(incoming).then(
			(body) => send(200, body),
			// Not one of those that n8n tries again.
			(error: unknown) => send(400, { error: { message: String(error) } }),
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/v1`,
		asked,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function askedIn(body: string): Asked {
	const { messages, tools } = request.parse(JSON.parse(body));
	return {
		tools: tools.map(({ function: { name, description, parameters } }) => ({
			name,
			description,
			inputs: Object.keys(parameters.properties),
		})),
		answers: messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content)),
	};
}

/** In the words of OpenAI's chat completions. */
function completion(reply: Reply) {
	const message =
		typeof reply === 'string'
			? { role: 'assistant', content: reply }
			: {
					role: 'assistant',
					content: null,
					tool_calls: reply.map(({ tool, input }) => ({
						id: `call_${randomUUID()}`,
						type: 'function',
						function: { name: tool, arguments: JSON.stringify(input) },
					})),
				};
	return {
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 0,
		model: 'scripted',
		choices: [
			{ index: 0, message, finish_reason: typeof reply === 'string' ? 'stop' : 'tool_calls' },
		],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}
