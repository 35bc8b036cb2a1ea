import { spawn, spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { duration, UserError } from './steps.mjs';

/** Servers that this project does not bring along: found on this machine, or installed from Debian's packages. */

/**
 * @typedef {object} DebianProgram
 * @property {string} program
 * @property {string} debianPackage
 * @property {() => string[]} [folders] where it may be, beyond the PATH
 */

/**
 * The programs' paths, in the order asked for. What is missing is installed. All of that is done before it
 * returns: a test file has to know while it is loaded whether its tests can run.
 *
 * @param {DebianProgram[]} wanted
 * @returns {string[]}
 */
export function debianPrograms(wanted) {
	const missing = wanted.filter((program) => find(program) === undefined);
	if (missing.length > 0) install([...new Set(missing.map(({ debianPackage }) => debianPackage))]);
	return wanted.map((program) => {
		const path = find(program);
		if (path === undefined)
			throw new UserError(
				`${program.program} is not there although the package ${program.debianPackage} was installed`,
			);
		return path;
	});
}

/** @param {DebianProgram} program */
function find({ program, folders = () => [] }) {
	const path = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
	return [...folders(), ...path, '/usr/local/bin', '/usr/bin', '/usr/sbin']
		.map((folder) => join(folder, program))
		.find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/**
 * Folders that differ in a version number, newest first: `/usr/lib/postgresql/<15>/bin`.
 *
 * @param {string} before
 * @param {string} after
 */
export function versionedFolders(before, after) {
	try {
		return readdirSync(before)
			.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
			.map((version) => join(before, version, after));
	} catch {
		return [];
	}
}

/** @param {string[]} packages */
function install(packages) {
	const names = packages.join(' ');
	if (!isExecutable('/usr/bin/apt-get'))
		throw new UserError(`${names} must be installed by hand, because there is no apt-get here`);
	if (process.getuid?.() !== 0)
		throw new UserError(
			`as root, run: apt-get update && apt-get install -y --no-install-recommends ${names}`,
		);

	console.log(`Installing ${names} with apt-get (about a minute, once) …`);
	const start = Date.now();
	aptGet('update');
	aptGet('install', '-y', '--no-install-recommends', ...packages);
	console.log(`  done in ${duration(Date.now() - start)}`);
}

/** @param {string[]} args */
function aptGet(...args) {
	// Another process may be installing something just now.
	const { status, error, stdout, stderr } = spawnSync(
		'/usr/bin/apt-get',
		['-q', '-o', 'DPkg::Lock::Timeout=120', ...args],
		{
			encoding: 'utf8',
			// In this runlevel a package does not start its own server beside the one of the tests.
			env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
			timeout: 10 * 60_000,
		},
	);
	if (status === 0) return;
	const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => /^(E|Err)\b/.test(line));
	const reason = error?.message ?? lines.at(-1) ?? `exit code ${status}`;
	throw new UserError(`apt-get ${args.join(' ')} failed: ${reason}`);
}

/**
 * @typedef {object} RunningProgram
 * @property {number} pid
 * @property {() => boolean} isRunning
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a server in the foreground. It ends with us, however we end: the system itself sends it the signal.
 *
 * @param {object} options
 * @param {string} options.program
 * @param {string[]} options.args
 * @param {string} options.folder
 * @param {string} options.logFile
 * @param {NodeJS.Signals} options.endSignal asks it to end
 * @param {string[]} [options.privileges] flags of setpriv
 * @returns {RunningProgram}
 */
export function startProgram({ program, args, folder, logFile, endSignal, privileges = [] }) {
	const log = openSync(logFile, 'a');
	const leash = ['--pdeathsig', endSignal.replace(/^SIG/, '')];
	const child = spawn('setpriv', [...privileges, ...leash, '--', program, ...args], {
		cwd: folder,
		env: { PATH: process.env.PATH, LC_ALL: 'C' },
		stdio: ['ignore', log, log],
	});
	closeSync(log);

	let running = true;
	/** @type {Promise<void>} */
	const ended = new Promise((resolve) => {
		const end = () => {
			running = false;
			resolve();
		};
		child.once('error', end);
		child.once('exit', end);
	});
	const stop = async () => {
		if (running) child.kill(endSignal);
		const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
		await ended;
		clearTimeout(timer);
	};
	return { pid: child.pid ?? -1, isRunning: () => running, stop };
}

/**
 * @param {string} name
 * @param {RunningProgram} program
 * @param {string} logFile
 * @param {() => Promise<boolean>} answers
 */
export async function untilItAnswers(name, program, logFile, answers) {
	const deadline = Date.now() + 60_000;
	while (!(await answers())) {
		if (program.isRunning() && Date.now() < deadline) {
			await sleep(50);
			continue;
		}
		await program.stop();
		const log = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n');
		throw new UserError(`${name} did not start; its last words: ${log.slice(-3).join(' ')}`);
	}
}
