import { join } from 'node:path';
import { cachedPackages } from './cache';
import { run, succeeds } from './commands';

export interface NodeBinary {
	path: string;
	/** Folder to build native modules against, when it comes with one. */
	headers?: string;
}

/** n8n 2.x needs Node 24; this project and its tools do with 20. */
const MAJOR = 24;

/** This very Node when it is new enough, else one from the cache. */
export async function node24(): Promise<NodeBinary> {
	if (Number(process.versions.node.split('.')[0]) >= MAJOR) return { path: process.execPath };

	// The npm registry has Node's binaries under the names of the platforms.
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const name = `node-${platform}-${process.arch}`;
	const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
	const packageIn = (folder: string) => join(folder, 'node_modules', name);

	const folder = await cachedPackages({
		name: `node-${MAJOR}`,
		gigabytes: 0.5,
		dependencies: { [name]: String(MAJOR) },
		title: `Fetching Node ${MAJOR}, which n8n needs (a few seconds, once)`,
		failure: `n8n needs Node ${MAJOR} or newer and it could not be fetched for ${platform} ${process.arch}: install Node ${MAJOR} and run this again with it`,
		isUsable: async (candidate) =>
			await succeeds(run(join(packageIn(candidate), binary), ['--version'], { cwd: '.' })),
	});
	return { path: join(packageIn(folder), binary), headers: packageIn(folder) };
}
