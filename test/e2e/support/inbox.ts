import { buffer } from 'node:stream/consumers';
import { type LocalServer, startLocalServer } from '../../support/localServer';

/** A file that was sent to an inbox. */
export interface Parcel {
	query: Record<string, string>;
	contentType: string | undefined;
	bytes: Buffer;
}

/** Where a workflow sends files to, as a shop's server would take them. */
export interface Inbox extends LocalServer {
	parcels: Parcel[];
}

/** @param refusals how many of the first files are refused with HTTP 503 */
export async function openInbox(refusals = 0): Promise<Inbox> {
	const parcels: Parcel[] = [];
	let refused = 0;
	const server = await startLocalServer(async (request, response) => {
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
	return { ...server, parcels };
}
