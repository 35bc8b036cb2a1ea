import { mkdir, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { npm } from './commands';
import { step, UserError } from './steps';

/** What is too big for the clone, and shared by all clones. */
export const cacheFolder =
	process.env.RUNNINGHUB_CACHE_DIR ??
	join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-runninghub');

export const logFileFor = (name: string): string => join(cacheFolder, 'logs', `${name}.log`);

export interface CachedPackages {
	/** Of the folder. */
	name: string;
	/** Free space needed to make it. */
	gigabytes: number;
	/** Of the registry, by their versions. */
	dependencies: Record<string, string>;
	overrides?: Record<string, string>;
	/** For the person in front of the screen. */
	title: string;
	/** What it means when they cannot be installed. */
	failure: string;
	/** What there is to do when they are there. */
	finish?: (folder: string, logFile: string) => Promise<void>;
	/** Finds out what is broken since. */
	isUsable: (folder: string) => Promise<boolean>;
}

/**
 * A folder of the cache with packages in it, installed the first time that it is asked for. It is made under another name
 * and renamed when it is complete, so an interrupted installation never looks like a finished one.
 * @returns its path
 */
export async function cachedPackages(packages: CachedPackages): Promise<string> {
	const { name, gigabytes, isUsable } = packages;
	const folder = join(cacheFolder, name);
	if (await isUsable(folder)) return folder;

	await mkdir(cacheFolder, { recursive: true });
	const unlock = await locked(folder);
	try {
		if (await isUsable(folder)) return folder;
		await removeLeftovers(name);
		await requireSpace(gigabytes);

		const partial = join(cacheFolder, `${name}.partial-${process.pid}`);
		await mkdir(partial);
		await install(partial, packages);
		if (!(await isUsable(partial)))
			throw new UserError(
				`${name} was installed but does not work; the logs are in ${join(cacheFolder, 'logs')}.`,
			);
		await rm(folder, { recursive: true, force: true });
		await rename(partial, folder);
		return folder;
	} finally {
		await unlock();
	}
}

async function install(
	folder: string,
	{ name, dependencies, overrides, title, failure, finish }: CachedPackages,
): Promise<void> {
	const logFile = logFileFor(`install-${name}`);
	await step(title, async () => {
		const manifest = { private: true, dependencies, overrides };
		await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, '\t'));
		// Without install scripts: of all the native modules only SQLite's is needed, and others
		// cannot be built on every machine.
		const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
		await npm(['install', ...flags], { cwd: folder, logFile, failure });
	});
	await finish?.(folder, logFile);
}

async function removeLeftovers(name: string): Promise<void> {
	for (const entry of await readdir(cacheFolder)) {
		if (entry.startsWith(`${name}.partial-`))
			await rm(join(cacheFolder, entry), { recursive: true, force: true });
	}
}

async function requireSpace(gigabytes: number): Promise<void> {
	const { bavail, bsize } = await statfs(cacheFolder);
	const free = (bavail * bsize) / 1e9;
	if (free < gigabytes)
		throw new UserError(
			`${gigabytes} GB of disk space are needed in ${cacheFolder}, but only ${free.toFixed(1)} GB are free: make room, or name another folder in RUNNINGHUB_CACHE_DIR.`,
		);
}

/** A busy machine may be late to say that the owner is still there. */
const STALE_MS = 30_000;

/** Lets one process at a time make the folder; a lock that an ended process left behind is taken over. */
async function locked(folder: string): Promise<() => Promise<void>> {
	// The folder itself need not be there yet.
	const options = { realpath: false, stale: STALE_MS };
	try {
		return await lock(folder, options);
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
	}
	console.log('  another process is installing this: waiting for it');
	const everyHalfSecond = { forever: true, minTimeout: 500, maxTimeout: 500 };
	return await lock(folder, { ...options, retries: everyHalfSecond });
}
