import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the flow behind a RunningHub node has sent. */
export interface Arrival {
	at: number;
	executionId: string;
	prompt: string;
	items: Array<{ taskId: string; status: string; url: string | null }>;
}

/** Where the flow behind a RunningHub node ends: every run of it counts, whatever n8n makes of its records. */
export interface Sink {
	url: string;
	arrivals: Arrival[];
	stop: () => Promise<void>;
}

export async function startSink(): Promise<Sink> {
	const arrivals: Arrival[] = [];
	const server = createServer(async (request, response) => {
		const body: Omit<Arrival, 'at'> = JSON.parse(await text(request));
		arrivals.push({ ...body, at: Date.now() });
		response.setHeader('content-type', 'application/json').end('{}');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		arrivals,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
