import getPort from 'get-port';
import { randomInt } from 'node:crypto';
import { UserError } from './steps';

const host = '127.0.0.1';

/**
 * A port that was free a moment ago: nothing keeps another process from taking it meanwhile. It is below those that systems
 * give to outgoing connections: n8n takes seconds to start, and opens many before it listens.
 */
export async function freePort(): Promise<number> {
	const candidates = Array.from({ length: 50 }, () => randomInt(10_000, 32_000));
	return await getPort({ host, port: candidates });
}

/**
 * @param purpose e.g. `n8n`
 * @param flag the command-line flag that chooses another one
 */
export async function requireFreePort(port: number, purpose: string, flag: string): Promise<void> {
	if ((await getPort({ host, port })) === port) return;
	throw new UserError(
		`Port ${port} for ${purpose} is in use: end the program that uses it, or choose another port with ${flag} (for example ${flag} ${port + 1000}).`,
	);
}
