import { spawn } from 'node:child_process';
import { projectFolder } from '../../scripts/lib/project';
import { SIMULATOR_KEY, startSimulator, type Simulator } from '../simulator';

/** `npm run check:live`, with a second simulator in the place of the live API. */

jest.setTimeout(180_000);

let live: Simulator;

beforeEach(async () => {
	live = await startSimulator({ defaultTaskScript: { end: { kind: 'success' } } });
});
afterEach(async () => await live.stop());

async function checkLive(...options: string[]) {
	const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/checkLive.ts', ...options], {
		cwd: projectFolder,
		env: {
			...process.env,
			RUNNINGHUB_API_KEY: SIMULATOR_KEY,
			RUNNINGHUB_BASE_URL: live.baseUrl,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
	expect(output).not.toContain(SIMULATOR_KEY);
	return { code, output };
}

it('makes one video with --yes, and finds what differs', async () => {
	const body = '{"code":0,"msg":"success","data":{"newMember":1}}';
	const match = { path: '/openapi/v2/queue/status' };
	live.addFault({ kind: 'http', status: 200, body, match, times: 'always' });
	const { code, output } = await checkLive('--yes');
	expect(output).toMatch(/(\d+) of \1 checks end as in the simulator/);
	expect(output).toContain('| data.newMember | number | — |');
	expect(live.tasks).toHaveLength(1);
	expect(output).toContain(`| Task | ${live.tasks[0]?.taskId} |`);
	expect(output).not.toContain('sig=');
	expect(code).toBe(1);
});

it('pays for nothing without consent', async () => {
	const { code, output } = await checkLive();
	expect(output).toMatch(/costs 0\.\d+ CNY/);
	expect(output).toContain('--yes');
	expect(live.tasks).toEqual([]);
	expect([code, output]).toEqual([0, expect.stringContaining('nobody agreed')]);
});
