/**
 * How long the form of each model takes, as the editor asks for it. The first one brings the code and the catalogue
 * along.
 *
 *   node fields.cjs <node file> <models.json>
 */
const { createRequire } = require('node:module');

const [nodeFile = '', modelsFile = ''] = process.argv.slice(2);
// n8n has it before it has the node.
createRequire(nodeFile)('n8n-workflow');
/** @type {Array<{ endpoint: string, params: unknown[] }>} */
const models = require(modelsFile);
const { RunningHub } = require(nodeFile);

const TIMES = 5;

void main();

async function main() {
	const { getModelParameters } = new RunningHub().methods.resourceMapping;
	const timed = async (/** @type {string | undefined} */ endpoint) => {
		const values = new Map([
			['model', endpoint],
			['model.mode', 'list'],
		]);
		const context = {
			getCurrentNodeParameter: (/** @type {string} */ name) => values.get(name),
		};
		const startedAt = performance.now();
		const { fields } = await getModelParameters.call(context);
		return { ms: performance.now() - startedAt, fields: fields.length };
	};
	const first = await timed(models[0]?.endpoint);
	const each = [];
	for (const { endpoint, params } of models) {
		const times = [];
		for (let time = 0; time < TIMES; time += 1) {
			const { ms, fields } = await timed(endpoint);
			if (fields < params.length) throw new Error(`${endpoint} has lost fields.`);
			times.push(ms);
		}
		each.push(times.sort((a, b) => a - b)[TIMES >> 1]);
	}
	console.log(JSON.stringify({ firstMs: first.ms, each }));
}
