import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DebianProgram } from './debianPackages';
import { freePort } from './ports';
import { startServer, untilReady } from './services';

export const REDIS: DebianProgram = { program: 'redis-server', debianPackage: 'redis-server' };

export interface Redis {
	/** On 127.0.0.1. */
	port: number;
	stop(): Promise<void>;
}

/**
 * An empty Redis of its own, that writes nothing to the disk.
 * @param program path of redis-server
 */
export async function startRedis(program: string): Promise<Redis> {
	const folder = await mkdtemp(join(tmpdir(), 'runninghub-redis-'));
	const port = await freePort();
	const service = startServer(
		program,
		['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
		{ cwd: folder, logFile: join(folder, 'redis.log') },
	);
	const stop = async () => {
		await service.stop();
		await rm(folder, { recursive: true, force: true });
	};
	await untilReady('Redis', service, async () => await pongs(port));
	return { port, stop };
}

async function pongs(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
		const end = (result: boolean) => {
			socket.destroy();
			resolve(result);
		};
		socket.setTimeout(2_000, () => end(false));
		socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
		socket.once('error', () => end(false));
	});
}
