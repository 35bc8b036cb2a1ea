import { type JestReport, runJest } from '../jest';
import { UserError } from '../steps';

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

/** Runs test/contract/client.test.ts against the simulator and against what the environment names; nothing is paid for. */
export async function runContract(): Promise<Check[]> {
	const suite = 'test/contract/client.test.ts';
	// A check that fails is what this is for: the report says which.
	const report = await runJest('contract', [suite], { env: { RUNNINGHUB_CONTRACT_PAY: '' } });
	if (report === undefined) {
		throw new UserError(`${suite} could not be run; try: npm run test:contract.`);
	}
	return checksIn(report);
}

function checksIn({ testResults }: JestReport): Check[] {
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
