import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type LocalServer, startLocalServer } from '../../support/localServer';

const request = z.object({
	/** Asked for by an agent that answers bit by bit. */
	stream: z.boolean().default(false),
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

/** A language model that keeps to its script, for n8n's OpenAI Chat Model node; `url` is for its credential. */
export interface ChatModel extends LocalServer {
	asked: Asked[];
}

/** @param script one entry for each time that the model is asked */
export async function startChatModel(
	script: ReadonlyArray<(asked: Asked) => Reply>,
): Promise<ChatModel> {
	const asked: Asked[] = [];
	const reply = async (body: z.infer<typeof request>) => {
		const given = askedIn(body);
		const turn = script[asked.length];
		asked.push(given);
		if (turn === undefined) throw new Error('The script of the model has ended.');
		return turn(given);
	};
	const answer = async (incoming: IncomingMessage) => {
		const body = request.parse(JSON.parse(await text(incoming)));
		const replied = await reply(body);
		return body.stream
			? { type: 'text/event-stream', body: eventStream(replied) }
			: { type: 'application/json', body: JSON.stringify(completion(replied)) };
	};
	const server = await startLocalServer((incoming, response) => {
		// n8n's Agents try OpenAI's newer interface first.
		if (incoming.url?.endsWith('/chat/completions') !== true) {
			response.writeHead(404).end();
			return;
		}
		answer(incoming).then(
			({ type, body }) => response.writeHead(200, { 'content-type': type }).end(body),
			(error: unknown) => {
				const body = JSON.stringify({ error: { message: String(error) } });
				// Not one of those that n8n tries again.
				response.writeHead(400, { 'content-type': 'application/json' }).end(body);
			},
		);
	});
	return { ...server, url: `${server.url}/v1`, asked };
}

function askedIn({ messages, tools }: z.infer<typeof request>): Asked {
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
	return {
		...HEAD,
		object: 'chat.completion',
		choices: [{ index: 0, message: messageOf(reply), finish_reason: reasonOf(reply) }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

/** The same as it comes bit by bit, here in one. */
function eventStream(reply: Reply): string {
	const { tool_calls: calls, ...message } = messageOf(reply);
	const delta = { ...message, tool_calls: calls?.map((call, index) => ({ index, ...call })) };
	const chunk = (choice: object) =>
		JSON.stringify({
			...HEAD,
			object: 'chat.completion.chunk',
			choices: [{ index: 0, ...choice }],
		});
	const events = [
		chunk({ delta, finish_reason: null }),
		chunk({ delta: {}, finish_reason: reasonOf(reply) }),
		'[DONE]',
	];
	return events.map((event) => `data: ${event}\n\n`).join('');
}

const HEAD = { id: 'chatcmpl-1', created: 0, model: 'scripted' };

const reasonOf = (reply: Reply) => (typeof reply === 'string' ? 'stop' : 'tool_calls');

function messageOf(reply: Reply) {
	if (typeof reply === 'string') return { role: 'assistant', content: reply };
	return {
		role: 'assistant',
		content: null,
		tool_calls: reply.map(({ tool, input }) => ({
			id: `call_${randomUUID()}`,
			type: 'function',
			function: { name: tool, arguments: JSON.stringify(input) },
		})),
	};
}
