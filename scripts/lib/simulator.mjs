import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './commands.mjs';
import { projectFolder } from './project.mjs';
import { startService } from './services.mjs';
import { UserError } from './steps.mjs';

/** How to run a TypeScript file of the project: with the transpiler that it has installed. */
const TYPESCRIPT = ['--import', 'tsx'];

/**
 * Starts RunningHub's stand-in, and waits until it answers.
 *
 * @param {object} options
 * @param {number} options.port
 * @param {number} options.filesPort
 * @param {string} options.logFile
 */
export async function startSimulator({ port, filesPort, logFile }) {
	const url = `http://127.0.0.1:${port}`;
	const service = startService({
		node: process.execPath,
		args: [
			...TYPESCRIPT,
			'test/simulator/cli.ts',
			'--port',
			String(port),
			'--files-port',
			String(filesPort),
		],
		cwd: projectFolder,
		env: process.env,
		logFile,
	});
	const deadline = Date.now() + 60_000;
	while (!(await answers(url))) {
		if (!service.isRunning() || Date.now() > deadline) {
			await service.kill();
			throw new UserError(`The simulator did not start; its log is ${logFile}.`);
		}
		await sleep(100);
	}
	return { ...service, url };
}

/** The key that the simulator takes, from its own code. */
export async function simulatorKey() {
	const print = "console.log(require('./test/simulator').SIMULATOR_KEY)";
	const output = await run(process.execPath, [...TYPESCRIPT, '-e', print], { cwd: projectFolder });
	return output.trim();
}

/** @param {string} url */
async function answers(url) {
	return await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
		() => true,
		() => false,
	);
}
