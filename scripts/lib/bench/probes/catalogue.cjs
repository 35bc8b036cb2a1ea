/**
 * What the catalogue costs when it has several times as many models.
 *
 *   node catalogue.cjs <catalogue.ts> <models.json> <how many times as many>
 */
const { createRequire } = require('node:module');

const [catalogueFile = '', modelsFile = '', copies = '1'] = process.argv.slice(2);
// From here on TypeScript can be loaded.
createRequire(catalogueFile)('tsx/cjs');
const { createCatalogue } = require(catalogueFile);
/** @type {Array<{ endpoint: string, name: string }>} */
const known = require(modelsFile);

const TIMES = 30;
const SEARCHES = ['vidu', 'nano banana edit', 'kling v3 image to video', 'upscale', 'xyzzy'];

const models = Array.from({ length: Number(copies) }, (_, copy) =>
	known.map((model) => ({
		...model,
		endpoint: copy === 0 ? model.endpoint : `${model.endpoint}-${copy}`,
		name: copy === 0 ? model.name : `${model.name} ${copy}`,
	})),
).flat();
const catalogue = createCatalogue(models);
const last = models.at(-1)?.endpoint;

console.log(
	JSON.stringify({
		models: models.length,
		ready: timed(() => createCatalogue(models)),
		search: SEARCHES.flatMap((text) => timed(() => catalogue.search(text))),
		list: timed(() => catalogue.search('')),
		find: timed(() => catalogue.find(last)),
	}),
);

/**
 * @param {() => unknown} work
 * @returns {number[]} milliseconds
 */
function timed(work) {
	return Array.from({ length: TIMES }, () => {
		const startedAt = performance.now();
		work();
		return performance.now() - startedAt;
	});
}
