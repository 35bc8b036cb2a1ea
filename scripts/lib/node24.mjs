import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, logFileFor } from './cache.mjs';
import { npm, run } from './commands.mjs';
import { step, UserError } from './steps.mjs';

/**
 * @typedef {object} NodeBinary
 * @property {string} path
 * @property {string} [headers] folder to build native modules against, when it comes with one
 */

/** n8n 2.x needs Node 24; this project and its tools do with 20. */
const MAJOR = 24;

/** @returns {Promise<NodeBinary>} this very Node when it is new enough, else one from the cache */
export async function node24() {
	if (Number(process.versions.node.split('.')[0]) >= MAJOR) return { path: process.execPath };

	// The npm registry has Node's binaries under the names of the platforms.
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const name = `node-${platform}-${process.arch}`;
	const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
	const packageIn = (/** @type {string} */ folder) => join(folder, 'node_modules', name);

	const folder = await cached({
		name: `node-${MAJOR}`,
		gigabytes: 0.5,
		isUsable: async (candidate) =>
			await run(join(packageIn(candidate), binary), ['--version'], { cwd: '.' }).then(
				() => true,
				() => false,
			),
		make: async (partial) => {
			await step(`Fetching Node ${MAJOR}, which n8n needs (a few seconds, once)`, async () => {
				await writeFile(join(partial, 'package.json'), '{ "private": true }\n');
				const logFile = logFileFor(`install-node-${MAJOR}`);
				await npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${MAJOR}`], {
					cwd: partial,
					logFile,
				}).catch(() => {
					throw new UserError(
						`n8n needs Node ${MAJOR} or newer and it could not be fetched for ${platform} ${process.arch}: install Node ${MAJOR} and run this again with it, or see ${logFile}.`,
					);
				});
			});
		},
	});
	return { path: join(packageIn(folder), binary), headers: packageIn(folder) };
}
