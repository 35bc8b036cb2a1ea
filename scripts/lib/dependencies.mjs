import { spawnSync } from 'node:child_process';
import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
/** npm writes this file at the end of an installation. */
const RECORD = join(PROJECT, 'node_modules', '.package-lock.json');

/** Installs this project's own packages when they are missing or older than the lockfile; until then there is only Node. */
export function installDependencies() {
	if (modified(RECORD) >= modified(join(PROJECT, 'package-lock.json'))) return;

	console.log("Installing this project's packages (about a minute, once) …");
	const start = Date.now();
	// With the lockfile's versions, and without writing to it. `npm ci` would do the same, but it
	// refuses to when the registry does not carry the binaries for all other platforms.
	const { status, signal } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund'], {
		cwd: PROJECT,
		stdio: ['ignore', 'ignore', 'inherit'],
		// There npm is a batch file.
		shell: process.platform === 'win32',
	});
	if (status !== 0) {
		console.error(
			`\nThis project's packages could not be installed (${signal ?? `exit code ${status}`}).`,
		);
		process.exit(1);
	}
	// Where nothing had to be done, the file keeps its old time.
	utimesSync(RECORD, new Date(), new Date());
	console.log(`  done in ${Math.round((Date.now() - start) / 1000)} s`);
}

/** @param {string} file */
const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
