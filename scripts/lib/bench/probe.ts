import { join } from 'node:path';
import { run } from '../commands';
import { installedN8n } from '../n8n';
import { projectFolder } from '../project';

/**
 * Runs one of `probes/` in a fresh process, with the Node that n8n runs on.
 * @param cwd whose packages it finds
 * @returns what it printed
 */
export async function probe<T>(
	script: string,
	args: readonly string[],
	cwd = projectFolder,
): Promise<T> {
	const { node } = await installedN8n();
	return JSON.parse(await run(node, [join(__dirname, 'probes', script), ...args], { cwd }));
}
