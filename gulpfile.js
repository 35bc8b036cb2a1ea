const { rm } = require('node:fs/promises');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { n8n } = require('./package.json');

/** `dist/nodes/X/X.node.js`, as package.json names it for n8n → `nodes/X/X.node.ts` */
const sourceOf = (file) => file.replace(/^dist\//, '').replace(/\.js$/, '.ts');

async function clean() {
	await rm('dist', { recursive: true, force: true });
}

/** One file for each node and credential, with all it needs inside: the package has no dependency at run time. */
async function bundle() {
	await esbuild.build({
		entryPoints: [...n8n.credentials, ...n8n.nodes].map(sourceOf),
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow'],
		legalComments: 'none',
	});
}

function icons() {
	return src('icons/*.svg').pipe(dest('dist/icons'));
}

/** Categories and search words, which n8n reads beside each node. */
function codex() {
	return src('nodes/*/*.node.json').pipe(dest('dist/nodes'));
}

exports.build = series(clean, parallel(bundle, icons, codex));
