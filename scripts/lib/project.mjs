import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { logFileFor } from './cache.mjs';
import { npm } from './commands.mjs';
import { step } from './steps.mjs';

/** The clone that these scripts are in. */
export const projectFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export async function buildProject() {
	await step('Building the package', async () => {
		await npm(['run', 'build'], {
			cwd: projectFolder,
			logFile: logFileFor('build'),
			failure: 'The package could not be built',
		});
	});
}
