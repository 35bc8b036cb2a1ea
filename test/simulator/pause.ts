import type { ServerResponse } from 'node:http';

/** Waits, but not for a client that has gone: nothing is left running when a test or a server ends. */
export function pause(ms: number, response: ServerResponse): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			response.off('close', done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		if (response.destroyed) done();
		else response.on('close', done);
	});
}
