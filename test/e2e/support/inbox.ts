import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A file that was sent to an inbox. */
export interface Parcel {
	query: Record<string, string>;
	contentType: string | undefined;
	bytes: Buffer;
}

/** Where a workflow sends files to, as a shop's server would take them. */
export interface Inbox {
	url: string;
	parcels: Parcel[];
	stop: () => Promise<void>;
}

/** @param refusals how many of the first files are refused with HTTP 503 */
export async function openInbox(refusals = 0): Promise<Inbox> {
	const parcels: Parcel[] = [];
	let refused = 0;
	const server = createServer(async (request, response) => {
		const bytes = await buffer(request);
		const { searchParams } = new URL(request.url ?? '/', 'http://inbox');
		if (refused < refusals) {
			refused += 1;
			response.writeHead(503).end();
			return;
		}
		parcels.push({
			query: Object.fromEntries(searchParams),
			contentType: request.headers['content-type'],
			bytes,
		});
		response.setHeader('content-type', 'application/json').end('{}');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		parcels,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
