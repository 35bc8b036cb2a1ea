import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logFileFor } from './cache';
import { npm } from './commands';
import { projectFolder } from './project';
import { step } from './steps';

export async function buildProject(): Promise<void> {
	await step('Building the package', async () => {
		await npm(['run', 'build'], {
			cwd: projectFolder,
			logFile: logFileFor('build'),
			failure: 'The package could not be built',
		});
	});
}

export interface Packed {
	/** Path of the tarball. */
	file: string;
	/** In bytes. */
	size: number;
	/** Paths inside it. */
	files: string[];
}

/**
 * Packs the built project as it would be published.
 * @param destination folder for the tarball
 */
export async function packProject(destination: string): Promise<Packed> {
	await mkdir(destination, { recursive: true });
	const output = await npm(
		['pack', '--json', '--ignore-scripts', '--pack-destination', destination],
		{ cwd: projectFolder, failure: 'The package could not be packed' },
	);
	const [{ filename, size, files }] = JSON.parse(output);
	const paths = files.map(({ path }: { path: string }) => path);
	return { file: join(destination, filename), size, files: paths };
}

/**
 * Installs the tarball where n8n keeps its community packages, so that the nodes have the names which
 * they have for everybody: `n8n-nodes-runninghub.runningHub`. n8n loads them at its next start.
 */
export async function installCommunityPackage(tarball: string, userFolder: string): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes');
	// A package of the same version would be left as it is.
	await rm(join(folder, 'node_modules'), { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), '{ "name": "installed-nodes", "private": true }\n');
	// n8n hands its own n8n-workflow to the package: the peer is not installed.
	const flags = ['--ignore-scripts', '--legacy-peer-deps', '--no-package-lock'];
	await npm(['install', ...flags, '--no-audit', '--no-fund', tarball], {
		cwd: folder,
		failure: 'The package could not be installed into n8n',
	});
}
