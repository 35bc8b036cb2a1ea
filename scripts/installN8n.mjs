import './lib/node20.mjs';
import { installedN8n } from './lib/n8n.mjs';
import { main } from './lib/steps.mjs';

// One after the other: node scripts/installN8n.mjs <version> …
await main(async () => {
	for (const version of process.argv.slice(2)) await installedN8n(version);
});
