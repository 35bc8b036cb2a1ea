import { parseArgs } from 'node:util';
import { findChromium, NO_CHROMIUM } from './lib/chromium';
import { npm } from './lib/commands';
import { onInterruption } from './lib/interruption';
import { runJest } from './lib/jest';
import {
	installedN8n,
	installN8nMeanwhile,
	N8N_1_VERSION,
	N8N_2_0_VERSION,
	N8N_2_14_VERSION,
	N8N_VERSION,
} from './lib/n8n';
import { checkPackage } from './lib/packageCheck';
import { projectFolder } from './lib/project';
import { duration, errorText, main, UserError } from './lib/steps';

interface Count {
	passed: number;
	failed: number;
}

interface Tier {
	name: string;
	/** Tiers without which this one makes no sense. */
	needs?: string[];
	/** Takes so long, or so much of the machine, that it runs only when it is named. */
	onRequest?: boolean;
	/** An exception counts as one failed test. */
	run(): Promise<Count>;
}

interface Result extends Count {
	name: string;
	time: string;
}

/** In this order: what is quick, and what others need, comes first. */
const TIERS: Tier[] = [
	// test.mjs has done it: without its packages this file is not loaded.
	{ name: 'setup', run: async () => ONE_PASSED },
	{ name: 'typecheck', needs: ['setup'], run: () => npmScript('typecheck') },
	{ name: 'lint', needs: ['setup'], run: () => npmScript('lint') },
	{ name: 'format', needs: ['setup'], run: () => npmScript('format:check') },
	{ name: 'unit', needs: ['setup'], run: () => jest('unit', '--maxWorkers=2') },
	{ name: 'integration', needs: ['setup'], run: () => jest('integration', '--maxWorkers=2') },
	{ name: 'contract', needs: ['setup'], run: () => jest('contract') },
	{ name: 'build', needs: ['setup'], run: () => npmScript('build') },
	{ name: 'package', needs: ['build'], run: packageChecks },
	{ name: 'n8n', run: () => asOneTest(() => installedN8n()) },
	// Each file has an n8n of its own, which mostly waits: four of them fit on two cores.
	{ name: 'e2e', needs: ['build', 'n8n'], run: () => jest('e2e', '--maxWorkers=4') },
	{
		name: 'browser',
		needs: ['build', 'n8n'],
		run: () => browser('vidu.test', 'newcomer.test', 'examples.test'),
	},
	{
		name: 'forms',
		needs: ['build', 'n8n'],
		onRequest: true,
		run: () => browser('model.test', 'newerModels.test', 'comfyForms.test', 'otherForms.test'),
	},
	{
		name: 'queue',
		needs: ['build', 'n8n'],
		onRequest: true,
		run: () => jest('e2e-long', '--runInBand', 'long/queue(?!.*ManyItems)'),
	},
	{
		name: 'versions',
		needs: ['build'],
		onRequest: true,
		run: () => jest('e2e-long', '--runInBand', 'long/n8n(?!.*ManyItems)'),
	},
	{
		name: 'many',
		needs: ['build', 'n8n'],
		onRequest: true,
		run: () => jest('e2e-long', '--runInBand', 'ManyItems'),
	},
];

/**
 * Only where there is, or can be, a browser: a missing one is said, and is no failure.
 * @param files of test/browser
 */
async function browser(...files: string[]): Promise<Count> {
	if (findChromium()) return await jest('browser', '--maxWorkers=2', ...files);
	console.log(`  not run: ${NO_CHROMIUM}`);
	return { passed: 0, failed: 0 };
}

