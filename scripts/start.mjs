import './lib/node20.mjs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mayCostMoney, realAccount } from './lib/account.mjs';
import { cacheFolder } from './lib/cache.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { provideExample, runExample, saveVideo } from './lib/example.mjs';
import { interruption, onInterruption } from './lib/interruption.mjs';
import { ownerLogin } from './lib/login.mjs';
import { installedN8n, N8N_VERSION } from './lib/n8n.mjs';
import { N8nApi } from './lib/n8nApi.mjs';
import { startN8n } from './lib/n8nProcess.mjs';
import { installCommunityPackage, packProject } from './lib/package.mjs';
import { requireFreePort } from './lib/ports.mjs';
import { buildProject, projectFolder } from './lib/project.mjs';
import { stopServices } from './lib/services.mjs';
import { simulatorKey, startSimulator } from './lib/simulator.mjs';
import { errorText, main, step, UserError } from './lib/steps.mjs';

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

/** @returns {{ once: boolean, yes: boolean, help: boolean, port: number, simulatorPort: number, filesPort: number, userFolder: string }} */
function readOptions() {
	const text = { type: /** @type {const} */ ('string') };
	const flag = { type: /** @type {const} */ ('boolean'), default: false };
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

/**
 * @param {string} flag
 * @param {string} value
 */
function portNumber(flag, value) {
	const port = Number(value);
	if (Number.isInteger(port) && port > 0 && port < 65536) return port;
	throw new UserError(`${flag} takes a port number from 1 to 65535, not "${value}".`);
}

/**
 * @param {N8nApi} api
 * @param {import('./lib/n8nApi.mjs').StoredWorkflow} workflow
 * @param {string} userFolder
 */
async function showOneRun(api, workflow, userFolder) {
	const item = await step(`Running the workflow "${workflow.name}"`, () =>
		runExample(api, workflow),
	);
	const video = await saveVideo(api, item, join(userFolder, 'output'));
	if (!realAccount()) {
		console.log(
			'\nThis was the simulator: a sample video, and nothing was paid, whatever `usage` says. Put [fail] or [slow] into the prompt to see more; npm run simulator -- --help lists all words.',
		);
	}
	console.log(`\nThe finished item:\n${JSON.stringify(item.json, null, 2)}`);
	console.log(`\nVideo:   ${video.path} (${video.bytes} bytes)`);
}

await main(async () => {
	const options = readOptions();
	if (options.help) {
		console.log(HELP);
		return;
	}

	const account = realAccount();
	if (!account && process.env.RUNNINGHUB_SITE) {
		console.log('RUNNINGHUB_SITE is set but RUNNINGHUB_API_KEY is not: using the simulator.');
	}
	const mayRun = !account || (await mayCostMoney(account.host, options.yes));
	if (options.once && !mayRun) return 1;

	await requireFreePort(options.port, 'n8n', '--port');
	if (!account) {
		await requireFreePort(options.simulatorPort, 'the simulator', '--simulator-port');
		await requireFreePort(options.filesPort, "the simulator's files", '--files-port');
	}

	let settled = false;
	onInterruption(stopServices, () => (settled ? 0 : 130));
	try {
		await installDependencies(projectFolder);
		const install = await installedN8n();
		await buildProject();

		const { userFolder } = options;
		await mkdir(userFolder, { recursive: true });
		await step('Installing the package into n8n', async () => {
			const packed = await packProject(projectFolder, join(userFolder, 'package'));
			await installCommunityPackage(packed.file, userFolder);
		});

		const data = account
			? { site: account.site, apiKey: account.apiKey }
			: await step('Starting the simulator', async () => {
					const simulator = await startSimulator({
						port: options.simulatorPort,
						filesPort: options.filesPort,
						logFile: join(userFolder, 'simulator.log'),
					});
					return { site: 'custom', baseUrl: simulator.url, apiKey: await simulatorKey() };
				});

		const n8n = await step('Starting n8n (about 10 seconds)', () =>
			startN8n({ install, userFolder, port: options.port }),
		);

		const api = new N8nApi(n8n.url);
		const login = await ownerLogin(userFolder);
		const workflow = await step(
			'Setting up the owner, the credential and the example',
			async () => {
				await api.signIn(login).catch((/** @type {Error} */ error) => {
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

		if (mayRun) {
			await showOneRun(api, workflow, userFolder).catch((error) => {
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
