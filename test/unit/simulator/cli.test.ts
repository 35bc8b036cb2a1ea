import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { listen } from '../../simulator/server';
import {
	SIMULATOR_APP_ID,
	SIMULATOR_KEY,
	SIMULATOR_QUICK_CREATE_ID,
	SIMULATOR_WORKFLOW_ID,
} from '../../simulator';
import { bearer, goodBody, post } from './client';
import { startReceiver } from './receiver';

const ROOT = join(__dirname, '..', '..', '..');

describe('npm run simulator', () => {
	const children: ChildProcess[] = [];
	afterEach(() => {
		for (const child of children.splice(0)) child.kill();
	});

	function start(...options: string[]) {
		const cli = join(ROOT, 'test', 'simulator', 'cli.ts');
		const tsx = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');
		const child = spawn(process.execPath, [tsx, cli, ...options]);
		children.push(child);
		let text = '';
		child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
		child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
		const said = async (what: RegExp): Promise<RegExpExecArray> => {
			for (;;) {
				const match = what.exec(text);
				if (match !== null) return match;
				await once(child.stdout, 'data');
			}
		};
		return { child, said, text: () => text };
	}

	it('says where it is, runs a task by the clock, and tells of it', async () => {
		const simulator = start('--port', '0', '--files-port', '0', '--task-seconds', '0.2');
		const [, baseUrl] = await simulator.said(/Base URL\s+(http:\S+)/);
		const url = `${baseUrl}/openapi/v2/vidu/text-to-video`;
		const { json } = await post(url, goodBody(), bearer(SIMULATOR_KEY));
		await simulator.said(new RegExp(`task ${String(json.taskId)} {2}accepted: vidu/text-to-video`));
		await simulator.said(/ended: SUCCESS/);
		expect(simulator.text()).toContain(SIMULATOR_KEY);
	}, 20_000);

	it('tells of the callbacks that it sends, without the secrets in their addresses', async () => {
		const receiver = await startReceiver();
		const simulator = start('--port', '0', '--files-port', '0', '--task-seconds', '0.2');
		const [, baseUrl] = await simulator.said(/Base URL\s+(http:\S+)/);
		const url = `${baseUrl}/openapi/v2/vidu/text-to-video`;
		const webhookUrl = `${receiver.url}?signature=s3cret`;
		await post(url, goodBody({ webhookUrl }), bearer(SIMULATOR_KEY));
		await simulator.said(/task \d+ {2}callback to http:\S+\/hook: answered 200/);
		expect(receiver.calls[0]?.path).toBe('/hook?signature=s3cret');
		expect(simulator.text()).not.toContain('s3cret');
		await receiver.close();
	}, 20_000);

	it('says in one sentence that a port is in use', async () => {
		const server = createServer();
		const port = await listen(server, 0, '127.0.0.1');
		const simulator = start('--port', String(port), '--files-port', '0');
		const [code] = (await once(simulator.child, 'close')) as [number];
		server.close();
		expect(code).toBe(1);
		expect(simulator.text().trim().split('\n')).toHaveLength(1);
		expect(simulator.text()).toContain(`Port ${port} is already in use`);
	}, 20_000);

	it('explains itself', async () => {
		const simulator = start('--help');
		await once(simulator.child, 'close');
		expect(simulator.text()).toContain(SIMULATOR_KEY);
		expect(simulator.text()).toContain('[moderation]');
		expect(simulator.text()).toContain('[refuse 421]');
		for (const id of [SIMULATOR_WORKFLOW_ID, SIMULATOR_APP_ID, SIMULATOR_QUICK_CREATE_ID]) {
			expect(simulator.text()).toContain(id);
		}
		expect(simulator.text()).toMatch(/callback URL[^]*local addresses/);
	}, 20_000);
});
