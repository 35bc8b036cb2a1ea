const { mkdir, readdir, readFile, rm, writeFile } = require('node:fs/promises');
const { basename, dirname, join, resolve } = require('node:path');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const typeScript = require('tsx/cjs/api');
const { n8n } = require('./package.json');
const { lazyStub } = typeScript.require('./scripts/lib/lazyStub.ts', __filename);
const { outputSchemas } = typeScript.require('./scripts/lib/outputSchemas.ts', __filename);

/** `dist/nodes/X/X.node.js` and the like, as package.json names them for n8n. */
const CLASSES = [...n8n.credentials, ...n8n.nodes];

/** → `nodes/X/X.node.ts` */
const sourceOf = (file) => file.replace(/^dist\//, '').replace(/\.js$/, '.ts');

/** → `dist/nodes/X/X.node.code.js` */
const codeOf = (file) => file.replace(/\.js$/, '.code.js');

async function clean() {
	await rm('dist', { recursive: true, force: true });
}

/** One file for each node and credential, with all it needs inside: the package has no dependency at run time. */
async function bundle() {
	const { metafile } = await esbuild.build({
		entryPoints: CLASSES.map((file) => ({
			in: sourceOf(file),
			out: codeOf(file).replace(/^dist\/|\.js$/g, ''),
		})),
		outdir: 'dist',
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow'],
		legalComments: 'none',
		plugins: [jsonAsText],
		metafile: true,
	});
	await writeFile('dist/THIRD-PARTY-LICENSES.txt', await licencesOf(Object.keys(metafile.inputs)));
}

/** The licences of the libraries whose code is in the bundles, as they ask for. */
async function licencesOf(files) {
	const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
	const texts = [...new Set(folders.filter(Boolean))].sort().map(async (folder) => {
		const { name, version, license } = JSON.parse(
			await readFile(join(folder, 'package.json'), 'utf8'),
		);
		const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
		const text = file ? await readFile(join(folder, file), 'utf8') : `License: ${license}`;
		return `${name} ${version}\n\n${text.trim()}\n`;
	});
	return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}

/** JSON is read five times as fast as the same thing written as a program. */
const jsonAsText = {
	name: 'json-as-text',
	setup(build) {
		build.onLoad({ filter: /\.json$/ }, async ({ path }) => {
			const text = JSON.stringify(JSON.parse(await readFile(path, 'utf8')));
			return { contents: `module.exports = JSON.parse(${JSON.stringify(text)});`, loader: 'js' };
		});
	},
};

/** What n8n loads at start: the descriptions alone. */
async function descriptions() {
	for (const file of CLASSES) {
		const name = basename(file).split('.')[0];
		const code = require(resolve(codeOf(file)));
		await writeFile(file, lazyStub(name, `./${basename(codeOf(file))}`, new code[name]()));
	}
}

function icons() {
	return src('icons/*.svg').pipe(dest('dist/icons'));
}

/** Categories and search words, which n8n reads beside each node. */
function codex() {
	return src('nodes/*/*.node.json').pipe(dest('dist/nodes'));
}

/** What each operation gives out, which n8n shows before the node has ever run: it looks for them beside the node, by its version. */
async function schemas() {
	for (const { resource, operation, schema } of outputSchemas()) {
		const file = `dist/nodes/RunningHub/__schema__/v1.0.0/${resource}/${operation}.json`;
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, JSON.stringify(schema));
	}
}

exports.build = series(clean, parallel(series(bundle, descriptions), icons, codex, schemas));
