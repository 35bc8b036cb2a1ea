import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../commands.mjs';
import { projectFolder } from '../project.mjs';
import { UserError } from '../steps.mjs';

/** One thing that this package takes for granted of RunningHub. */
export interface Check {
	name: string;
	/** `passed`, `failed`, or `pending`: not run. */
	live: string;
	simulator: string;
	/** Why it failed on the live API. */
	reason: string;
}

const SIMULATOR = 'the simulator';

const report = z.object({
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

/** Runs test/contract/client.test.ts against the simulator and against what the environment names; nothing is paid for. */
export async function runContract(): Promise<Check[]> {
	const folder = await mkdtemp(join(tmpdir(), 'runninghub-live-'));
	const file = join(folder, 'report.json');
	const jest = join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js');
	const suite = 'test/contract/client.test.ts';
	const args = [
		jest,
		'--selectProjects',
		'contract',
		'--ci',
		'--json',
		'--outputFile',
		file,
		suite,
	];
	try {
		// A check that fails is what this is for: the report says which.
		await run(process.execPath, args, {
			cwd: projectFolder,
			env: { RUNNINGHUB_CONTRACT_PAY: '' },
		}).catch(() => undefined);
		const text = await readFile(file, 'utf8').catch(() => '');
		if (text === '') throw new UserError(`${suite} could not be run; try: npm run test:contract.`);
		return checksIn(report.parse(JSON.parse(text)));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function checksIn({ testResults }: z.infer<typeof report>): Check[] {
	const checks = new Map<string, Check>();
	for (const { ancestorTitles, title, status, failureMessages } of testResults.flatMap(
		({ assertionResults }) => assertionResults,
	)) {
		const [target = '', ...groups] = ancestorTitles;
		const name = [...groups, title].join(' ');
		const check = checks.get(name) ?? { name, live: 'pending', simulator: 'pending', reason: '' };
		checks.set(name, check);
		if (target === SIMULATOR) check.simulator = status;
		else {
			check.live = status;
			check.reason = failureMessages.join('\n');
		}
	}
	if (checks.size === 0) {
		throw new UserError(`The contract suite ran no test: ${testResults[0]?.message ?? ''}`);
	}
	return [...checks.values()];
}
