import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from './commands.mjs';

/**
 * @typedef {object} Packed
 * @property {string} file path of the tarball
 * @property {number} size in bytes
 * @property {string[]} files paths inside it
 */

/**
 * Packs the built project as it would be published.
 *
 * @param {string} project
 * @param {string} destination folder for the tarball
 * @returns {Promise<Packed>}
 */
export async function packProject(project, destination) {
	await mkdir(destination, { recursive: true });
	const output = await npm(
		['pack', '--json', '--ignore-scripts', '--pack-destination', destination],
		{ cwd: project, failure: 'The package could not be packed' },
	);
	const [{ filename, size, files }] = JSON.parse(output);
	return {
		file: join(destination, filename),
		size,
		files: files.map((/** @type {{ path: string }} */ { path }) => path),
	};
}

/**
 * Installs the tarball where n8n keeps its community packages, so that the nodes have the names which
 * they have for everybody: `n8n-nodes-runninghub.runningHub`. n8n loads them at its next start.
 *
 * @param {string} tarball
 * @param {string} userFolder
 */
export async function installCommunityPackage(tarball, userFolder) {
	const folder = join(userFolder, '.n8n', 'nodes');
	// A package of the same version would be left as it is.
	await rm(join(folder, 'node_modules'), { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), '{ "name": "installed-nodes", "private": true }\n');
	// n8n hands its own n8n-workflow to the package: the peer is not installed.
	await npm(
		[
			'install',
			'--ignore-scripts',
			'--legacy-peer-deps',
			'--no-package-lock',
			'--no-audit',
			'--no-fund',
			tarball,
		],
		{ cwd: folder, failure: 'The package could not be installed into n8n' },
	);
}
