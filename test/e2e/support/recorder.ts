import type { IncomingMessage } from 'node:http';
import { type LocalServer, startLocalServer } from '../../support/localServer';

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
export interface Recorder extends LocalServer {
	/** In the order in which they were told. */
	told: Told[];
}

export async function startRecorder(): Promise<Recorder> {
	const told: Told[] = [];
	const server = await startLocalServer((request, response) => {
		void read(request).then((body) => {
			told.push({ path: request.url ?? '', ...JSON.parse(body) });
			response.setHeader('content-type', 'application/json');
			response.end('{}');
		});
	});
	return { ...server, told };
}

async function read(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks).toString('utf8');
}
