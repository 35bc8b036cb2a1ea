import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, logFileFor } from './cache.mjs';
import { npm, run } from './commands.mjs';
import { step } from './steps.mjs';

const PACKAGE = '@n8n/scan-community-package';
const VERSION = '0.32.0';

/** What n8n looks at of the source that a package was built from. */
const SCAN = `
	import { analyzePackage, SOURCE_FILE_PATTERNS } from '${PACKAGE}/scanner/scanner.mjs';
	const [folder, what] = process.argv.slice(2);
	const result = await analyzePackage(folder, what === 'source' ? SOURCE_FILE_PATTERNS : undefined);
	if (!result.passed) {
		console.error(result.message, result.details ?? '');
		process.exit(1);
	}
`;

/**
 * The scan that n8n makes of every community package before it is verified: the same rules, on a folder of ours.
 *
 * @param {string} folder
 * @param {'package' | 'source'} what is in the folder: an unpacked package, or the source that it is built from
 * @returns {Promise<string | undefined>} what it complains of
 */
export async function communityScan(folder, what) {
	const scanner = await installedScanner();
	return await run(process.execPath, [join(scanner, 'scan.mjs'), folder, what], {
		cwd: scanner,
	}).then(
		() => undefined,
		(/** @type {Error} */ error) => error.message,
	);
}

async function installedScanner() {
	return await cached({
		name: `scan-community-package-${VERSION}`,
		gigabytes: 0.5,
		isUsable: async (folder) =>
			await access(join(folder, 'scan.mjs')).then(
				() => true,
				() => false,
			),
		make: async (partial) => {
			await step('Fetching n8n’s scan of community packages (half a minute, once)', async () => {
				await writeFile(
					join(partial, 'package.json'),
					JSON.stringify({ private: true, dependencies: { [PACKAGE]: VERSION } }),
				);
				await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
					cwd: partial,
					logFile: logFileFor('install-scan-community-package'),
					failure: 'n8n’s scan of community packages could not be installed',
				});
				await writeFile(join(partial, 'scan.mjs'), SCAN);
			});
		},
	});
}
