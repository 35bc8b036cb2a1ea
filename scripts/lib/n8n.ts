import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { cachedPackages } from './cache';
import { npm, run } from './commands';
import { node24 } from './node24';
import { projectFolder } from './project';
import { step } from './steps';

/** The newest 2.x that is known to work; the tests can be run on another one. */
export const N8N_VERSION = process.env.RUNNINGHUB_N8N_VERSION ?? '2.41.1';

/** The newest 1.x, for those who have not moved on. */
export const N8N_1_VERSION = '1.123.81';

/** The first 2.x. */
export const N8N_2_0_VERSION = '2.0.0';

/** The first one that signs the addresses of waiting executions, so that RunningHub gets one to call. */
export const N8N_2_14_VERSION = '2.14.2';

export interface N8nInstall {
	version: string;
	folder: string;
	/** Path of the Node binary to run it with. */
	node: string;
	/** n8n's command-line script. */
	script: string;
}

/** n8n itself, from the cache. It is too big (2.9 GB) to be one of this project's dependencies. */
export async function installedN8n(version = N8N_VERSION): Promise<N8nInstall> {
	const node = await node24();
	const folder = await cachedPackages({
		name: `n8n-${version}`,
		gigabytes: 5,
		dependencies: { n8n: version },
		// Before 2.24 n8n names an address outside the npm registry for this one.
		overrides: { xlsx: '0.18.5' },
		title: `Downloading n8n ${version} (about 3 minutes and 3 GB, once)`,
		failure: `n8n ${version} could not be installed`,
		finish: async (partial, logFile) =>
			await step('Building its SQLite module (about a minute, once)', async () => {
				await npm(['rebuild', '--ignore-scripts=false', 'sqlite3'], {
					cwd: partial,
					env: node.headers ? { npm_config_nodedir: node.headers } : {},
					logFile,
					failure:
						"n8n's SQLite module could not be built; it needs Python 3, make and a C++ compiler",
				});
			}),
		isUsable: async (candidate) => await isUsable(candidate, version, node.path),
	});
	return { version, folder, node: node.path, script: scriptIn(folder) };
}

const scriptIn = (folder: string) => join(folder, 'node_modules', 'n8n', 'bin', 'n8n');

/** For N8N_DISABLED_MODULES, where n8n refuses a name that it does not know: what fetches a list of servers at every start. */
export function modulesThatCallHome({ folder }: N8nInstall): string {
	const name = 'mcp-registry';
	return existsSync(join(folder, 'node_modules', 'n8n', 'dist', 'modules', name)) ? name : '';
}

async function isUsable(folder: string, version: string, node: string): Promise<boolean> {
	try {
		await access(scriptIn(folder));
		const manifest = await readFile(join(folder, 'node_modules', 'n8n', 'package.json'), 'utf8');
		if (JSON.parse(manifest).version !== version) return false;
		await run(node, ['-e', "require('sqlite3')"], { cwd: folder });
		return true;
	} catch {
		return false;
	}
}

/**
 * Starts to install n8n while other work goes on, which comes first: it is done at the lowest priority. Whoever then
 * asks for it by {@link installedN8n} waits for it, and hears why it failed.
 * @param versions in this order
 */
export function installN8nMeanwhile(versions: readonly string[]): void {
	const script = join(projectFolder, 'scripts', 'installN8n.ts');
	const args = ['--import', 'tsx', script, ...versions];
	const child = spawn(process.execPath, args, { cwd: projectFolder, stdio: 'inherit' });
	if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
	// Nothing goes on without us.
	process.once('exit', () => child.kill());
}
