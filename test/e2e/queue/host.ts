import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianPrograms } from '../../../scripts/lib/debianPackages';
import { installedN8n } from '../../../scripts/lib/n8n';
import { N8nApi } from '../../../scripts/lib/n8nApi';
import { installCommunityPackage, packProject } from '../../../scripts/lib/package';
import { type Postgres, POSTGRES, startPostgres } from '../../../scripts/lib/postgres';
import { type QueueMode, startQueueMode } from '../../../scripts/lib/queueMode';
import { REDIS, startRedis } from '../../../scripts/lib/redis';
import { afterServices, stopServices } from '../../../scripts/lib/services';
import { errorText, UserError } from '../../../scripts/lib/steps';
import { type Host, OWNER } from '../support/host';

/** n8n in queue mode with the packed package in all of its processes. There is one at a time. */
export interface QueueHost extends Host {
	n8n: QueueMode;
	postgres: Postgres;
}

export const WORKERS = 2;
export const CONCURRENCY = 5;

export interface QueueServers {
	redis: string;
	initdb: string;
}

/**
 * The programs that it needs beside n8n; what is missing is installed.
 * @throws UserError where that is not possible
 */
export function queueServers(): QueueServers {
	try {
		const [redis = '', initdb = ''] = debianPrograms([REDIS, POSTGRES]);
		return { redis, initdb };
	} catch (error) {
		throw new UserError(`queue mode needs Redis and PostgreSQL: ${errorText(error)}`);
	}
}

export interface QueueHostSettings {
	workers?: number;
	/** Executions that a worker runs at one time. */
	concurrency?: number;
}

/**
 * After a start that failed half-way, `stopServices` ends what there is.
 * @param env settings of all of n8n's processes
 */
export async function startQueueHost(
	env: NodeJS.ProcessEnv = {},
	{ workers = WORKERS, concurrency = CONCURRENCY }: QueueHostSettings = {},
): Promise<QueueHost> {
	const programs = queueServers();
	const folder = await mkdtemp(join(tmpdir(), 'runninghub-queue-'));
	afterServices(() => rm(folder, { recursive: true, force: true }));
	const redis = await startRedis(programs.redis);
	afterServices(redis.stop);
	const postgres = await startPostgres(programs.initdb);
	afterServices(postgres.stop);

	const install = await installedN8n();
	const { file } = await packProject(folder);
	const n8n = await startQueueMode({
		install,
		folder,
		installPackages: async (userFolder) => await installCommunityPackage(file, userFolder),
		redis,
		postgres,
		workers,
		concurrency,
		env,
	});
	const api = new N8nApi(n8n.url);
	await api.signIn(OWNER);
	const { webhookUrl, kill, stop, startAgain, log } = n8n;
	return {
		n8n,
		postgres,
		api,
		url: webhookUrl,
		folder,
		kill,
		shutDown: stop,
		log,
		startAgain,
		end: stopServices,
	};
}
