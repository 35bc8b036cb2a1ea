import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { modulesThatCallHome } from './n8n.mjs';
import { startN8n } from './n8nProcess.mjs';
import { freePort } from './ports.mjs';
import { startService } from './services.mjs';
import { UserError } from './steps.mjs';

/**
 * @typedef {object} QueueOptions
 * @property {import('./n8n.mjs').N8nInstall} install
 * @property {string} folder where all processes keep what they store
 * @property {(userFolder: string) => Promise<void>} installPackages into the user folder of the main process
 * @property {import('./redis.mjs').Redis} redis
 * @property {import('./postgres.mjs').Postgres} postgres
 * @property {number} workers
 * @property {number} concurrency executions that a worker runs at one time
 * @property {NodeJS.ProcessEnv} [workerEnv] more for the workers' environment
 */

/**
 * @typedef {object} Worker
 * @property {number} pid
 * @property {string} logFile
 * @property {() => Promise<number>} memory in bytes, without its code runner, which is a process of its own
 * @property {() => Promise<void>} kill at once, as a power cut would
 */

/**
 * @typedef {object} QueueMode n8n as it is run for many executions; ended by `stopServices`
 * @property {string} url of the main process: the editor and its API
 * @property {string} webhookUrl of the process that takes the webhooks
 * @property {Worker[]} workers those that were started, killed ones too
 * @property {() => Promise<Worker>} startWorker one more
 */

/**
 * Starts n8n in queue mode: a main process that runs no workflow, a webhook process and workers.
 *
 * @param {QueueOptions} options
 * @returns {Promise<QueueMode>}
 */
export async function startQueueMode(options) {
	const { install, folder, installPackages, redis, postgres, concurrency } = options;
	const webhookPort = await freePort();
	const webhookUrl = `http://127.0.0.1:${webhookPort}`;
	const shared = {
		...postgres.env,
		// With n8n's default of 2 a burst of callbacks starves the webhook process, and n8n loses resumes.
		DB_POSTGRESDB_POOL_SIZE: '10',
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('base64'),
		// The workers make the addresses for callbacks, so they need it as well.
		WEBHOOK_URL: webhookUrl,
	};

	const mainFolder = join(folder, 'main');
	await installPackages(mainFolder);
	const main = await startN8n({
		install,
		userFolder: mainFolder,
		port: await freePort(),
		env: { ...shared, N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true' },
	});

	/**
	 * @param {string} name
	 * @param {string[]} args n8n's command
	 * @param {number} port where it answers
	 * @param {NodeJS.ProcessEnv} env
	 */
	const start = async (name, args, port, env) => {
		// A folder for each, as on a machine of its own.
		const userFolder = join(folder, name);
		const nodes = join('.n8n', 'nodes');
		await mkdir(join(userFolder, '.n8n'), { recursive: true });
		await cp(join(mainFolder, nodes), join(userFolder, nodes), { recursive: true });
		const logFile = join(userFolder, 'n8n.log');
		const service = startService({
			node: install.node,
			args: [install.script, ...args],
			cwd: userFolder,
			env: { ...(await plainEnv(install, userFolder)), ...shared, ...env },
			logFile,
		});
		await untilReady(name, `http://127.0.0.1:${port}`, service, logFile);
		return { ...service, logFile };
	};

	/** @type {Worker[]} */
	const workers = [];
	let names = 0;
	const startWorker = async () => {
		names += 1;
		const name = `worker-${names}`;
		const port = await freePort();
		const { pid, logFile, kill } = await start(
			name,
			['worker', `--concurrency=${concurrency}`],
			port,
			{
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: String(port),
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
				...options.workerEnv,
			},
		);
		const worker = { pid, logFile, kill, memory: async () => await memoryOf(pid) };
		workers.push(worker);
		return worker;
	};
	const startWebhooks = async () =>
		await start('webhook', ['webhook'], webhookPort, {
			N8N_PORT: String(webhookPort),
			N8N_LISTEN_ADDRESS: '127.0.0.1',
		});
	const starts = [startWebhooks(), ...Array.from({ length: options.workers }, startWorker)];
	// All of them, so that nothing starts any more when this has failed.
	for (const start of await Promise.allSettled(starts)) {
		if (start.status === 'rejected') throw start.reason;
	}
	return { url: main.url, webhookUrl, workers, startWorker };
}

/**
 * This process's environment without what would change n8n's behaviour, and nothing that calls home.
 *
 * @param {import('./n8n.mjs').N8nInstall} install
 * @param {string} userFolder
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function plainEnv(install, userFolder) {
	const foreign =
		/^(N8N|DB|EXECUTIONS|QUEUE|CREDENTIALS|NODES|WEBHOOK|RUNNINGHUB|npm)_|^(PORT|NODE_OPTIONS|JEST_WORKER_ID|CI)$/;
	const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
	return {
		...Object.fromEntries(inherited),
		NO_PROXY: 'localhost,127.0.0.1',
		no_proxy: 'localhost,127.0.0.1',
		N8N_USER_FOLDER: userFolder,
		// Each n8n on a machine needs its own port for its code runner.
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_DISABLED_MODULES: await modulesThatCallHome(install),
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		NODE_ENV: 'production',
	};
}

/**
 * @param {string} name
 * @param {string} url
 * @param {import('./services.mjs').Service} service
 * @param {string} logFile
 */
async function untilReady(name, url, service, logFile) {
	const deadline = Date.now() + 120_000;
	while (!(await isReady(url))) {
		if (service.isRunning() && Date.now() < deadline) {
			await sleep(100);
			continue;
		}
		await service.kill();
		const log = (await readFile(logFile, 'utf8')).trim().split('\n');
		throw new UserError(`n8n's ${name} did not start; its last words: ${log.slice(-3).join(' ')}`);
	}
}

/** @param {string} url */
async function isReady(url) {
	return await fetch(`${url}/healthz/readiness`, { signal: AbortSignal.timeout(5000) }).then(
		async (response) => {
			await response.arrayBuffer();
			return response.ok;
		},
		() => false,
	);
}

/**
 * What the process itself holds, without the files that it has mapped.
 *
 * @param {number} pid
 */
async function memoryOf(pid) {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
