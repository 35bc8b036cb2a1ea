import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type N8nInstall, modulesThatCallHome } from './n8n';
import { freePort } from './ports';
import { answers, failedStart, type Service, startNode, untilReady } from './services';

export interface N8nOptions {
	install: N8nInstall;
	/** Where n8n keeps everything it stores. */
	userFolder: string;
	port: number;
	/** n8n's command; `start` if not given. */
	command?: readonly string[];
	/** Settings beyond those below. */
	env?: NodeJS.ProcessEnv;
	/** How long a start may take. */
	startSeconds?: number;
}

export interface N8nProcess extends Service {
	url: string;
}

/** Starts n8n and waits until it answers. Started again on the same folder it goes on where it was. */
export async function startN8n(options: N8nOptions): Promise<N8nProcess> {
	const { install, userFolder, port, command = ['start'], env, startSeconds = 120 } = options;
	const url = `http://127.0.0.1:${port}`;
	const logFile = join(userFolder, 'n8n.log');
	const logBefore = (await stat(logFile).catch(() => undefined))?.size ?? 0;
	const service = startNode(install.node, [install.script, ...command], {
		cwd: userFolder,
		env: { ...inheritedEnv(), ...(await settings(options)), ...env },
		logFile,
	});
	// Only the main process has the editor's API; its database is ready before its routes are.
	const isReady = async () =>
		(await answers(`${url}/healthz/readiness`)) &&
		(command[0] !== 'start' || (await answers(`${url}/rest/settings`, isJson)));
	const name = command[0] === 'start' ? 'n8n' : `n8n's ${command[0]}`;
	await untilReady(name, service, isReady, startSeconds);
	const problem = await packageNotLoaded(logFile, logBefore);
	if (problem !== undefined) throw await failedStart(name, service, problem);
	return { ...service, url };
}

const isJson = ({ ok, headers }: Response): boolean =>
	ok && headers.get('content-type')?.includes('json') === true;

/** On this machine only, with nothing that calls home. */
async function settings({ install, userFolder, port }: N8nOptions): Promise<NodeJS.ProcessEnv> {
	return {
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false',
		// Each n8n on a machine needs its own port for its code runner.
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_DISABLED_MODULES: modulesThatCallHome(install),
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		NODE_ENV: 'production',
	};
}

/** This process's environment without what would change n8n's behaviour or show it the user's key. */
function inheritedEnv(): NodeJS.ProcessEnv {
	const foreign =
		/^(N8N|DB|EXECUTIONS|QUEUE|CREDENTIALS|NODES|WEBHOOK|RUNNINGHUB|npm)_|^(PORT|NODE_OPTIONS|NODE_ENV|JEST_WORKER_ID|CI)$/;
	const env = Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !foreign.test(name)),
	);
	const noProxy = [env.NO_PROXY ?? env.no_proxy, 'localhost', '127.0.0.1']
		.filter(Boolean)
		.join(',');
	return { ...env, NO_PROXY: noProxy, no_proxy: noProxy };
}

/** n8n goes on without a package that it cannot load, which then shows in places far from here. */
async function packageNotLoaded(logFile: string, from: number): Promise<string | undefined> {
	const log = (await readFile(logFile)).subarray(from).toString();
	const [, name, reason] = /Failed to load package "(.+)"\n(.*)/.exec(log) ?? [];
	return name && `it could not load ${name} (${reason})`;
}
