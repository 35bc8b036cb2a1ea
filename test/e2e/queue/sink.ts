import { text } from 'node:stream/consumers';
import { type LocalServer, startLocalServer } from '../../support/localServer';

/** What the flow behind a RunningHub node has sent. */
export interface Arrival {
	at: number;
	executionId: string;
	prompt: string;
	items: Array<{ taskId: string; status: string; url: string | null }>;
}

/** Where the flow behind a RunningHub node ends: every run of it counts, whatever n8n makes of its records. */
export interface Sink extends LocalServer {
	arrivals: Arrival[];
}

export async function startSink(): Promise<Sink> {
	const arrivals: Arrival[] = [];
	const server = await startLocalServer(async (request, response) => {
		const body: Omit<Arrival, 'at'> = JSON.parse(await text(request));
		arrivals.push({ ...body, at: Date.now() });
		response.setHeader('content-type', 'application/json').end('{}');
	});
	return { ...server, arrivals };
}
