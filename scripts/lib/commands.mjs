import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from './steps.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env] added to this process's own
 * @property {string} [logFile] where all output goes as well
 * @property {string} [failure] what a failure means and what to do, as the start of the error
 * @property {boolean} [show] output goes straight to the screen
 */

/**
 * Runs a command to its end and returns what it printed on stdout.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {CommandOptions} options
 * @returns {Promise<string>}
 */
export async function run(command, args, { cwd, env, logFile, failure, show }) {
	if (logFile) await mkdir(dirname(logFile), { recursive: true });
	const log = logFile ? createWriteStream(logFile, { flags: 'a' }) : undefined;
	const child = spawn(command, args, {
		cwd,
		env: { ...process.env, ...env },
		stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
	});

	// Nothing goes on without us.
	const kill = () => child.kill();
	process.once('exit', kill);

	let stdout = '';
	let all = '';
	child.stdout?.on('data', (chunk) => {
		stdout += chunk;
		all += chunk;
		log?.write(chunk);
	});
	child.stderr?.on('data', (chunk) => {
		all += chunk;
		log?.write(chunk);
	});

	/** @type {{ code: number | null, signal: string | null }} */
	const { code, signal } = await new Promise((resolve, reject) => {
		child.once('error', (error) =>
			reject(new UserError(`${command} could not be started: ${error.message}.`)),
		);
		child.once('close', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
	});
	process.off('exit', kill);
	log?.end();
	if (code === 0) return stdout;

	const what = `${failure ?? `${command} ${args.join(' ')} failed`} (${signal ?? `exit code ${code}`})`;
	if (show) throw new UserError(`${what}.`);
	const details = logFile ? ` The whole output is in ${logFile}.` : '';
	throw new UserError(`${what}: ${lastWords(all)}${details}`);
}

/**
 * Runs npm, without what an outer `npm start` or `npm test` has put into the environment: it would
 * make npm take this project's settings for those of the folder that is worked on.
 *
 * @param {string[]} args
 * @param {CommandOptions} options
 */
export async function npm(args, options) {
	/** @type {NodeJS.ProcessEnv} */
	const env = { ...options.env };
	for (const name of Object.keys(process.env)) {
		if (/^npm_(package|lifecycle|command|config_local_prefix|config_ignore_scripts)/i.test(name))
			env[name] ??= undefined;
	}
	// npm's own script, when npm started us, works on every platform without a shell.
	const script = process.env.npm_execpath;
	if (script?.endsWith('.js'))
		return await run(process.execPath, [script, ...args], { ...options, env });
	if (process.platform === 'win32')
		return await run('cmd.exe', ['/c', 'npm', ...args], { ...options, env });
	return await run('npm', args, { ...options, env });
}

/**
 * The line that most likely says why a command failed.
 *
 * @param {string} output
 */
function lastWords(output) {
	const lines = output
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);
	const reason = lines.findLast(
		(line) => /\b(error|ERR!)/i.test(line) && !/complete log/i.test(line),
	);
	return (reason ?? lines.at(-1) ?? 'it printed nothing').slice(0, 500);
}
