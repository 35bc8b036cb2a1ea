import { stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from './commands.mjs';
import { step } from './steps.mjs';

/**
 * This project's own packages: installed when they are missing or older than the lockfile.
 *
 * @param {string} project
 */
export async function installDependencies(project) {
	// npm writes this file at the end of an installation.
	const record = join(project, 'node_modules', '.package-lock.json');
	if ((await modified(record)) >= (await modified(join(project, 'package-lock.json')))) return;

	await step("Installing this project's packages (about a minute, once)", async () => {
		// With the lockfile's versions, and without writing to it. `npm ci` would do the same, but it
		// refuses to when the registry does not carry the binaries for all other platforms.
		await npm(['install', '--no-save', '--no-audit', '--no-fund'], {
			cwd: project,
			failure: "This project's packages could not be installed",
		});
		// Where nothing had to be done, the file keeps its old time.
		await utimes(record, new Date(), new Date());
	});
}

/** @param {string} file */
async function modified(file) {
	return await stat(file).then(
		(stats) => stats.mtimeMs,
		() => 0,
	);
}
