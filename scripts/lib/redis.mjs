import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram, untilItAnswers } from './debianPackages.mjs';
import { freePort } from './ports.mjs';

/** @type {import('./debianPackages.mjs').DebianProgram} */
export const REDIS = { program: 'redis-server', debianPackage: 'redis-server' };

/**
 * @typedef {object} Redis
 * @property {number} port on 127.0.0.1
 * @property {() => Promise<void>} stop
 */

/**
 * An empty Redis of its own, that writes nothing to the disk.
 *
 * @param {string} program path of redis-server
 * @returns {Promise<Redis>}
 */
export async function startRedis(program) {
	const folder = await mkdtemp(join(tmpdir(), 'runninghub-redis-'));
	const logFile = join(folder, 'redis.log');
	const port = await freePort();
	const running = startProgram({
		program,
		args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
		folder,
		logFile,
		endSignal: 'SIGTERM',
	});
	const stop = async () => {
		await running.stop();
		await rm(folder, { recursive: true, force: true });
	};
	try {
		await untilItAnswers('Redis', running, logFile, async () => await pongs(port));
	} catch (error) {
		await stop();
		throw error;
	}
	return { port, stop };
}

/** @param {number} port */
async function pongs(port) {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
		const end = (/** @type {boolean} */ result) => {
			socket.destroy();
			resolve(result);
		};
		socket.setTimeout(2_000, () => end(false));
		socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
		socket.once('error', () => end(false));
	});
}
