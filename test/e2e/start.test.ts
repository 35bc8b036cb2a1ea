import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports';
import { projectFolder } from '../../scripts/lib/project';
import { START_TIMEOUT } from './support/host';

/** `npm start` as a newcomer types it, but with ports and a folder of its own. */

let userFolder: string;

beforeAll(async () => {
	userFolder = await mkdtemp(join(tmpdir(), 'runninghub-start-'));
});

afterAll(async () => {
	await rm(userFolder, { recursive: true, force: true });
});

it(
	'makes a video on the first start, and again on the second',
	async () => {
		for (const start of ['first', 'second']) {
			const { code, output } = await npmStart(await ownPorts());
			expect(`${start}: ${code}\n${output}`).toMatch(`${start}: 0\n`);

			const item = JSON.parse(/The finished item:\n(\{[\s\S]*?\n\})/.exec(output)?.[1] ?? 'null');
			expect(item).toMatchObject({
				taskId: expect.stringMatching(/^\d{19}$/),
				status: 'SUCCESS',
				source: expect.stringMatching(/^vidu\//),
			});
			const file = /Video:\s+(.+?) \(/.exec(output)?.[1] ?? '';
			expect((await stat(file)).size).toBeGreaterThan(0);
			expect(file.startsWith(userFolder)).toBe(true);
			// The beginning of every MP4 file.
			expect((await readFile(file)).subarray(4, 8).toString()).toBe('ftyp');
		}
	},
	START_TIMEOUT,
);

it('names the flag when a port is in use', async () => {
	const blocker = createServer();
	await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
	const { port } = blocker.address() as AddressInfo;
	try {
		const { code, output } = await npmStart({ ...(await ownPorts()), '--port': port });
		expect(code).toBe(1);
		expect(output).toContain(`Port ${port} for n8n is in use`);
		expect(output).toContain('--port');
	} finally {
		blocker.close();
	}
}, 60_000);

it('pays nothing on a real account without consent', async () => {
	const { code, output } = await npmStart(await ownPorts(), {
		RUNNINGHUB_API_KEY: 'somebodys-key',
	});
	expect(code).toBe(1);
	expect(output).toContain('--yes');
	expect(output).not.toContain('somebodys-key');
}, 60_000);

async function ownPorts(): Promise<Record<string, number>> {
	return {
		'--port': await freePort(),
		'--simulator-port': await freePort(),
		'--files-port': await freePort(),
	};
}

async function npmStart(ports: Record<string, number>, env: NodeJS.ProcessEnv = {}) {
	const flags = Object.entries(ports).flatMap(([flag, port]) => [flag, String(port)]);
	const args = ['start', '--silent', '--', '--once', '--user-folder', userFolder, ...flags];
	const child = spawn('npm', args, {
		cwd: projectFolder,
		env: { ...process.env, RUNNINGHUB_API_KEY: undefined, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32',
	});
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
	return { code, output };
}
