import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { modulesThatCallHome } from './n8n.mjs';
import { freePort } from './ports.mjs';
import { startService } from './services.mjs';
import { UserError } from './steps.mjs';

/**
 * @typedef {object} N8nOptions
 * @property {import('./n8n.mjs').N8nInstall} install
 * @property {string} userFolder where n8n keeps everything it stores
 * @property {number} port
 * @property {NodeJS.ProcessEnv} [env] settings beyond those below
 * @property {number} [startSeconds] how long a start may take
 */

/**
 * @typedef {object} N8nProcess
 * @property {string} url
 * @property {string} logFile
 * @property {number} pid
 * @property {Promise<string>} ended
 * @property {() => Promise<void>} stop
 * @property {() => Promise<void>} kill
 */

/**
 * Starts n8n and waits until it answers. Started again on the same folder it goes on where it was.
 *
 * @param {N8nOptions} options
 * @returns {Promise<N8nProcess>}
 */
export async function startN8n({ install, userFolder, port, env = {}, startSeconds = 120 }) {
	const url = `http://127.0.0.1:${port}`;
	const logFile = join(userFolder, 'n8n.log');
	const logBefore = await sizeOf(logFile);
	const service = startService({
		node: install.node,
		args: [install.script, 'start'],
		cwd: userFolder,
		env: { ...inheritedEnv(), ...(await settings(install, userFolder, port)), ...env },
		logFile,
	});
	try {
		await untilHealthy(url, service, startSeconds);
		await requireLoadedPackages(logFile, logBefore);
	} catch (error) {
		await service.kill();
		throw new UserError(
			`n8n did not start: ${/** @type {Error} */ (error).message}. ${await lastError(logFile)}The whole log is in ${logFile}.`,
		);
	}
	const { pid, ended, stop, kill } = service;
	return { url, logFile, pid, ended, stop, kill };
}

/**
 * On this machine only, with nothing that calls home.
 *
 * @param {import('./n8n.mjs').N8nInstall} install
 * @param {string} userFolder
 * @param {number} port
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function settings(install, userFolder, port) {
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
		N8N_DISABLED_MODULES: await modulesThatCallHome(install),
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		NODE_ENV: 'production',
	};
}

/** This process's environment without what would change n8n's behaviour or show it the user's key. */
function inheritedEnv() {
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

/**
 * @param {string} url
 * @param {import('./services.mjs').Service} service
 * @param {number} seconds
 */
async function untilHealthy(url, service, seconds) {
	const deadline = Date.now() + seconds * 1000;
	while (service.isRunning()) {
		if (Date.now() > deadline) throw new Error(`it gave no answer within ${seconds} s`);
		// The database is ready before the routes are.
		if ((await answers(`${url}/healthz/readiness`)) && (await answers(`${url}/rest/settings`)))
			return;
		await sleep(100);
	}
	throw new Error(`it ended with ${await service.ended}`);
}

/** @param {string} url */
async function answers(url) {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
		await response.arrayBuffer();
		return response.ok && response.headers.get('content-type')?.includes('json') === true;
	} catch {
		return false;
	}
}

/**
 * n8n goes on without a package that it cannot load, which then shows in places far from here.
 *
 * @param {string} logFile
 * @param {number} from
 */
async function requireLoadedPackages(logFile, from) {
	const log = (await readFile(logFile)).subarray(from).toString();
	const [, name, reason] = /Failed to load package "(.+)"\n(.*)/.exec(log) ?? [];
	if (name) throw new Error(`it could not load ${name} (${reason})`);
}

/** @param {string} file */
async function sizeOf(file) {
	return await stat(file).then(
		({ size }) => size,
		() => 0,
	);
}

/** @param {string} logFile */
async function lastError(logFile) {
	const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n');
	const line = lines.findLast((text) => /error/i.test(text));
	return line ? `Its log says: ${line.trim().slice(0, 300)}. ` : '';
}
