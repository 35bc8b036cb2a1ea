import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../project';
import { type Chart, svgOf } from './chart';
import type { PlotName, Series } from './figure';

const CHARTS: Record<PlotName, Omit<Chart, 'lines'>> = {
	makespan: {
		title: 'Until all results are there',
		subtitle: 'Tasks of 10 s in one execution; the account takes them all at a time',
		x: { label: 'items', scale: 'log' },
		y: { label: 'seconds', scale: 'log' },
	},
	memory: {
		title: 'Memory for one result file',
		subtitle: 'Growth of n8n’s memory over that at rest; binary data on the disk',
		x: { label: 'size of the file, MB', scale: 'log' },
		y: { label: 'growth, MB', scale: 'linear' },
	},
	calls: {
		title: 'API calls for one task',
		subtitle: 'The submit and every question whether it has ended',
		x: { label: 'length of the task, s', scale: 'linear' },
		y: { label: 'calls', scale: 'linear' },
	},
};

/**
 * Draws the figures into `docs/images`.
 * @returns the files; without those for which nothing was measured
 */
export async function drawPlots(series: readonly Series[]): Promise<string[]> {
	const folder = join(projectFolder, 'docs', 'images');
	await mkdir(folder, { recursive: true });
	const files: string[] = [];
	for (const plot of ['makespan', 'memory', 'calls'] as const) {
		const lines = series.filter((one) => one.plot === plot);
		if (lines.length === 0) continue;
		const file = join(folder, `bench-${plot}.svg`);
		await writeFile(file, svgOf({ ...CHARTS[plot], lines }));
		files.push(file);
	}
	return files;
}
