import { createServer } from 'node:net';
import { UserError } from './steps.mjs';

const HOST = '127.0.0.1';

/**
 * @param {number} port 0 for any
 * @returns {Promise<number>} the port that could be listened on
 */
function tryPort(port) {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(port, HOST, () => {
			const address = /** @type {import('node:net').AddressInfo} */ (server.address());
			server.close(() => resolve(address.port));
		});
	});
}

/** @param {number} port */
export async function isPortFree(port) {
	return await tryPort(port).then(
		() => true,
		() => false,
	);
}

/** A port that was free a moment ago: nothing keeps another process from taking it meanwhile. */
export async function freePort() {
	return await tryPort(0);
}

/**
 * @param {number} port
 * @param {string} purpose e.g. `n8n`
 * @param {string} flag the command-line flag that chooses another one
 */
export async function requireFreePort(port, purpose, flag) {
	if (await isPortFree(port)) return;
	throw new UserError(
		`Port ${port} for ${purpose} is in use: end the program that uses it, or choose another port with ${flag} (for example ${flag} ${port + 1000}).`,
	);
}
