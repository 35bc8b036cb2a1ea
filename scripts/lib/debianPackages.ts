import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, isExecutable } from './programs';
import { duration, UserError } from './steps';

/** Programs that this project does not bring along: found on this machine, or installed from Debian's packages. */

export interface DebianProgram {
	program: string;
	debianPackage: string;
	/** Where it may be, beyond the PATH. */
	folders?: () => string[];
}

/**
 * The programs' paths, in the order asked for. What is missing is installed. All of that is done before it
 * returns: a test file has to know while it is loaded whether its tests can run.
 */
export function debianPrograms(wanted: readonly DebianProgram[]): string[] {
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

const find = ({ program, folders }: DebianProgram) => findProgram(program, folders?.());

/** Folders that differ in a version number, newest first: `/usr/lib/postgresql/<15>/bin`. */
export function versionedFolders(before: string, after: string): string[] {
	try {
		return readdirSync(before)
			.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
			.map((version) => join(before, version, after));
	} catch {
		return [];
	}
}

function install(packages: readonly string[]): void {
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

function aptGet(...args: string[]): void {
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
