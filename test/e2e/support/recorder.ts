import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One run of the flow behind the node: all the items that it got. */
export interface Told {
	path: string;
	execution: string;
	items: Array<Record<string, unknown>>;
}

/**
 * Where the last node of a workflow tells what it got. n8n's own record of an execution cannot show that the flow behind
 * a node ran twice: the second run overwrites the first.
 */
export interface Recorder {
	url: string;
	/** In the order in which they were told. */
	told: Told[];
	stop(): Promise<void>;
}

export async function startRecorder(): Promise<Recorder> {
	const told: Told[] = [];
	const server = createServer((request, response) => {
		void read(request).then((body) => {
			told.push({ path: request.url ?? '', ...JSON.parse(body) });
			response.setHeader('content-type', 'application/json');
			response.end('{}');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		told,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function read(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks).toString('utf8');
}
