import { symlink, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './commands';
import { communityScan } from './communityScan';
import { outputSchemas } from './outputSchemas';
import { installCommunityPackage, packProject } from './package';
import { projectFolder } from './project';

const MAX_KILOBYTES = 300;
const ALLOWED =
	/^(dist\/.+|index\.js|package\.json|LICENSE(\.md)?|CHANGELOG\.md|README(\.[\w-]+)?\.md)$/;

/** Loads what n8n loads, and makes one of each. */
const LOAD = `
	const { join } = require('path');
	const folder = process.argv[1];
	require(join(folder, 'index.js'));
	const { nodes, credentials } = require(join(folder, 'package.json')).n8n;
	for (const file of [...nodes, ...credentials]) {
		const name = file.split('/').at(-1).split('.')[0];
		new (require(join(folder, file))[name])();
	}
`;

export interface PackageCheck {
	name: string;
	/** What was found instead; none where it passed. */
	error: string | undefined;
}

/** Looks at the package as it would be published, installed into an empty n8n folder. */
export async function checkPackage(): Promise<PackageCheck[]> {
	const folder = await mkdtemp(join(tmpdir(), 'runninghub-package-'));
	try {
		const { file, size, files } = await packProject(folder);
		await installCommunityPackage(file, folder);
		const modules = join(folder, '.n8n', 'nodes', 'node_modules');
		const manifest = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8'));
		const installed = join(modules, manifest.name);

		const strange = files.filter((path) => !ALLOWED.test(path));
		const others = (await readdir(modules)).filter(
			(name) => !name.startsWith('.') && name !== manifest.name,
		);
		const schemas = outputSchemas().map(
			({ resource, operation }) =>
				`dist/nodes/RunningHub/__schema__/v1.0.0/${resource}/${operation}.json`,
		);
		const missing = schemas.filter((path) => !files.includes(path));
		const kilobytes = Math.ceil(size / 1000);
		const peers = Object.keys(manifest.peerDependencies ?? {});
		// The one package that n8n provides; nothing else may be needed.
		await symlink(
			join(projectFolder, 'node_modules', 'n8n-workflow'),
			join(modules, 'n8n-workflow'),
			'junction',
		);
		const loadError = await run(process.execPath, ['-e', LOAD, installed], { cwd: folder }).then(
			() => undefined,
			(error: Error) => error.message,
		);

		return [
			check('has only files that belong into it', strange.length === 0, strange.join(', ')),
			check('has an output schema for each operation', missing.length === 0, missing.join(', ')),
			check(`is at most ${MAX_KILOBYTES} kB`, kilobytes <= MAX_KILOBYTES, `${kilobytes} kB`),
			check('brings no other package along', others.length === 0, others.join(', ')),
			check('has n8n-workflow as its one peer', peers.join() === 'n8n-workflow', peers.join(', ')),
			{ name: 'loads: index.js, each node, each credential', error: loadError },
			{ name: 'passes n8n’s scan as a package', error: await communityScan(installed, 'package') },
			{ name: 'passes n8n’s scan as source', error: await communityScan(projectFolder, 'source') },
		];
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const check = (name: string, passed: boolean, found: string): PackageCheck => ({
	name,
	error: passed ? undefined : found,
});
