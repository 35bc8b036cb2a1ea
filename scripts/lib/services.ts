import execa from 'execa';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from './steps';

/** What is running, in the order of its start. */
const services = new Set<Service>();

const endings: Array<() => Promise<unknown>> = [];

/** For what there is to end or to remove when the services have stopped. */
export function afterServices(end: () => Promise<unknown>): void {
	endings.push(end);
}

/** Stops everything that was started, last first, however far it has got. */
export async function stopServices(): Promise<void> {
	for (const service of [...services].reverse()) await service.stop();
	for (const end of endings.splice(0).reverse()) await end();
}

/** A background process that never outlives us. */
export interface Service {
	pid: number;
	logFile: string;
	isRunning(): boolean;
	/** Resolves with how it ended, e.g. `exit code 1`. */
	ended: Promise<string>;
	/** Asks it to end, and ends it hard after a grace time. */
	stop(): Promise<void>;
	/** Ends it at once, as a power cut would. */
	kill(): Promise<void>;
}

export interface ServiceOptions {
	cwd: string;
	/** The whole environment. */
	env: NodeJS.ProcessEnv;
	logFile: string;
	/** Asks it to end; SIGTERM if not given. */
	endSignal?: NodeJS.Signals;
}

const GRACE_MS = 15_000;

/**
 * Starts a Node script in the background.
 * @param node path of the Node binary
 */
export function startNode(node: string, args: readonly string[], options: ServiceOptions): Service {
	const exitWithParent = join(__dirname, 'exitWithParent.cjs');
	return start(node, ['--require', exitWithParent, ...args], options);
}

/**
 * Starts a server of this machine in the foreground, with next to no environment. However we end, the system itself sends
 * it the signal.
 * @param options.privileges flags of setpriv
 */
export function startServer(
	program: string,
	args: readonly string[],
	options: Omit<ServiceOptions, 'env'> & { privileges?: readonly string[] },
): Service {
	const { endSignal = 'SIGTERM', privileges = [] } = options;
	const exitWithParent = ['--pdeathsig', endSignal.replace(/^SIG/, '')];
	const env = { PATH: process.env.PATH, LC_ALL: 'C' };
	const command = [...privileges, ...exitWithParent, '--', program, ...args];
	return start('setpriv', command, { ...options, env });
}

/**
 * With the output in a log file. It leads a process group of its own, so that the processes which it starts itself end
 * with it, and Ctrl-C on the terminal reaches only us: we decide in which order things end.
 */
function start(
	command: string,
	args: readonly string[],
	{ cwd, env, logFile, endSignal = 'SIGTERM' }: ServiceOptions,
): Service {
	mkdirSync(dirname(logFile), { recursive: true });
	const log = openSync(logFile, 'a');
	const child = execa(command, args, {
		cwd,
		env,
		extendEnv: false,
		detached: true,
		reject: false,
		stdio: ['ignore', log, log, 'ipc'],
	});
	closeSync(log);

	let running = true;
	const killGroup = () => {
		if (child.pid === undefined) return;
		try {
			if (process.platform === 'win32') child.kill('SIGKILL');
			else process.kill(-child.pid, 'SIGKILL');
		} catch {
			// The group has ended meanwhile.
		}
	};
	const ended = child.then(({ signal, exitCode }) => {
		running = false;
		services.delete(service);
		// What it started itself and has left behind.
		killGroup();
		return signal ?? (exitCode === undefined ? 'no such program' : `exit code ${exitCode}`);
	});
	const service: Service = {
		pid: child.pid ?? -1,
		logFile,
		isRunning: () => running,
		ended,
		kill: async () => {
			killGroup();
			await ended;
		},
		stop: async () => {
			if (running) child.kill(endSignal);
			const timer = setTimeout(killGroup, GRACE_MS);
			await ended;
			clearTimeout(timer);
		},
	};
	services.add(service);
	return service;
}

/**
 * Waits until a service that was just started is ready, and ends it when it does not become so.
 * @param name of the service, for the person in front of the screen
 * @throws UserError with what its log says
 */
export async function untilReady(
	name: string,
	service: Service,
	isReady: () => Promise<boolean>,
	seconds = 60,
): Promise<void> {
	const deadline = Date.now() + seconds * 1000;
	while (!(await isReady())) {
		if (service.isRunning() && Date.now() < deadline) {
			await sleep(50);
			continue;
		}
		const reason = service.isRunning()
			? `it gave no answer within ${seconds} s`
			: `it ended with ${await service.ended}`;
		throw await failedStart(name, service, reason);
	}
}

/** Ends what has not started as it should. */
export async function failedStart(
	name: string,
	{ kill, logFile }: Service,
	reason: string,
): Promise<UserError> {
	await kill();
	const lines = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n');
	const line = lines.findLast((text) => /error/i.test(text)) ?? lines.slice(-3).join(' ');
	const said = line === '' ? '' : `Its log says: ${line.trim().slice(0, 300)}. `;
	return new UserError(`${name} did not start: ${reason}. ${said}The whole log is in ${logFile}.`);
}

/** Does the address answer, and with what is wanted? */
export async function answers(
	url: string,
	isWanted: (response: Response) => boolean = ({ ok }) => ok,
): Promise<boolean> {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
		await response.arrayBuffer();
		return isWanted(response);
	} catch {
		return false;
	}
}
