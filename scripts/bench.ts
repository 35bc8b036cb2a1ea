/** Measures this package beside what people do without it: `npm run bench -- --help`. */
import { parseArgs } from 'node:util';
import { BENCHES, runBenches } from './lib/bench/run';
import { onInterruption } from './lib/interruption';
import { buildProject } from './lib/package';
import { stopServices } from './lib/services';
import { main } from './lib/steps';

const HELP = `npm run bench -- [option ...]

Measures this package in a real n8n, against a simulated RunningHub, beside what people do without it. The exit code is 1
when a target is missed.

  --quick        in under 3 minutes: fewer runs, smaller files, and without what takes longer
  --only NAME    only this; may be repeated: ${BENCHES.map(({ name }) => name).join(', ')}
  --json FILE    write all numbers there as well
  --plots        draw docs/images/bench-*.svg from them
`;

void main(async () => {
	const { values } = parseArgs({
		options: {
			help: { type: 'boolean', default: false },
			quick: { type: 'boolean', default: false },
			plots: { type: 'boolean', default: false },
			json: { type: 'string' },
			only: { type: 'string', multiple: true, default: [] },
		},
	});
	if (values.help) {
		console.log(HELP);
		return 0;
	}
	onInterruption(stopServices, () => 130);
	await buildProject();
	return await runBenches({ ...values, json: values.json });
});
