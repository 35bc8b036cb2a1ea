import { SIMULATOR_KEY } from '../../test/simulator';
import { projectFolder } from './project';
import { answers, startNode, untilReady } from './services';

/** Starts RunningHub's stand-in in a process of its own, and waits until it answers. */
export async function startSimulatorProcess(
	port: number,
	filesPort: number,
	logFile: string,
): Promise<{ url: string; apiKey: string }> {
	const ports = ['--port', String(port), '--files-port', String(filesPort)];
	const args = ['--import', 'tsx', 'test/simulator/cli.ts', ...ports];
	const options = { cwd: projectFolder, env: process.env, logFile };
	const service = startNode(process.execPath, args, options);
	const url = `http://127.0.0.1:${port}`;
	await untilReady('The simulator', service, async () => await answers(url, () => true));
	return { url, apiKey: SIMULATOR_KEY };
}
