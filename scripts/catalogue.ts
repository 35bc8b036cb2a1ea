// Brings catalogue/models.json up to date:
//   npm run catalogue -- --from <file or https address> [--from …] [--to <file>] [--facts <file>]
// A source is a file of facts (test/simulator/models.facts.json), RunningHub's registry of models or its price list.
// With --facts that file of facts is brought up to the same models, for the simulator.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { updateCatalogue } from './lib/catalogue/update';

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			from: { type: 'string', multiple: true },
			to: { type: 'string' },
			facts: { type: 'string' },
		},
	});
	if (!values.from?.length) {
		throw new Error(
			'Say where the models are: npm run catalogue -- --from <file or https address>',
		);
	}
	const path = values.to ?? resolve(__dirname, '../catalogue/models.json');
	console.log(await updateCatalogue(path, values.from, values.facts));
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
