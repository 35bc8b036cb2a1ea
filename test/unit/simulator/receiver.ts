import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { close, listen } from '../../simulator/server';

/** Somebody who is called back: a real server on the loopback. */

export interface Call {
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	text: string;
}

type Respond = (response: ServerResponse) => void;

export interface Receiver {
	/** With a path of its own, as a webhook has. */
	url: string;
	calls: Call[];
	/** The next calls are answered with these, in order; those after them with 200. */
	respond(...next: Array<number | Respond>): void;
	/** Waits until so many calls have come in. */
	called(times: number): Promise<Call[]>;
	close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
	const calls: Call[] = [];
	const responses: Array<number | Respond> = [];
	const bell = new EventEmitter();
	const server = createServer((request, response) => {
		let text = '';
		request.on('data', (chunk: Buffer) => (text += chunk.toString()));
		request.on('end', () => {
			const { method = '', url = '', headers } = request;
			calls.push({ method, path: url, headers, text });
			const next = responses.shift() ?? 200;
			if (typeof next === 'function') next(response);
			else response.writeHead(next).end(`{"heard":${calls.length}}`);
			bell.emit('call');
		});
	});
	const port = await listen(server, 0, '127.0.0.1');
	return {
		url: `http://127.0.0.1:${port}/hook`,
		calls,
		respond: (...next) => void responses.push(...next),
		async called(times) {
			while (calls.length < times) await once(bell, 'call');
			return calls;
		},
		close: () => close(server),
	};
}

export const neverAnswers: Respond = () => undefined;

export const hangsUp: Respond = (response) => response.destroy();

export const redirects =
	(location: string, status: number): Respond =>
	(response) =>
		response.writeHead(status, { Location: location }).end();
