import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Account, consent, readAccount } from './lib/account';
import { cacheFolder } from './lib/cache';
import { provideExample, runExample, saveVideo } from './lib/example';
import { interruption, onInterruption } from './lib/interruption';
import { ownerLogin } from './lib/login';
import { installedN8n, N8N_VERSION } from './lib/n8n';
import { N8nApi, type StoredWorkflow } from './lib/n8nApi';
import { startN8n } from './lib/n8nProcess';
import { buildProject, installCommunityPackage, packProject } from './lib/package';
import { requireFreePort } from './lib/ports';
import { stopServices } from './lib/services';
import { startSimulatorProcess } from './lib/simulator';
import { errorText, main, step, UserError } from './lib/steps';

const HELP = `npm start -- [options]

Starts a real n8n ${N8N_VERSION} on this machine with the RunningHub node in it, and runs the example
workflow "Vidu: image to video" once. Everything it needs is installed by itself: this project's
packages into the clone, n8n (3 GB, about 4 minutes, once) into the cache folder.

  --once                  end after the run: exit code 0, or 1 with the reason
  --port N                n8n's port (5678)
  --simulator-port N      the simulator's port (4010)
  --files-port N          the port of the simulator's result files (4011)
  --user-folder PATH      where n8n keeps its data (in the cache folder)
  --yes                   agree to pay for the run on a real account
  --help                  this text

  RUNNINGHUB_API_KEY      key of a real account; without it the simulator answers, and nothing is paid
  RUNNINGHUB_SITE         international (the default) or china
  RUNNINGHUB_CACHE_DIR    the cache folder (now ${cacheFolder})
`;

function readOptions() {
	const text = { type: 'string' } as const;
	const flag = { type: 'boolean', default: false } as const;
	const { values } = parseArgs({
		options: {
			once: flag,
			yes: flag,
			help: flag,
			port: { ...text, default: '5678' },
			'simulator-port': { ...text, default: '4010' },
			'files-port': { ...text, default: '4011' },
			'user-folder': { ...text, default: join(cacheFolder, 'user') },
		},
	});
	return {
		once: values.once,
		yes: values.yes,
		help: values.help,
		port: portNumber('--port', values.port),
		simulatorPort: portNumber('--simulator-port', values['simulator-port']),
		filesPort: portNumber('--files-port', values['files-port']),
		userFolder: resolve(values['user-folder']),
	};
}

function portNumber(flag: string, value: string): number {
	const port = Number(value);
	if (Number.isInteger(port) && port > 0 && port < 65536) return port;
	throw new UserError(`${flag} takes a port number from 1 to 65535, not "${value}".`);
}

/** The account that RUNNINGHUB_API_KEY is the key of; without one the simulator takes its place. */
function realAccount(): Account | undefined {
	const { RUNNINGHUB_API_KEY, RUNNINGHUB_SITE } = process.env;
	if (RUNNINGHUB_API_KEY?.trim()) return readAccount({ RUNNINGHUB_API_KEY, RUNNINGHUB_SITE });
	if (RUNNINGHUB_SITE) {
		console.log('RUNNINGHUB_SITE is set but RUNNINGHUB_API_KEY is not: using the simulator.');
	}
	return undefined;
}

/** Before anything else happens. */
async function mayRun(account: Account | undefined, yes: boolean): Promise<boolean> {
	if (account === undefined) return true;
	console.log(
		`RUNNINGHUB_API_KEY is set: the example makes one real video (Vidu Q2 Turbo, 5 s, 540p, if you have not changed it) on your account at ${account.host}, and RunningHub charges you for it.`,
	);
	return await consent(
		yes,
		'Nothing is run without your consent: add --yes, or unset RUNNINGHUB_API_KEY to use the simulator.',
	);
}

async function showOneRun(
	api: N8nApi,
	workflow: StoredWorkflow,
	userFolder: string,
	account: Account | undefined,
): Promise<void> {
	const item = await step(`Running the workflow "${workflow.name}"`, () =>
		runExample(api, workflow),
	);
	const video = await saveVideo(api, item, join(userFolder, 'output'));
	if (account === undefined) {
		console.log(
			'\nThis was the simulator: a sample video, and nothing was paid, whatever `usage` says. Put [fail] or [slow] into the prompt to see more; npm run simulator -- --help lists all words.',
		);
	}
	console.log(`\nThe finished item:\n${JSON.stringify(item.json, null, 2)}`);
	console.log(`\nVideo:   ${video.path} (${video.bytes} bytes)`);
}

void main(async () => {
	const options = readOptions();
	if (options.help) {
		console.log(HELP);
		return;
	}

	const account = realAccount();
	const runs = await mayRun(account, options.yes);
	if (options.once && !runs) return 1;

	await requireFreePort(options.port, 'n8n', '--port');
	if (!account) {
		await requireFreePort(options.simulatorPort, 'the simulator', '--simulator-port');
		await requireFreePort(options.filesPort, "the simulator's files", '--files-port');
	}

	let settled = false;
	onInterruption(stopServices, () => (settled ? 0 : 130));
	try {
		const install = await installedN8n();
		await buildProject();

		const { userFolder } = options;
		await mkdir(userFolder, { recursive: true });
		await step('Installing the package into n8n', async () => {
			const packed = await packProject(join(userFolder, 'package'));
			await installCommunityPackage(packed.file, userFolder);
		});

		const data = account
			? { site: account.credential.site, apiKey: account.credential.apiKey }
			: await step('Starting the simulator', async () => {
					const { simulatorPort, filesPort } = options;
					const logFile = join(userFolder, 'simulator.log');
					const { url, apiKey } = await startSimulatorProcess(simulatorPort, filesPort, logFile);
					return { site: 'custom', baseUrl: url, apiKey };
				});

		const n8n = await step('Starting n8n (about 10 seconds)', () =>
			startN8n({ install, userFolder, port: options.port }),
		);

		const api = new N8nApi(n8n.url);
		const login = await ownerLogin(userFolder);
		const workflow = await step(
			'Setting up the owner, the credential and the example',
			async () => {
				await api.signIn(login).catch((error: Error) => {
					throw new UserError(
						`The n8n in ${userFolder} has another owner (${error.message}): choose another folder with --user-folder.`,
					);
				});
				const credential = { name: 'RunningHub', type: 'runningHubApi', data };
				const saved = await api.saveCredential(credential);
				const test = await api.testCredential({ ...credential, id: saved.id });
				if (test.status !== 'OK')
					throw new UserError(`The credential does not work: ${test.message}`);
				return await provideExample(api, saved);
			},
		);

		if (runs) {
			await showOneRun(api, workflow, userFolder, account).catch((error: unknown) => {
				if (options.once || interruption.happened) throw error;
				// The editor shows more than one sentence can.
				console.error(`\n${errorText(error)}\n`);
			});
		}
		if (options.once) return;
		settled = true;

		console.log(`Editor:  ${n8n.url}/workflow/${workflow.id}`);
		console.log(`Login:   ${login.email}  ${login.password}`);
		console.log('\nn8n stays up until you press Ctrl-C.');
		const how = await n8n.ended;
		throw new UserError(`n8n ended by itself (${how}); its log is ${n8n.logFile}.`);
	} finally {
		await stopServices();
	}
});
