import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedPackages } from './cache';
import { run } from './commands';

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
 * @param what is in the folder: an unpacked package, or the source that it is built from
 * @returns what it complains of
 */
export async function communityScan(
	folder: string,
	what: 'package' | 'source',
): Promise<string | undefined> {
	const scanner = await cachedPackages({
		name: `scan-community-package-${VERSION}`,
		gigabytes: 0.5,
		dependencies: { [PACKAGE]: VERSION },
		title: 'Fetching n8n’s scan of community packages (half a minute, once)',
		failure: 'n8n’s scan of community packages could not be installed',
		finish: async (partial) => await writeFile(join(partial, 'scan.mjs'), SCAN),
		isUsable: async (candidate) => existsSync(join(candidate, 'scan.mjs')),
	});
	return await run(process.execPath, [join(scanner, 'scan.mjs'), folder, what], {
		cwd: scanner,
	}).then(
		() => undefined,
		(error: Error) => error.message,
	);
}