const HELP = `npm test -- [tier ...]

Runs the tests, or those of the tiers named, and installs what they need before: this project's
packages into the clone, and n8n (3 GB, about 4 minutes, once) into the cache folder. On Debian as root
it also installs Chromium, for the tests of the editor.

The tiers forms (all resources but Vidu in the editor), queue (n8n with Redis, PostgreSQL and two
workers: about 30 minutes), versions (the newest n8n 1.x, the oldest 2.x, and the oldest that signs
the addresses of waiting executions, another 3 GB each: about 35 minutes) and many (300 items on an
account with five places, on each of all these: about 45 minutes) take many minutes more, and run
only when they are named.

  tiers    ${TIERS.map(({ name }) => name).join(', ')}
`;

const ONE_PASSED: Count = { passed: 1, failed: 0 };

async function asOneTest(work: () => Promise<unknown>): Promise<Count> {
	await work();
	return ONE_PASSED;
}

async function npmScript(script: string): Promise<Count> {
	const failure = `npm run ${script} failed`;
	return await asOneTest(() =>
		npm(['run', '--silent', script], { cwd: projectFolder, show: true, failure }),
	);
}

async function jest(project: string, ...flags: string[]): Promise<Count> {
	const report = await runJest(project, flags, { show: true });
	const passed = report?.numPassedTests ?? 0;
	const failed = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
	if (passed + failed === 0) throw new UserError(`No ${project} test was run.`);
	return { passed, failed };
}

async function packageChecks(): Promise<Count> {
	const checks = await checkPackage();
	for (const { name, error } of checks)
		console.log(error === undefined ? `  ✓ ${name}` : `  ✕ ${name}: ${error}`);
	const failed = checks.filter(({ error }) => error !== undefined).length;
	return { passed: checks.length - failed, failed };
}

function tiersNamed(names: readonly string[]): Tier[] {
	const unknown = names.find((name) => !TIERS.some((tier) => tier.name === name));
	if (unknown) throw new UserError(`There is no tier "${unknown}"; see npm test -- --help.`);
	return TIERS.filter(({ name, onRequest }) =>
		names.length === 0 ? !onRequest : names.includes(name),
	);
}

void main(async () => {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { help: { type: 'boolean', default: false } },
	});
	if (values.help) {
		console.log(HELP);
		return;
	}
	const tiers = tiersNamed(positionals);
	// The tests' own processes end with us.
	onInterruption(
		async () => {},
		() => 130,
	);

	const wants = (name: string) => tiers.some((tier) => tier.name === name);
	const results: Result[] = [];
	for (const tier of tiers) {
		// What comes first of all has the machine for itself.
		if (tier.name === 'typecheck') {
			const versions = [
				...(wants('n8n') ? [N8N_VERSION] : []),
				...(wants('versions') || wants('many') ? [N8N_1_VERSION, N8N_2_0_VERSION] : []),
				...(wants('versions') ? [N8N_2_14_VERSION] : []),
			];
			if (versions.length > 0) installN8nMeanwhile(versions);
		}
		const start = Date.now();
		console.log(`\n▶ ${tier.name}`);
		const count = await runTier(tier, results).catch((error: unknown) => {
			console.log(`  ✕ ${errorText(error)}`);
			return { passed: 0, failed: 1 };
		});
		const time = duration(Date.now() - start);
		console.log(`  ${count.passed} passed, ${count.failed} failed, ${time}`);
		results.push({ name: tier.name, ...count, time });
	}

	console.log('\n');
	for (const { name, passed, failed, time } of results)
		console.log(
			`${failed ? '✕' : '✓'} ${name.padEnd(12)} ${passed} passed, ${failed} failed, ${time}`,
		);
	const passed = results.reduce((sum, count) => sum + count.passed, 0);
	const failed = results.reduce((sum, count) => sum + count.failed, 0);
	console.log(`tests: ${passed} passed, ${failed} failed`);
	return failed > 0 ? 1 : 0;
});

async function runTier(tier: Tier, before: readonly Result[]): Promise<Count> {
	const missing = before.find(({ name, failed }) => tier.needs?.includes(name) && failed > 0);
	if (missing) throw new UserError(`not run, because ${missing.name} failed`);
	return await tier.run();
}
