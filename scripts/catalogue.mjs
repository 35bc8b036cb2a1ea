// Writes catalogue/vidu.json from a file of facts on RunningHub's models:
//   npm run catalogue -- --from <file>
// Deterministic: the same facts give the same file.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { from: { type: 'string' } } });
if (!values.from) {
	console.error('Say where the facts are: npm run catalogue -- --from <file>');
	process.exit(1);
}

const PARAM_FACTS = [
	'key',
	'type',
	'required',
	'default',
	'options',
	'min',
	'max',
	'step',
	'maxLength',
	'maxItems',
	'accept',
	'maxSizeMB',
];

/** `vidu/image-to-video-q3-pro-fast` → `Vidu Q3 Pro Fast`; the one endpoint without a version is Q2. */
function nameOf(endpoint) {
	const version = /-(q\d.*)$/.exec(endpoint)?.[1] ?? 'q2';
	const words = version.split('-').map((word) => word[0].toUpperCase() + word.slice(1));
	return ['Vidu', ...words].join(' ');
}

/**
 * Not in the facts: without any reference these would make a paid video of words alone, which another mode is for.
 *
 * @type {Record<string, string[]>}
 */
const REQUIRES_ANY_OF = { 'vidu/reference-to-video-q2-pro': ['imageUrls', 'videos'] };

const facts = JSON.parse(readFileSync(values.from, 'utf8'));
const models = facts
	.filter(({ family, status }) => family === 'vidu' && status === 'listed')
	.map(({ endpoint, task, params }) => ({
		endpoint,
		name: nameOf(endpoint),
		task,
		params: params.map((param) =>
			Object.fromEntries(
				PARAM_FACTS.filter((fact) => fact in param).map((fact) => [fact, param[fact]]),
			),
		),
		...(endpoint in REQUIRES_ANY_OF ? { requiresAnyOf: REQUIRES_ANY_OF[endpoint] } : {}),
	}));

const lines = models.map((model) => `\t${JSON.stringify(model)}`);
writeFileSync(new URL('../catalogue/vidu.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`);
console.log(`catalogue/vidu.json: ${models.length} models`);
