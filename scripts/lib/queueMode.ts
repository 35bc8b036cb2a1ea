import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anonymousBytes } from './memory';
import type { N8nInstall } from './n8n';
import { startN8n } from './n8nProcess';
import { freePort } from './ports';
import type { Postgres } from './postgres';
import type { Redis } from './redis';
import type { Service } from './services';

export interface QueueOptions {
	install: N8nInstall;
	/** Where all processes keep what they store. */
	folder: string;
	/** Into the user folder of the main process. */
	installPackages(userFolder: string): Promise<void>;
	redis: Redis;
	postgres: Postgres;
	workers: number;
	/** Executions that a worker runs at one time. */
	concurrency: number;
	/** More for the environment of all processes. */
	env?: NodeJS.ProcessEnv;
}

export interface Worker {
	pid: number;
	logFile: string;
	/** Memory in bytes, without its code runner, which is a process of its own. */
	memory(): Promise<number>;
	/** At once, as a power cut would. */
	kill(): Promise<void>;
}

/** n8n as it is run for many executions; ended by `stopServices`. */
export interface QueueMode {
	/** Of the main process: the editor and its API. */
	url: string;
	/** Of the process that takes the webhooks. */
	webhookUrl: string;
	/** Those that were started, ended ones too. */
	workers: Worker[];
	/** One more. */
	startWorker(): Promise<Worker>;
	/** Ends all processes at once, as a power cut would; Redis and PostgreSQL go on. */
	kill(): Promise<void>;
	/** Asks all processes to end, as an update does. */
	stop(): Promise<void>;
	/** After {@link kill} or {@link stop}: those that there were at first, on the same data and at the same addresses. */
	startAgain(): Promise<void>;
	/** What all processes have logged since the first start. */
	log(): Promise<string>;
}

/** Starts n8n in queue mode: a main process that runs no workflow, a webhook process and workers. */
export async function startQueueMode(options: QueueOptions): Promise<QueueMode> {
	const { install, folder, installPackages, redis, postgres, concurrency } = options;
	const mainPort = await freePort();
	const webhookPort = await freePort();
	// As n8n itself names this machine in addresses, where it is not told another name.
	const webhookUrl = `http://localhost:${webhookPort}`;
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
		...options.env,
	};
	const running = new Set<Service>();
	const logFiles = new Set<string>();
	const keep = <T extends Service>(service: T): T => {
		running.add(service);
		logFiles.add(service.logFile);
		void service.ended.then(() => running.delete(service));
		return service;
	};

	const mainFolder = join(folder, 'main');
	await installPackages(mainFolder);
	const startMain = async () =>
		keep(
			await startN8n({
				install,
				userFolder: mainFolder,
				port: mainPort,
				env: { ...shared, N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true' },
			}),
		);
	const start = async (name: string, command: string[], port: number, env?: NodeJS.ProcessEnv) => {
		// A folder for each, as on a machine of its own; one that is started again has it already.
		const userFolder = join(folder, name);
		const nodes = join('.n8n', 'nodes');
		await mkdir(join(userFolder, '.n8n'), { recursive: true });
		await cp(join(mainFolder, nodes), join(userFolder, nodes), { recursive: true });
		return keep(await startN8n({ install, userFolder, port, command, env: { ...shared, ...env } }));
	};

	const workers: Worker[] = [];
	const startWorker = async (name: string) => {
		const port = await freePort();
		const command = ['worker', `--concurrency=${concurrency}`];
		const { pid, logFile, kill } = await start(name, command, port, {
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		});
		const worker = { pid, logFile, kill, memory: async () => anonymousBytes(pid) };
		workers.push(worker);
		return worker;
	};
	let workersNamed = 0;
	const newName = () => {
		workersNamed += 1;
		return `worker-${workersNamed}`;
	};
	const firstWorkers = Array.from({ length: options.workers }, newName);

	const startAll = async () => {
		// The main process first: it prepares the database.
		const { url } = await startMain();
		const startWebhooks = async () => await start('webhook', ['webhook'], webhookPort);
		const starts = [startWebhooks(), ...firstWorkers.map(startWorker)];
		// All of them, so that nothing starts any more when this has failed.
		for (const start of await Promise.allSettled(starts)) {
			if (start.status === 'rejected') throw start.reason;
		}
		return url;
	};
	const url = await startAll();
	return {
		url,
		webhookUrl,
		workers,
		startWorker: async () => await startWorker(newName()),
		kill: async () => {
			await Promise.all([...running].map(async ({ kill }) => await kill()));
		},
		stop: async () => {
			await Promise.all([...running].map(async ({ stop }) => await stop()));
		},
		startAgain: async () => {
			await startAll();
		},
		log: async () => {
			const logs = [...logFiles].map(async (file) => await readFile(file, 'utf8'));
			return (await Promise.all(logs)).join('\n');
		},
	};
}
