import { installedN8n } from './lib/n8n';
import { main } from './lib/steps';

// One after the other: node --import tsx scripts/installN8n.ts <version> …
void main(async () => {
	for (const version of process.argv.slice(2)) await installedN8n(version);
});
