/**
 * What loading these files costs, as n8n does it at its start, when it has n8n-workflow already.
 *
 *   node load.cjs <file> [...]      each exports one class of the name that it begins with
 */
const { basename } = require('node:path');
const { createRequire } = require('node:module');

const files = process.argv.slice(2);
// That of the working directory: n8n's own, or this project's.
createRequire(`${process.cwd()}/`)('n8n-workflow');

const before = new Set(Object.keys(require.cache));
const startedAt = performance.now();
const instances = files.map((file) => new (require(file)[classIn(file)])());
const ms = performance.now() - startedAt;
const loaded = Object.keys(require.cache).filter((file) => !before.has(file));

console.log(
	JSON.stringify({
		ms,
		otherModules: loaded.length - files.length,
		descriptionBytes: instances.map(bytesOf).reduce((sum, bytes) => sum + bytes, 0),
	}),
);

/** @param {string} file */
function classIn(file) {
	return basename(file).split('.')[0] ?? '';
}

/**
 * Of a node's description as the editor gets it, the newest one of a node with several; a credential has none.
 *
 * @param {{ description?: object, nodeVersions?: Record<number, { description: object }> }} instance
 */
function bytesOf({ description, nodeVersions = {} }) {
	const versions = Object.keys(nodeVersions).map(Number);
	const newest = nodeVersions[Math.max(...versions)]?.description ?? description;
	return newest === undefined ? 0 : Buffer.byteLength(JSON.stringify(newest));
}
