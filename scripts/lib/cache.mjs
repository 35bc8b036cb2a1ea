import { link, mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from './steps.mjs';

/** What is too big for the clone, and shared by all clones. */
export const cacheFolder =
	process.env.RUNNINGHUB_CACHE_DIR ??
	join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-runninghub');

/** @param {string} name */
export const logFileFor = (name) => join(cacheFolder, 'logs', `${name}.log`);

/**
 * A folder of the cache, made the first time that it is asked for. It is made under another name and
 * renamed when it is complete, so an interrupted installation never looks like a finished one.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {number} options.gigabytes free space needed to make it
 * @param {(folder: string) => Promise<boolean>} options.isUsable finds out what is broken since
 * @param {(folder: string) => Promise<void>} options.make
 * @returns {Promise<string>} its path
 */
export async function cached({ name, gigabytes, isUsable, make }) {
	const folder = join(cacheFolder, name);
	if (await isUsable(folder)) return folder;

	await mkdir(cacheFolder, { recursive: true });
	return await locked(join(cacheFolder, `${name}.lock`), async () => {
		if (await isUsable(folder)) return folder;
		await removeLeftovers(name);
		await requireSpace(gigabytes);

		const partial = join(cacheFolder, `${name}.partial-${process.pid}`);
		await mkdir(partial);
		await make(partial);
		if (!(await isUsable(partial)))
			throw new UserError(
				`${name} was installed but does not work; the logs are in ${join(cacheFolder, 'logs')}.`,
			);
		await rm(folder, { recursive: true, force: true });
		await rename(partial, folder);
		return folder;
	});
}

/** @param {string} name */
async function removeLeftovers(name) {
	for (const entry of await readdir(cacheFolder)) {
		if (entry.startsWith(`${name}.partial-`))
			await rm(join(cacheFolder, entry), { recursive: true, force: true });
	}
}

/** @param {number} gigabytes */
async function requireSpace(gigabytes) {
	const { bavail, bsize } = await statfs(cacheFolder);
	const free = (bavail * bsize) / 1e9;
	if (free < gigabytes)
		throw new UserError(
			`${gigabytes} GB of disk space are needed in ${cacheFolder}, but only ${free.toFixed(1)} GB are free: make room, or name another folder in RUNNINGHUB_CACHE_DIR.`,
		);
}

/**
 * Lets one process at a time do the work. The lock file holds the owner's process id, so one that an
 * ended process left behind is taken over.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function locked(file, work) {
	let waiting = false;
	while (!(await tryLock(file))) {
		const owner = Number(await readFile(file, 'utf8').catch(() => ''));
		if (owner && !isAlive(owner)) {
			await rm(file, { force: true });
			continue;
		}
		if (!waiting) console.log(`  another process (${owner}) is installing this: waiting for it`);
		waiting = true;
		await sleep(500);
	}
	try {
		return await work();
	} finally {
		await rm(file, { force: true });
	}
}

/** @param {string} file */
async function tryLock(file) {
	// A link makes the lock appear with its content, never empty.
	const own = `${file}.${process.pid}`;
	await writeFile(own, String(process.pid));
	try {
		await link(own, file);
		return true;
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
		throw error;
	} finally {
		await rm(own, { force: true });
	}
}

/** @param {number} pid */
function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
	}
}
