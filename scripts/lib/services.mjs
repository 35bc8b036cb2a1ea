import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** What is running, in the order of its start. */
/** @type {Set<Service>} */
const services = new Set();

/** Stops everything that was started, last first. */
export async function stopServices() {
	for (const service of [...services].reverse()) await service.stop();
}

const LEASH = join(dirname(fileURLToPath(import.meta.url)), 'leash.cjs');

/**
 * @typedef {object} Service a background process that never outlives us
 * @property {number} pid
 * @property {() => boolean} isRunning
 * @property {Promise<string>} ended resolves with how it ended, e.g. `exit code 1`
 * @property {() => Promise<void>} stop asks it to end, and ends it hard after a grace time
 * @property {() => Promise<void>} kill ends it at once, as a power cut would
 */

/**
 * Starts a Node script in the background, with its output in a log file. It leads a process group of
 * its own, so that the processes which it starts itself end with it, and Ctrl-C on the terminal
 * reaches only us: we decide in which order things end.
 *
 * @param {object} options
 * @param {string} options.node path of the Node binary
 * @param {string[]} options.args
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env the whole environment
 * @param {string} options.logFile
 * @param {number} [options.graceSeconds]
 * @returns {Service}
 */
export function startService({ node, args, cwd, env, logFile, graceSeconds = 15 }) {
	mkdirSync(dirname(logFile), { recursive: true });
	const log = openSync(logFile, 'a');
	const child = spawn(node, ['--require', LEASH, ...args], {
		cwd,
		env,
		detached: true,
		stdio: ['ignore', log, log, 'ipc'],
	});
	closeSync(log);

	let running = true;
	/** @type {Promise<string>} */
	const ended = new Promise((resolve) => {
		const end = (/** @type {string} */ how) => {
			running = false;
			services.delete(service);
			resolve(how);
		};
		child.once('error', (error) => end(error.message));
		child.once('exit', (code, signal) => {
			// What it started itself and has left behind.
			killGroup();
			end(signal ?? `exit code ${code}`);
		});
	});

	const killGroup = () => {
		if (child.pid === undefined) return;
		try {
			if (process.platform === 'win32') child.kill('SIGKILL');
			else process.kill(-child.pid, 'SIGKILL');
		} catch {
			// The group has ended meanwhile.
		}
	};
	const kill = async () => {
		killGroup();
		await ended;
	};
	const stop = async () => {
		if (running) child.kill('SIGTERM');
		const timeout = new AbortController();
		await Promise.race([
			ended,
			sleep(graceSeconds * 1000, undefined, { signal: timeout.signal }).catch(() => undefined),
		]);
		timeout.abort();
		if (running) await kill();
	};
	/** @type {Service} */
	const service = { pid: child.pid ?? -1, isRunning: () => running, ended, stop, kill };
	services.add(service);
	return service;
}
