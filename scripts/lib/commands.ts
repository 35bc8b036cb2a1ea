import execa from 'execa';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from './steps';

export interface CommandOptions {
	cwd: string;
	/** Added to this process's own. */
	env?: NodeJS.ProcessEnv;
	/** Where all output goes as well. */
	logFile?: string;
	/** What a failure means and what to do, as the start of the error. */
	failure?: string;
	/** Output goes straight to the screen. */
	show?: boolean;
}

/** Runs a command to its end, which is ours at the latest, and returns what it printed on stdout. */
export async function run(
	command: string,
	args: readonly string[],
	{ cwd, env, logFile, failure, show }: CommandOptions,
): Promise<string> {
	const output = show ? 'inherit' : 'pipe';
	const child = execa(command, args, {
		cwd,
		env,
		stdin: 'ignore',
		stdout: output,
		stderr: output,
		all: true,
		reject: false,
		stripFinalNewline: false,
	});
	if (logFile) {
		mkdirSync(dirname(logFile), { recursive: true });
		child.all?.pipe(createWriteStream(logFile, { flags: 'a' }));
	}
	const { failed, exitCode, signal, stdout, all = '' } = await child;
	if (!failed) return stdout;

	const how =
		signal ?? (exitCode === undefined ? 'it could not be started' : `exit code ${exitCode}`);
	const what = `${failure ?? `${command} ${args.join(' ')} failed`} (${how})`;
	if (show) throw new UserError(`${what}.`);
	const details = logFile ? ` The whole output is in ${logFile}.` : '';
	throw new UserError(`${what}: ${lastWords(all)}${details}`);
}

/** Does a command end well? */
export async function succeeds(command: Promise<unknown>): Promise<boolean> {
	return await command.then(
		() => true,
		() => false,
	);
}

/**
 * Runs npm, without what an outer `npm start` or `npm test` has put into the environment: it would
 * make npm take this project's settings for those of the folder that is worked on.
 */
export async function npm(args: readonly string[], options: CommandOptions): Promise<string> {
	const inherited = Object.keys(process.env).filter((name) =>
		/^npm_(package|lifecycle|command|config_local_prefix|config_ignore_scripts)/i.test(name),
	);
	const without = Object.fromEntries(inherited.map((name) => [name, undefined]));
	return await run('npm', args, { ...options, env: { ...without, ...options.env } });
}

/** The line that most likely says why a command failed. */
function lastWords(output: string): string {
	const lines = output
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);
	const reason = lines.findLast(
		(line) => /\b(error|ERR!)/i.test(line) && !/complete log/i.test(line),
	);
	return (reason ?? lines.at(-1) ?? 'it printed nothing').slice(0, 500);
}
