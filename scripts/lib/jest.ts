import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type CommandOptions, run } from './commands';
import { projectFolder } from './project';

const report = z.object({
	numPassedTests: z.number(),
	numFailedTests: z.number().catch(0),
	numRuntimeErrorTestSuites: z.number().catch(0),
	testResults: z.array(
		z.object({
			message: z.string().catch(''),
			assertionResults: z.array(
				z.object({
					ancestorTitles: z.array(z.string()),
					title: z.string(),
					status: z.string(),
					failureMessages: z.array(z.string()).catch([]),
				}),
			),
		}),
	),
});

export type JestReport = z.infer<typeof report>;

/**
 * Runs tests, whether they pass or not.
 * @param project of jest.config.js
 * @returns nothing where Jest has not got so far
 */
export async function runJest(
	project: string,
	flags: readonly string[],
	options: Omit<CommandOptions, 'cwd'>,
): Promise<JestReport | undefined> {
	const folder = await mkdtemp(join(tmpdir(), 'runninghub-jest-'));
	const file = join(folder, 'report.json');
	const script = join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js');
	const args = [script, '--selectProjects', project, '--ci', '--json', '--outputFile', file];
	try {
		// Its exit code says no more than the report.
		await run(process.execPath, [...args, ...flags], { cwd: projectFolder, ...options }).catch(
			() => undefined,
		);
		const text = await readFile(file, 'utf8').catch(() => undefined);
		return text === undefined ? undefined : report.parse(JSON.parse(text));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
