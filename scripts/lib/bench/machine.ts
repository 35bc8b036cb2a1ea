import { cpus, loadavg, release, totalmem } from 'node:os';
import { N8N_VERSION } from '../n8n';

/** What the numbers were measured on. */
export const machine = () => ({
	cores: cpus().length,
	processor: cpus()[0]?.model.trim() ?? 'unknown',
	memoryGB: Math.round(totalmem() / 1e9),
	system: `${process.platform} ${release()}`,
	node: process.versions.node,
	n8n: N8N_VERSION,
});

/** Processes that wanted to run, on average over the last minute: above the number of cores, others worked too. */
export const load = (): number => Number((loadavg()[0] ?? 0).toFixed(1));

export function machineNote(loads: { before: number; after: number }): string {
	const { cores, processor, memoryGB, system, node, n8n } = machine();
	const isBusy = loads.before > cores / 2;
	return [
		`${cores} cores (${processor}), ${memoryGB} GB, ${system}; Node ${node}, n8n ${n8n};`,
		`load ${loads.before} before, ${loads.after} after.`,
		...(isBusy
			? ['Other programs worked meanwhile: the times are not those of this package.']
			: []),
	].join(' ');
}
