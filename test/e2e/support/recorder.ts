import { text } from 'node:stream/consumers';
import { type LocalServer, startLocalServer } from '../../support/localServer';

/** One run of the flow behind the node: all the items that it got. */
export interface Told {
	path: string;
	/** When it came; milliseconds, by the clock on the wall. */
	at: number;
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
	const server = await startLocalServer(async (request, response) => {
		const body: Pick<Told, 'execution' | 'items'> = JSON.parse(await text(request));
		told.push({ path: request.url ?? '', at: Date.now(), ...body });
		response.setHeader('content-type', 'application/json').end('{}');
	});
	return { ...server, told };
}
